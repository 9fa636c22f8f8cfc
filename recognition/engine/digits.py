"""Read glyphs with the digit network: ten digits, or no digit at all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.engine.backends.protocol import InferenceSession
from recognition.engine.glyphs import normalise_glyph
from recognition.engine.types import Candidate

NOT_A_DIGIT = 10
"""The class after the ten digits."""

REJECT_AT = 0.5
"""Probability of "not a digit" from which no value is given.

More likely none than one: on the calibration writers this refuses 1 MNIST digit in 600, and 99 %
of what is none; the network's card has the rates of the test.
"""

_FAINTEST_CANDIDATE = 0.001


@dataclass(frozen=True, slots=True)
class GlyphReading:
    """What one glyph is: ``value`` is ``None`` for what is no digit.

    ``candidates`` are digits, best first, with calibrated probabilities; ``confidence`` is that of
    the value, or of there being no digit.
    """

    value: str | None
    confidence: float
    candidates: tuple[Candidate, ...]


class DigitReader:
    """Reads batches of glyphs in one session of the network ``digits``. Not thread-safe."""

    def __init__(self, session: InferenceSession) -> None:
        self._session = session

    def read(self, glyphs: Sequence[NDArray[np.uint8]]) -> list[GlyphReading]:
        """Return one reading a glyph: (height, width) of any size, 255 = full ink on 0."""
        if not glyphs:
            return []
        normal = np.stack([normalise_glyph(glyph) for glyph in glyphs])
        return [_reading(row) for row in self.probabilities(normal)]

    def probabilities(self, glyphs: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Map normalised glyphs (n, 28, 28) to calibrated probabilities (n, 11).

        The columns are the digits 0 to 9 and ``NOT_A_DIGIT``.
        """
        batch = glyphs[..., np.newaxis].astype(np.float32) / np.float32(255)
        scores = self._session.run(batch)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities: NDArray[np.float32] = powers / powers.sum(axis=1, keepdims=True)
        return probabilities


def _reading(probabilities: NDArray[np.float32]) -> GlyphReading:
    order = np.argsort(-probabilities[:NOT_A_DIGIT])
    candidates = tuple(
        Candidate(str(digit), float(probabilities[digit]))
        for digit in order
        if probabilities[digit] >= _FAINTEST_CANDIDATE
    )
    no_digit = float(probabilities[NOT_A_DIGIT])
    if no_digit >= REJECT_AT or not candidates:
        return GlyphReading(None, no_digit, candidates)
    return GlyphReading(candidates[0].value, candidates[0].confidence, candidates)
