"""Read a line of handwriting: amounts, numbers, dates and account numbers, in one CTC pass."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine import ctc
from recognition.engine.amount import parse_amount
from recognition.engine.backends.protocol import InferenceSession
from recognition.engine.confidence import Evidence, InkOpinion, calibrated
from recognition.engine.digits import DigitReader
from recognition.engine.field_crop import writing_of
from recognition.engine.lattice import Opinion
from recognition.engine.line import HEIGHT, STRIDE, percentiles, to_line
from recognition.engine.line_recogniser import LineRecogniser
from recognition.engine.second_opinion import SecondOpinion, Share
from recognition.engine.shape import moved
from recognition.engine.third_opinion import ThirdOpinion
from recognition.engine.types import Box, Candidate, Character, FieldName, FieldReading

_BEAM = 8
_VOTE_FLOOR = 5e-3  # what one view holds for less likely gets no vote
_LISTED = 4
_WORTH_NAMING = 1e-3
_LEGIBLE = 0.5
"""Least probability a digit, geometric mean. Half of all scribbles and words have less than 0.41;
the least of the right readings of 200 real amounts had 0.57."""

_CLOSED = re.compile(r"/[^0-9]*$")  # a stroke after the last digit

_MIDDLE = HEIGHT / 2
_VIEWS = np.array(
    [
        [[1, 0, 0], [0, 1, 0]],
        [[1, -0.18, 0.18 * _MIDDLE], [0, 1, 0]],
        [[1, 0.18, -0.18 * _MIDDLE], [0, 1, 0]],
        [[1, 0, 0], [0, 1.12, -0.12 * _MIDDLE]],
        [[0.87, 0, 0], [0, 1, 0]],
    ],
    np.float32,
)
"""The views that vote, the first as it is: leant left and right, taller, narrower."""


class Grammar(StrEnum):
    """What a field may hold."""

    AMOUNT = "amount"
    NUMBER = "number"
    ACCOUNT = "account"
    DATE = "date"


_LENGTHS = {Grammar.ACCOUNT: (6, 18), Grammar.DATE: (8, 8)}


@dataclass(frozen=True, slots=True)
class StringReading:
    """What a crop holds; boxes are in pixels of the crop. ``value`` ``None``: nothing to read.

    An amount's value is a plain decimal string, a date's its eight digits DDMMYYYY, all others
    digits. ``raw_text`` has the marks as well, over ``ctc.ALPHABET``.
    """

    value: str | None
    raw_text: str
    confidence: float
    characters: tuple[Character, ...] = ()
    alternatives: tuple[Candidate, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: Evidence | None = None

    def as_field(
        self, name: FieldName, accept_at: float, *, box: Box | None = None
    ) -> FieldReading:
        """Return the reading as a field whose crop, unscaled, lies at ``box``."""
        x, y = (box.x, box.y) if box else (0, 0)
        characters = tuple(_moved(character, x, y) for character in self.characters)
        accepted = self.value is not None and self.confidence >= accept_at
        return FieldReading(
            name, self.value, self.raw_text, self.confidence, accepted, box, characters,
            self.alternatives, self.notes,
        )  # fmt: skip


class StringReader:
    """Reads crops with the string network. Not thread-safe: one a process.

    With ``digits``, the digit network gives a second opinion on all but dates, whose boxes it reads
    elsewhere. ``views`` says how many ways of looking at a line vote.
    """

    def __init__(
        self,
        session: InferenceSession,
        digits: DigitReader | None = None,
        *,
        views: int = len(_VIEWS),
    ) -> None:
        self._session = session
        self._digits = digits
        self._changes = _VIEWS[:views]

    def frames(self, grey: NDArray[np.uint8]) -> ctc.Frames:
        """Return what the network sees in each view of a line: (views, frames, symbols + 1)."""
        line = to_line(grey)
        width = -line.shape[1] % 32 + line.shape[1]
        views = np.zeros((len(self._changes), HEIGHT, width, 1), np.float32)
        size = (line.shape[1], HEIGHT)
        views[0, :, : line.shape[1], 0] = line
        for view, change in zip(views[1:], self._changes[1:], strict=True):
            # Beyond the crop there is paper, 0, as beyond the line in the network's input.
            view[:, : line.shape[1], 0] = cv2.warpAffine(line, change, size)
        return ctc.softmax(self._session.run(views))

    def read_once(self, grey: NDArray[np.uint8]) -> tuple[str, float]:
        """Return the digits of the best path of a single pass, and the product of their scores."""
        line = to_line(grey)
        frames = ctc.digits_only(ctc.softmax(self._session.run(line[None, :, :, None])[0]))
        digits = _best_path(frames, ctc.DIGITS)
        return digits, float(np.prod([p for _, p in _peaks(frames, digits)]))

    def read(
        self,
        grey: NDArray[np.uint8],
        grammar: Grammar,
        recogniser: LineRecogniser | None = None,
    ) -> StringReading:
        """Read one field's crop, (height, width) of at least 8 x 8 pixels, 0 = black.

        The crop should hold one line and little else: the inside of an amount box (with or without
        its printed currency sign), a date comb with its frame and dividers left in, or a bare line
        with up to half its height of paper above and below. A looser crop is narrowed to the
        printed frame in it, where it shows one. Any resolution from about 15 pixels of digit
        height; nothing is to be binarised or cleaned before. With ``recogniser`` a third reader
        is heard as well, but for dates, whose printed combs it does not know.
        """
        part = writing_of(grey, grammar is Grammar.DATE)
        crop = grey[part.y : part.y + part.height, part.x : part.x + part.width]
        views = self.frames(crop)
        digit_views = ctc.digits_only(views)
        ranked = sorted(_vote(digit_views).items(), key=lambda item: -item[1])
        allowed = [item for item in ranked if _fits(item[0], grammar)]
        refused = _refused(ranked, allowed, grammar)
        if refused is not None:
            return refused
        second, third = None, None
        if self._digits is not None and grammar is not Grammar.DATE:
            second = SecondOpinion(crop, digit_views[0], self._digits)
            allowed = second.weighed(allowed)
        is_legible = second is None or second.is_legible(*allowed[0])
        if is_legible and recogniser is not None and grammar is not Grammar.DATE:
            has_stroke = _CLOSED.search(_best_path(views[0], ctc.ALPHABET)) is not None
            third = ThirdOpinion(crop, recogniser, ends_in_stroke=has_stroke)
            allowed = [item for item in third.joined(allowed) if _fits(item[0], grammar)]
            is_legible = not third.is_words
        if not is_legible:
            return _illegible(ranked[0][0], allowed, grammar)
        unfit = [item for item in ranked if not _fits(item[0], grammar)]
        return self._reading(
            (views[0], digit_views), (allowed, unfit), grammar, part, crop, (second, third)
        )

    @staticmethod
    def _reading(
        views: tuple[ctc.Frames, ctc.Frames],
        ranked: tuple[list[Share], list[Share]],
        grammar: Grammar,
        part: Box,
        crop: NDArray[np.uint8],
        others: tuple[SecondOpinion | None, ThirdOpinion | None],
    ) -> StringReading:
        with_marks, digit_views = views
        allowed, unfit = ranked
        second, third = others
        digits, share = allowed[0]
        notes = []
        if unfit and unfit[0][1] > share:
            notes.append(f"read_as_{unfit[0][0]}_but_made_to_fit")
        raw = _raw_text(with_marks, digits)
        value: str | None = digits
        if grammar is Grammar.AMOUNT:
            amount = parse_amount(raw) or parse_amount(digits)
            value = amount.value if amount else None
            notes.extend(amount.notes if amount else ("no_amount",))
        opinion = second.opinion(digits) if second else None
        peaks = second.peaks(digits) if second else _peaks(digit_views[0], digits)
        characters = _characters(digit_views[0], digits, peaks)
        evidence = Evidence(
            share=share,
            rival=max((p for _, p in [*allowed[1:2], *unfit[:1]]), default=0.0),
            weakest=min((c.confidence for c in characters), default=0.0),
            agreeing=sum(_best_path(view, ctc.DIGITS) == digits for view in digit_views)
            / len(digit_views),
            length=len(digits),
            changed=len(notes),
            opinion=_summary(opinion),
            heard=third.heard(digits) if third else None,
        )
        if second and opinion and characters:
            characters = second.placed(characters, opinion, part.x, part.y)
            if not opinion.agrees:
                notes.append("two_readers_differ")
        else:
            characters = _placed(characters, peaks, part, crop)
        if evidence.heard and not evidence.heard.agrees:
            notes.append("third_reader_differs")
        return StringReading(
            value,
            raw,
            calibrated(evidence),
            characters,
            _candidates(allowed[1:], grammar),
            tuple(notes),
            evidence,
        )


def _moved(character: Character, x: int, y: int) -> Character:
    """Return a character of a crop that lies at (x, y) as one of the whole image."""
    box, shape = character.box, character.shape
    return replace(
        character,
        box=Box(box.x + x, box.y + y, box.width, box.height) if box else None,
        shape=moved(shape, x, y) if shape else None,
    )


def _summary(opinion: Opinion | None) -> InkOpinion | None:
    if opinion is None:
        return None
    return InkOpinion(opinion.weakest, opinion.leftover, agrees=opinion.agrees)


def _vote(views: Iterable[ctc.Frames]) -> dict[str, float]:
    """Return the probability of each string of digits, the mean over the views."""
    shares: dict[str, float] = {}
    count = 0
    for view in views:
        count += 1
        seen = ctc.beam_search(view, ctc.DIGITS, width=_BEAM, floor=_VOTE_FLOOR)
        for hypothesis in seen:
            shares[hypothesis.text] = shares.get(hypothesis.text, 0.0) + hypothesis.probability
    return {text: share / count for text, share in shares.items()}


def _refused(ranked: list[Share], allowed: list[Share], grammar: Grammar) -> StringReading | None:
    """Return why nothing is read, if so; ``ranked`` are all texts, ``allowed`` those that fit."""
    best, most = ranked[0] if ranked else ("", 0.0)
    if not best:
        return StringReading(None, "", min(1.0, most), notes=("nothing_to_read",))
    if most < _LEGIBLE ** len(best):
        return _illegible(best, allowed, grammar)
    if not allowed:
        return StringReading(None, best, 0.0, notes=("does_not_fit_the_field",))
    return None


def _best_path(view: ctc.Frames, alphabet: str) -> str:
    """Return the text of the best path; the frames' last column is the blank."""
    path = view.argmax(axis=1)
    kept = path[np.concatenate([[True], path[1:] != path[:-1]])]
    return "".join(alphabet[symbol] for symbol in kept if symbol < len(alphabet))


def _raw_text(view: ctc.Frames, digits: str) -> str:
    """Return a likely text with marks whose digits are these: the best path's, or the likeliest."""
    text = _best_path(view, ctc.ALPHABET)
    if _digits_of(text) == digits:
        return text
    for hypothesis in ctc.beam_search(view, ctc.ALPHABET, width=_BEAM):
        if _digits_of(hypothesis.text) == digits:
            return hypothesis.text
    return digits


def _digits_of(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _fits(digits: str, grammar: Grammar) -> bool:
    low, high = _LENGTHS.get(grammar, (1, 18))
    if not low <= len(digits) <= high:
        return False
    if grammar is Grammar.DATE:
        return 1 <= int(digits[:2]) <= 31 and 1 <= int(digits[2:4]) <= 12  # noqa: PLR2004
    return True


def _illegible(best: str, allowed: list[Share], grammar: Grammar) -> StringReading:
    """Return no value, but what an amount may be: its words, or a person, can choose from that.

    What should be a number is as often a scribble, which may be nothing.
    """
    candidates = _candidates(allowed, grammar) if grammar is Grammar.AMOUNT else ()
    return StringReading(None, best, 0.0, alternatives=candidates, notes=("illegible",))


def _candidates(ranked: list[Share], grammar: Grammar) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(_valued(text, grammar), round(min(p, 1.0), 4)) for text, p in ranked[:_LISTED]
    )


def _valued(digits: str, grammar: Grammar) -> str:
    amount = parse_amount(digits) if grammar is Grammar.AMOUNT else None
    return amount.value if amount else digits


def _peaks(frames: ctc.Frames, digits: str) -> list[ctc.Peak]:
    return ctc.align(frames, [int(digit) for digit in digits])


def _characters(
    frames: ctc.Frames, digits: str, peaks: Sequence[ctc.Peak]
) -> tuple[Character, ...]:
    """Return each digit with what else may stand at its peak; none where it has no peak."""
    if len(peaks) != len(digits):
        return ()
    characters = []
    for digit, (step, p) in zip(digits, peaks, strict=True):
        others = sorted(
            ((q, str(i)) for i, q in enumerate(frames[step, :10].tolist()) if str(i) != digit),
            reverse=True,
        )
        candidates = tuple(
            Candidate(value, round(q, 4)) for q, value in others[:3] if q > _WORTH_NAMING
        )
        characters.append(Character(digit, float(p), candidates))
    return tuple(characters)


def _placed(
    characters: tuple[Character, ...],
    peaks: Sequence[ctc.Peak],
    part: Box,
    crop: NDArray[np.uint8],
) -> tuple[Character, ...]:
    """Return digits with their places: between the middles to their neighbours, cut to the ink."""
    if not characters:
        return ()
    scale = crop.shape[0] / HEIGHT
    centres = [(step + 0.5) * STRIDE * scale for step, _ in peaks]
    middles = [(a + b) / 2 for a, b in pairwise(centres)]
    reach = 0.6 * crop.shape[0]
    starts = [max(0.0, centres[0] - reach), *middles]
    ends = [*middles, min(float(crop.shape[1]), centres[-1] + reach)]
    dark = crop < sum(percentiles(crop, 2, 75)) / 2
    boxes = [
        _inked(dark, int(start), max(int(start) + 1, int(end)))
        for start, end in zip(starts, ends, strict=True)
    ]
    return tuple(
        replace(each, box=Box(box.x + part.x, box.y + part.y, box.width, box.height))
        for each, box in zip(characters, boxes, strict=True)
    )


def _inked(dark: NDArray[np.bool_], start: int, end: int) -> Box:
    """Return the box of the ink in some columns; all of them where there is none."""
    columns = dark[:, start:end]
    across, down = np.flatnonzero(columns.any(axis=0)), np.flatnonzero(columns.any(axis=1))
    if not len(across):
        return Box(start, 0, end - start, dark.shape[0])
    width, height = int(across[-1] - across[0] + 1), int(down[-1] - down[0] + 1)
    return Box(start + int(across[0]), int(down[0]), width, height)
