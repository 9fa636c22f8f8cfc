"""Hold the likeliest texts of a line against its ink, and say how far a second reader agrees."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recognition.engine import ctc
from recognition.engine.digits import DigitReader
from recognition.engine.lattice import FLOOR, Lattice, Opinion, Place
from recognition.engine.line import HEIGHT, STRIDE
from recognition.engine.types import Character

_WEIGHED = 5
_WORTH_WEIGHING = 0.02
"""Texts held against the ink: so many, of at least that share of the likeliest one's."""

_TRUST = 0.2
"""Exponent of the ink's word on each digit: a box cut badly says little, and the two readers
learnt partly from the same digits."""

_SUPPORT_SHARE = 0.1
_LEGIBLE = -0.51
"""Least log-probability a digit of a text, a tenth of its support in the ink added. One of 182
right readings of real amounts had less; so had all scribbles, most blank paper and most words."""

Share = tuple[str, float]  # a text of digits and its probability


class SecondOpinion:
    """What the digit network makes of one crop, given its first view's frames of digits."""

    def __init__(self, crop: NDArray[np.uint8], frames: ctc.Frames, digits: DigitReader) -> None:
        self._lattice = Lattice(crop, digits)
        self._frames = frames
        self._columns_a_frame = STRIDE * crop.shape[0] / HEIGHT
        self._opinions: dict[str, Opinion | None] = {}
        self._peaks: dict[str, list[ctc.Peak]] = {}

    def weighed(self, ranked: list[Share]) -> list[Share]:
        """Return texts, best first, with the shares that they have once the ink was asked.

        The sum of those that were asked stays the same.
        """
        asked = [item for item in ranked[:_WEIGHED] if item[1] >= _WORTH_WEIGHING * ranked[0][1]]
        self._ask([text for text, _ in asked])
        trust = _TRUST * len(ranked[0][0])
        weights = [share * math.exp(trust * self._support(text)) for text, share in asked]
        scale = sum(share for _, share in asked) / max(sum(weights), 1e-300)
        shares = [(text, weight * scale) for (text, _), weight in zip(asked, weights, strict=True)]
        return sorted([*shares, *ranked[len(asked) :]], key=lambda item: -item[1])

    def is_legible(self, text: str, share: float) -> bool:
        """Tell writing from what only looks like it: words, scribbles, the paper's own print."""
        opinion = self.opinion(text)
        if opinion is None:
            return False
        return math.log(share) / len(text) + _SUPPORT_SHARE * opinion.support >= _LEGIBLE

    def opinion(self, text: str) -> Opinion | None:
        """Return the opinion on a text; ``None``: its digits have no ink of their own."""
        if text not in self._opinions:
            self._ask([text])
        return self._opinions[text]

    def peaks(self, text: str) -> list[ctc.Peak]:
        """Return where the string network saw each digit of a text; none where it cannot."""
        if text not in self._peaks:
            self._ask([text])
        return self._peaks[text]

    def placed(
        self, characters: tuple[Character, ...], opinion: Opinion, left: int, top: int
    ) -> tuple[Character, ...]:
        """Return digits with the boxes and shapes of their ink; the crop lies at left and top."""
        places = self._lattice.boxes(opinion, left, top)
        return tuple(
            replace(character, box=box, shape=shape)
            for character, (box, shape) in zip(characters, places, strict=True)
        )

    def _ask(self, texts: list[str]) -> None:
        classes = [[int(digit) for digit in text] for text in texts]
        peaks = ctc.align_all(self._frames, classes)
        places = [self._places(*each) for each in zip(classes, peaks, strict=True)]
        opinions = self._lattice.opinions(places)
        self._opinions |= dict(zip(texts, opinions, strict=True))
        self._peaks |= dict(zip(texts, peaks, strict=True))

    def _support(self, text: str) -> float:
        opinion = self._opinions[text]
        return math.log(FLOOR) if opinion is None else opinion.support

    def _places(self, classes: Sequence[int], peaks: Sequence[ctc.Peak]) -> list[Place]:
        if len(peaks) != len(classes):
            return []
        return [
            Place((step + 0.5) * self._columns_a_frame, digit)
            for (step, _), digit in zip(peaks, classes, strict=True)
        ]
