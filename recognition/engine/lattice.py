"""A second opinion on a line: its ink is cut into pieces, and the digit network reads them.

The places where the string network saw symbols say which cuts may part them; each way to cut gives
a box a digit, and the digit network, which also knows what is no digit, says what is in it. So a
text is held against the ink by a reader that has learnt from single digits. Recognition-driven
segmentation as in LeCun et al. 1998, "Gradient-based learning applied to document recognition",
with the cuts of Oliveira et al. 2002, "Automatic Recognition of Handwritten Numerical Strings".
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.digits import NOT_A_DIGIT, DigitReader
from recognition.engine.glyphs import normalise_glyph
from recognition.engine.ink_line import LINE_HEIGHT, ink_line
from recognition.engine.shape import describe
from recognition.engine.types import Box, DigitShape

_LEAST_APART = 4  # columns between two cuts
_DEEPEST_CUT = 0.5 * LINE_HEIGHT  # ink in the column of a cut at the most
_OFF_CENTRE = 6.0  # rows of ink that a cut at a symbol's own centre costs more than one midway
_AS_GOOD = 1.5  # rows of ink: a second cut so near to the best is tried as well
_BEYOND = 0.9 * LINE_HEIGHT  # how far the first and last symbol reach outwards at the most
_LEAST_INK = 6  # pixels
_SPECK = 10  # pixels
_RULE = 5  # pixels: no thicker than a pen's stroke
_LEVEL, _UPRIGHT = 1.2 * LINE_HEIGHT, 0.9 * LINE_HEIGHT
_AT_END = 13  # columns from the end of the line
_OWN = 0.5  # of a piece's ink inside a box makes it the box's own,
_MUCH = 0.3  # and so does this share of the box's ink
_NO_DIGIT = np.eye(NOT_A_DIGIT + 1, dtype=np.float32)[NOT_A_DIGIT]
_SOFT_EDGE = np.ones((3, 3), np.uint8)

Span = tuple[int, int]  # the columns of a line where a box begins and ends

FLOOR = 0.02
"""Least probability that a digit is given: no single box may decide alone."""


@dataclass(frozen=True, slots=True)
class Place:
    """A digit that the string network saw, and the column of its centre in the crop."""

    x: float
    digit: int


@dataclass(frozen=True, slots=True, eq=False)
class Opinion:
    """What the ink says of one text.

    ``probability`` is (digits, 11), the digit network's word on each box; ``ink`` the share of all
    ink that belongs to each; ``spans`` the boxes' first and last columns in the lattice.
    """

    digits: tuple[int, ...]
    probability: NDArray[np.float32]
    ink: NDArray[np.float64]
    spans: tuple[Span, ...]

    @property
    def leftover(self) -> float:
        """The share of the ink that belongs to no box."""
        return max(0.0, 1 - float(self.ink.sum()))

    @property
    def support(self) -> float:
        """Mean log-probability of the digits, weighed by the ink that each explains.

        Ink that none explains has the ``FLOOR``. A sum over digits would favour fewer of them.
        """
        own = self.probability[np.arange(len(self.digits)), list(self.digits)]
        explained = float(self.ink @ np.log(np.maximum(own, FLOOR)))
        return explained + self.leftover * math.log(FLOOR)

    @property
    def weakest(self) -> float:
        """The least probability that one of the digits has in its box."""
        own = self.probability[np.arange(len(self.digits)), list(self.digits)]
        return float(own.min(initial=1.0))

    @property
    def agrees(self) -> bool:
        """Whether the digit network by itself reads the same in all boxes."""
        best = self.probability[:, :NOT_A_DIGIT].argmax(axis=1)
        return bool((best == self.digits).all())


class Lattice:
    """The cuts of one crop, and what the digit network says of the pieces between them."""

    def __init__(self, crop: NDArray[np.uint8], digits: DigitReader) -> None:
        self._line = ink_line(crop)
        self._digits = digits
        self._pieces, self._ink_before = _pieces(self._line.mask)
        paper = len(self._ink_before) - 1
        self._ink = np.where(self._pieces == paper, 0, self._line.ink).astype(np.uint8)
        self._cuts = _cuts(self._ink_before)
        self._read: dict[Span, NDArray[np.float32]] = {}
        self._own_ink: dict[Span, int] = {}

    def opinions(self, texts: Sequence[Sequence[Place]]) -> list[Opinion | None]:
        """Return an opinion on each text; ``None`` where its digits have no ink."""
        edges = [self._edges(places) for places in texts]
        wanted = {
            (start, end)
            for sides in edges
            for left, right in pairwise(sides)
            for start in left
            for end in right
        }
        self._classify(sorted(wanted - self._read.keys()))
        return [self._best_path(places, sides) for places, sides in zip(texts, edges, strict=True)]

    def boxes(
        self, opinion: Opinion, left: int = 0, top: int = 0
    ) -> list[tuple[Box, DigitShape | None]]:
        """Return where each digit of a text stands, and what it looks like, in the crop's pixels.

        ``left`` and ``top`` are where the crop lies in the image.
        """
        lifted = []
        for start, end in opinion.spans:
            ink, box = self._line.lift(self._ink_of(start, end), start)
            lifted.append((ink, Box(box.x + left, box.y + top, box.width, box.height)))
        baseline = float(np.median([box.y + box.height for _, box in lifted]))
        return [(box, describe(ink, box, baseline)) for ink, box in lifted]

    def _edges(self, places: Sequence[Place]) -> list[list[int]]:
        """Return the columns where each symbol may begin, and the last one end."""
        if not places:
            return []
        width = self._line.mask.shape[1]
        centres = [self._line.column(place.x) for place in places]
        inked = np.flatnonzero(np.diff(self._ink_before[-1]))
        first, last = (int(inked[0]), int(inked[-1]) + 1) if len(inked) else (0, width)
        starts = max(first, centres[0] - _BEYOND, 0.0)
        ends = min(last, centres[-1] + _BEYOND, float(width))
        return [
            self._outer(starts, centres[0], starts),
            *(self._between(a, b) for a, b in pairwise(centres)),
            self._outer(centres[-1], ends, ends),
        ]

    def _between(self, low: float, high: float) -> list[int]:
        """Return the best cut between two centres, and another if it is as good."""
        middle, gap = (low + high) / 2, max(high - low, 1.0)
        found = sorted(
            (cost + _OFF_CENTRE * abs(x - middle) / gap, x)
            for x, cost in self._cuts
            if low < x < high
        )
        if not found:
            return [round(middle)]
        return [x for cost, x in found[:2] if cost <= found[0][0] + _AS_GOOD]

    def _outer(self, low: float, high: float, edge: float) -> list[int]:
        """Return a gap of paper outside the first or last symbol, or else the line's end."""
        gaps = [x for x, cost in self._cuts if low < x < high and cost < 0]
        nearest = [(max if edge == low else min)(gaps)] if gaps else []
        return [round(edge), *nearest]

    def _classify(self, spans: Sequence[Span]) -> None:
        """Read what stands between pairs of cuts, in one batch."""
        inked = []
        for start, end in spans:
            ink = self._ink_of(start, end)
            if end > start and np.count_nonzero(ink > 127) >= _LEAST_INK:  # noqa: PLR2004 - half ink
                inked.append(((start, end), normalise_glyph(ink)))
        if not inked:
            return
        probability = self._digits.probabilities(np.stack([glyph for _, glyph in inked]))
        self._read |= {span: row for (span, _), row in zip(inked, probability, strict=True)}

    def _ink_of(self, start: int, end: int) -> NDArray[np.uint8]:
        """Return the ink between two columns, without what reaches in from its neighbours."""
        ink = self._ink[:, start : max(start + 1, end)]
        if end <= start:  # two digits seen at one place: the second has no ink of its own
            self._own_ink[start, end] = 0
            return np.zeros_like(ink)
        inside = self._ink_before[:, end] - self._ink_before[:, start]
        total = self._ink_before[:, -1]
        foreign = (inside > 0) & (inside < _OWN * total) & (inside < _MUCH * inside[-1])
        self._own_ink[start, end] = int(inside[-1] - inside[foreign].sum())
        if foreign.any():
            keep = np.where(foreign, 0, 255).astype(np.uint8)
            keep[-1] = 255
            return np.asarray(cv2.bitwise_and(ink, keep[self._pieces[:, start:end]]), np.uint8)
        return ink

    def _best_path(self, places: Sequence[Place], sides: Sequence[Sequence[int]]) -> Opinion | None:
        """Return the cuts under which a text's digits are likeliest, by dynamic programming."""
        if not places:
            return None
        paths: dict[int, tuple[float, tuple[Span, ...]]]
        paths = dict.fromkeys(sides[0], (0.0, ()))
        for place, ends in zip(places, sides[1:], strict=True):
            grown: dict[int, tuple[float, tuple[Span, ...]]] = {}
            for start, (score, spans) in paths.items():
                for end in ends:
                    row = self._read.get((start, end))
                    p = FLOOR if row is None else max(float(row[place.digit]), FLOOR)
                    # What the box leaves to its neighbours or to nobody is lost alike.
                    gain = (math.log(p) - math.log(FLOOR)) * self._share((start, end))
                    if end not in grown or score + gain > grown[end][0]:
                        grown[end] = (score + gain, (*spans, (start, end)))
            paths = grown
        _, spans = max(paths.values(), key=lambda path: path[0])
        return self._opinion(places, spans)

    def _opinion(self, places: Sequence[Place], spans: tuple[Span, ...]) -> Opinion | None:
        if not any(span in self._read for span in spans):
            return None
        rows = [self._read.get(span, _NO_DIGIT) for span in spans]
        ink = np.array([self._share(span) for span in spans])
        return Opinion(tuple(place.digit for place in places), np.stack(rows), ink, spans)

    def _share(self, span: Span) -> float:
        """Return how much of all ink belongs to what stands between two cuts."""
        return self._own_ink[span] / max(int(self._ink_before[-1, -1]), 1)


def _pieces(mask: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return which connected piece each pixel is of, and each piece's ink before each column.

    Paper, and pieces beyond the 250 largest, are row -1, which counts all ink that is no speck.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    area = stats[:, cv2.CC_STAT_AREA]
    kept = [
        i for i in np.argsort(-area[1:]) + 1 if area[i] >= _SPECK and not _is_rule(stats[i], mask)
    ][:250]
    number = np.full(count, len(kept), np.uint8)
    number[kept] = np.arange(len(kept))
    pieces = np.asarray(number[labels], np.uint8)
    columns = np.zeros((len(kept) + 1, mask.shape[1] + 1), np.int64)
    for row, label in enumerate(kept):
        x, width = stats[label, cv2.CC_STAT_LEFT], stats[label, cv2.CC_STAT_WIDTH]
        columns[row, x + 1 : x + width + 1] = (labels[:, x : x + width] == label).sum(axis=0)
    columns[-1] = columns[:-1].sum(axis=0)
    before = columns.cumsum(axis=1)
    # The soft edge of a stroke belongs to its piece.
    softened = cv2.erode(pieces, _SOFT_EDGE) if kept else pieces
    return np.asarray(softened, np.uint8), before


def _is_rule(stats: NDArray[np.int32], mask: NDArray[np.uint8]) -> bool:
    """Say whether a piece is a level line, or the side of a box at the line's end."""
    x, _, width, height = (int(each) for each in stats[:4])
    if height <= _RULE and width > _LEVEL:
        return True
    is_outside = x <= _AT_END or x + width >= mask.shape[1] - _AT_END
    return is_outside and width <= _RULE and height >= _UPRIGHT


def _ends(ink_before: NDArray[np.int64]) -> list[int]:
    """Return the columns where pieces of ink begin, and those behind their last."""
    is_there = np.diff(ink_before[:-1], axis=1) > 0
    begins = is_there.argmax(axis=1)
    ends = is_there.shape[1] - is_there[:, ::-1].argmax(axis=1)
    return [*begins.tolist(), *ends.tolist()]


def _cuts(ink_before: NDArray[np.int64]) -> list[tuple[int, float]]:
    """Return columns where digits may part, with what each costs: the ink that it cuts.

    Gaps of paper, columns with less ink than their neighbours, and the ends of pieces of ink.
    """
    ink = np.diff(ink_before[-1])
    inked = np.flatnonzero(ink)
    if not len(inked):
        return []
    first, last = int(inked[0]), int(inked[-1])
    found: list[tuple[float, int]] = []
    gaps = np.flatnonzero(np.diff(inked) > 1)
    found.extend((-1.0, int(inked[i] + inked[i + 1] + 1) // 2) for i in gaps)
    smooth = np.convolve(ink, (0.25, 0.5, 0.25), "same")
    inner = np.arange(first + 1, last)
    is_low = (smooth[inner] <= smooth[inner - 1]) & (smooth[inner] < smooth[inner + 1])
    is_cut = is_low & (ink[inner] > 0) & (smooth[inner] <= _DEEPEST_CUT)
    found.extend((float(smooth[x]), int(x)) for x in inner[is_cut])
    ends = [x for x in _ends(ink_before) if first < x < last and ink[x]]
    found.extend((float(smooth[x]) + 1, x) for x in ends)
    chosen: list[tuple[int, float]] = []
    taken: set[int] = set()  # columns too near to one that was chosen
    for cost, x in sorted(found):
        if x not in taken and first + 1 < x < last:
            chosen.append((x, cost))
            taken.update(range(x - _LEAST_APART + 1, x + _LEAST_APART))
    return sorted(chosen)
