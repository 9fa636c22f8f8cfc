"""Hear a third reader on a line of digits: the recogniser of any line.

It learnt from other data, by others, so it is wrong about other strings: where it names the same
digits, they are nearly always right, and where it names others, the product of both readers'
probabilities is right more often than either (a product of experts, Hinton 2002).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.engine import ctc
from recognition.engine.line_recogniser import LineRecogniser

_MARKS = ".,-/=*#$ "
_STROKES = ("", "1", "7")  # what a closing stroke may be taken for
_LEAST_WIDTH = 320  # of a line at its height: shorter ones were padded to it in its training
_LEAST = 1e-6  # no digit is ever impossible
_LEAST_SHARE = 1e-3  # of our readers' probability: what they did not think of may still be right
_NAMED = 5  # texts that it may add to ours
_MOSTLY = 0.97  # of words have more; of real amounts, written like letters, one in a hundred has
_KEPT = 12  # texts of ours that it is asked about


@dataclass(frozen=True, slots=True)
class Heard:
    """What it says of the text that was chosen.

    ``agrees``: it would have chosen the same; ``support``: the logarithm of its probability.
    """

    support: float
    agrees: bool


class ThirdOpinion:
    """What the recogniser of any line makes of one crop of digits, (height, width), 0 = black.

    ``ends_in_stroke``: a stroke that closes the amount ("/-") stands after the last digit, which
    this reader, asked for digits, takes for one. ``is_words``: it sees letters rather than digits.
    """

    def __init__(
        self, crop: NDArray[np.uint8], recogniser: LineRecogniser, *, ends_in_stroke: bool
    ) -> None:
        self._tails = _STROKES if ends_in_stroke else ("",)
        read = ctc.DIGITS + _MARKS
        scores = recogniser.scores(crop, read, least_width=_LEAST_WIDTH).astype(np.float64)
        count = len(ctc.DIGITS)
        digits = scores[:, 1 : 1 + count]
        letters = np.clip(1 - scores.sum(axis=1), 0, 1)
        self.is_words = bool(letters.sum() > _MOSTLY * (letters.sum() + digits.sum()))
        # Marks part digits as blanks do; letters are no answer here, and drop out.
        blank = scores[:, :1] + scores[:, 1 + count :].sum(axis=1, keepdims=True)
        frames = np.maximum(np.hstack([digits, blank]), _LEAST)
        self._frames: ctc.Frames = frames / frames.sum(axis=1, keepdims=True)
        named = ctc.beam_search(self._frames, ctc.DIGITS)
        self._named = [each.text for each in named if each.text][:_NAMED]

    def joined(self, ranked: list[tuple[str, float]]) -> list[tuple[str, float]]:
        """Return texts, best first, with probabilities by all readers that sum to one.

        ``ranked`` are ours with their probabilities; the third reader's own texts are added.
        """
        ours = dict(ranked[:_KEPT])
        texts = list(
            dict.fromkeys([*ours, *(text for text in self._named if self._is_new(text, ours))])
        )
        logs = np.array(
            [np.log(max(ours.get(text, 0.0), _LEAST_SHARE)) + self._support(text) for text in texts]
        )
        shares = np.exp(logs - logs.max())
        shares /= shares.sum()
        return sorted(zip(texts, shares.tolist(), strict=True), key=lambda item: -item[1])

    def heard(self, text: str) -> Heard:
        """Return what it says of a text."""
        agrees = any(self._named[:1] == [text + tail] for tail in self._tails)
        return Heard(self._support(text), agrees=agrees)

    def _is_new(self, text: str, ours: dict[str, float]) -> bool:
        """Tell a text that ours are not, not even with their closing stroke taken for a digit."""
        return not any(tail and text == each + tail for each in ours for tail in self._tails)

    def _support(self, text: str) -> float:
        classes = [int(digit) for digit in text]
        logs = [
            ctc.log_probability(self._frames, [*classes, *(int(digit) for digit in tail)])
            for tail in self._tails
        ]
        return float(np.logaddexp.reduce(logs))
