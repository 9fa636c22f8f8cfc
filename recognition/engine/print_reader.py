"""Read a line of printed, typed or stamped figures."""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.backends.protocol import InferenceSession
from recognition.engine.line import percentiles
from recognition.engine.types import Candidate

LINE_HEIGHT = 32
FIGURE_HEIGHT = 19.0
"""Pixels that a figure should have in a line; the network saw 15 to 23."""

LETTER = "A"
"""Stands for any letter or other sign: seen, but not told apart."""

PRINT_ALPHABET = "0123456789.,/-" + LETTER

_STRIDE = 4
_WORTH_NAMING = 0.001
_WORTH_NAMING_FOR_LETTERS = 1e-6
"""Stamps have noughts like the letter O: where figures stand, the likeliest digit is still told."""


@dataclass(frozen=True, slots=True)
class PrintedCharacter:
    """A character, its confidence, and the columns of the line where the network saw it."""

    value: str
    confidence: float
    alternatives: tuple[Candidate, ...]
    start: int
    end: int


def normalise_line(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return ink of a line, (32, width), 0 = paper, 1 = its darkest ink, as the network wants it.

    Paper is a coarse, blurred maximum, so that neither shadows nor coloured grounds count as ink.
    """
    coarse = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    coarse = cv2.GaussianBlur(cv2.dilate(coarse, np.ones((7, 9), np.uint8)), (0, 0), 4)
    paper = cv2.resize(coarse, grey.shape[::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32)
    ink = np.maximum(paper - grey, 0.0)
    (darkest,) = percentiles(ink, 97)
    return np.asarray(np.minimum(ink / max(darkest, 20.0), 1.5), np.float32)


class PrintReader:
    """Reads lines with the print network."""

    def __init__(self, session: InferenceSession) -> None:
        self._session = session

    def read(self, grey: NDArray[np.uint8]) -> tuple[PrintedCharacter, ...]:
        """Return the characters of a line, (32, width), 0 = black; letters are all ``LETTER``.

        The best path of the CTC scores: a character is a run of frames with the same answer.
        """
        width = grey.shape[1]
        # Whole strides, and few different widths: each new one costs the runtime an allocation.
        padding = -width % (16 * _STRIDE)
        padded = cv2.copyMakeBorder(grey, 0, 0, 0, padding, cv2.BORDER_REPLICATE)
        scores = self._session.run(normalise_line(np.asarray(padded, np.uint8))[None, ..., None])
        probability = _softmax(scores.reshape(-1, scores.shape[-1]))
        blank = probability.shape[1] - 1
        best = probability.argmax(axis=1)
        edges = np.flatnonzero(np.diff(best, prepend=-1, append=-1))
        return tuple(
            _character(probability[start:end], int(best[start]), int(start), int(end))
            for start, end in pairwise(edges)
            if best[start] != blank and start * _STRIDE < width
        )


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    shifted = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), np.float64)


def _character(frames: NDArray[np.float64], answer: int, start: int, end: int) -> PrintedCharacter:
    clearest = frames[int(frames[:, answer].argmax())]
    least = _WORTH_NAMING_FOR_LETTERS if PRINT_ALPHABET[answer] == LETTER else _WORTH_NAMING
    others = tuple(
        Candidate(PRINT_ALPHABET[index], float(clearest[index]))
        for index in np.argsort(-clearest)[:4]
        if index != answer and index < len(PRINT_ALPHABET) and clearest[index] >= least
    )
    return PrintedCharacter(
        PRINT_ALPHABET[answer],
        min(1.0, float(clearest[answer])),
        others,
        start * _STRIDE,
        end * _STRIDE,
    )
