"""One string written by one hand with one pen, on a canvas of ink without paper."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.training.strings import pens
from recognition.training.strings.glyphs import GLYPH_HEIGHT, Glyph, Hand

CANVAS_HEIGHT = 128
MARGIN = 60
_CANVAS_WIDTH = 1600
_INKED = 90


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Ink (128, width), 255 in the stroke; digits are ``size`` high and stand on row ``base``.

    ``left``, ``right``, ``top`` and ``bottom`` bound all the ink.
    """

    ink: NDArray[np.uint8]
    size: float
    base: float
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Manner:
    """How a hand writes a whole string; lengths in heights of a digit."""

    slant: float
    gap: float
    aspect: float
    jitter: float
    drift: float
    is_chained: bool
    nought: float  # height of a nought; many hands write them small
    nought_aspect: float
    one_lean: float  # more slant of a 1 that is a mere slash
    threshold: float  # of a picture's ink: low for thick strokes, high for thin
    gain: float

    @classmethod
    def of(cls, hand: Hand, rng: np.random.Generator) -> "Manner":
        """Draw the manner of a hand; print is upright, evenly spaced and on the line."""
        printed = hand.is_printed
        gap = float(rng.uniform(0.08, 0.25) if printed else rng.normal(0.17, 0.13))
        if not printed and rng.random() < 0.12:
            gap = float(rng.uniform(-0.12, 0.03))
        upright = printed or rng.random() < 0.15
        slant = float(rng.uniform(0.35, 0.85) if rng.random() < 0.14 else rng.normal(0.17, 0.24))
        return cls(
            slant=0.0 if upright else slant,
            gap=gap,
            aspect=float(np.exp(rng.normal(0.0, 0.16))),
            jitter=0.0 if printed else float(rng.uniform(0.02, 0.13)),
            drift=0.0 if printed else float(rng.normal(0, 0.02)),
            is_chained=bool(rng.random() < 0.25),
            nought=1.0 if printed or rng.random() < 0.5 else float(rng.uniform(0.45, 0.95)),
            nought_aspect=1.0 if printed or rng.random() < 0.5 else float(rng.uniform(0.9, 1.7)),
            one_lean=0.0 if printed or rng.random() < 0.6 else float(rng.uniform(0, 0.55)),
            threshold=float(rng.uniform(40, 150)),
            gain=float(rng.uniform(1.6, 4)),
        )

    @classmethod
    def careful(cls, hand: Hand, rng: np.random.Generator) -> "Manner":
        """Draw the manner of a clear hand: almost upright, well spaced, of one size."""
        return cls(
            slant=0.0 if hand.is_printed else float(rng.normal(0.08, 0.1)),
            gap=float(rng.uniform(0.08, 0.35)),
            aspect=float(np.exp(rng.normal(0, 0.08))),
            jitter=0.0 if hand.is_printed else 0.03,
            drift=0.0,
            is_chained=False,
            nought=1.0,
            nought_aspect=1.0,
            one_lean=0.0,
            threshold=40.0,
            gain=1.6,
        )


class LineWriter:
    """Writes characters from left to right."""

    def __init__(
        self,
        hand: Hand,
        size: float,
        rng: np.random.Generator,
        *,
        pitch: float | None = None,
        is_careful: bool = False,
    ) -> None:
        """With a ``pitch`` in pixels every character stands in a cell of that width."""
        self._hand, self._size, self._rng, self._pitch = hand, size, rng, pitch
        self._manner = Manner.careful(hand, rng) if is_careful else Manner.of(hand, rng)
        thickness = float(
            rng.uniform(0.03, 0.08) if rng.random() < 0.5 else rng.uniform(0.07, 0.17)
        )
        self._pen = max(1, round(size * thickness))
        self._ink = np.zeros((CANVAS_HEIGHT, _CANVAS_WIDTH), np.uint8)
        self._base = CANVAS_HEIGHT / 2 + size / 2
        self._x = float(MARGIN)
        self._last: NDArray[np.float32] | None = None  # where the pen left a digit

    def write(self, text: str) -> Line:
        """Write a text over ``ctc.ALPHABET``, with spaces as gaps."""
        position = 0
        while position < len(text):
            character = text[position]
            if self._x > _CANVAS_WIDTH - 3 * self._size - MARGIN:
                raise ValueError(f"{text!r} is too long for the canvas.")
            cell = MARGIN + position * self._pitch if self._pitch else None
            if character == " ":
                self._x += self._size * float(self._rng.uniform(0.15, 0.5))
                self._last = None
            elif character.isdigit():
                self._digit(character, cell)
            elif text[position : position + 2] == "/-":
                self._mark("/", pens.SLASH_DASH, cell)
                position += 1
            else:
                self._mark(character, pens.MARK_STYLES[character], cell)
            position += 1
        end = MARGIN + len(text) * self._pitch if self._pitch else self._x
        return self._line(self._ink[:, : min(_CANVAS_WIDTH, round(end) + MARGIN)])

    def _line(self, ink: NDArray[np.uint8]) -> Line:
        x, y, width, height = cv2.boundingRect((ink > _INKED).astype(np.uint8))
        return Line(ink, self._size, self._base, x, x + width, y, y + height)

    def _place(self, extent: float, cell: float | None) -> None:
        """Go to where a character of that width begins: in its cell, about the middle."""
        if cell is not None and self._pitch is not None:
            share = float(np.clip(self._rng.normal(0.5, 0.15), 0.05, 0.95))
            self._x = cell + (self._pitch - extent) * share

    def _digit(self, character: str, cell: float | None) -> None:
        rng, manner = self._rng, self._manner
        base = self._base + manner.drift * (self._x - MARGIN)
        base += float(rng.normal(0, manner.jitter * 0.7)) * self._size
        height = self._size * float(np.exp(rng.normal(0, manner.jitter)))
        lean = manner.slant + (0.0 if self._hand.is_printed else float(rng.normal(0, 0.05)))
        aspect = manner.aspect
        if character == "0":
            base -= height * (1 - manner.nought) * float(rng.uniform(0, 0.5))
            height, aspect = height * manner.nought, aspect * manner.nought_aspect
        elif character == "1":
            lean += manner.one_lean
        drawn = self._hand.digit(character, rng)
        if isinstance(drawn, np.ndarray):
            extent = drawn.shape[1] * height / GLYPH_HEIGHT * aspect
            self._place(extent, cell)
            self._paste(drawn, base, (extent, height), lean)
            self._last = None
        else:
            extent = self._stroke_digit(drawn, base, (height * aspect, height), lean, cell)
        self._x += extent + self._size * (manner.gap + float(rng.normal(0, 0.05)))

    def _stroke_digit(
        self,
        drawn: pens.Strokes,
        base: float,
        scale: tuple[float, float],
        lean: float,
        cell: float | None,
    ) -> float:
        width, height = scale
        # Recorded strokes have a slant of their own, so the string's is taken by half.
        half = 0.25 if cell is None else 0.5
        matrix = [[width, -lean * height * half], [0, height]]
        strokes = pens.transform(drawn, np.array(matrix, np.float32), np.zeros(2, np.float32))
        columns = np.concatenate(strokes)[:, 0]
        low, extent = float(columns.min()), float(np.ptp(columns))
        self._place(extent, cell)
        offset = np.array([self._x - low, base - height], np.float32)
        strokes = tuple(stroke + offset for stroke in strokes)
        pens.draw(self._ink, strokes, self._pen)
        if self._manner.is_chained and self._last is not None and self._rng.random() < 0.7:
            link = np.stack([self._last, (self._last + strokes[0][0]) / 2, strokes[0][0]])
            link[1, 1] += float(self._rng.normal(0, 0.1)) * height
            pens.draw(self._ink, (pens.smooth(link.astype(np.float32)),), self._pen)
        self._last = strokes[-1][-1]
        return extent

    def _mark(self, character: str, styles: tuple[pens.Skeleton, ...], cell: float | None) -> None:
        rng, size = self._rng, self._size
        height = size * float(rng.uniform(0.75, 1.35))
        matrix = np.array([[height, -self._manner.slant * height * 0.6], [0, height]], np.float32)
        skeleton = styles[int(rng.integers(len(styles)))]
        strokes = pens.transform(pens.write(skeleton, rng, 0.03), matrix, np.zeros(2, np.float32))
        columns = np.concatenate(strokes)[:, 0]
        low, extent = float(columns.min()), float(np.ptp(columns))
        near = float(rng.uniform(-0.05, 0.22)) * size
        self._place(extent, cell)
        base = self._base + self._manner.drift * (self._x - MARGIN)
        offset = np.array([self._x - low + near, base - height], np.float32)
        pen = max(self._pen, round(size * 0.06)) if character in ".," else self._pen
        pen += int(rng.random() < 0.25)
        pens.draw(self._ink, tuple(stroke + offset for stroke in strokes), pen)
        self._x += extent + near + size * float(rng.uniform(0.0, 0.3))
        self._last = None

    def _paste(self, glyph: Glyph, base: float, size: tuple[float, float], slant: float) -> None:
        """Blend a picture of a digit in, its stroke made thick or thin by a soft threshold."""
        width, height = size
        lean = int(abs(slant) * height) + 2
        turn = np.array(
            [
                [
                    width / glyph.shape[1],
                    -slant * height / glyph.shape[0],
                    lean + slant * height / 2,
                ],
                [0, height / glyph.shape[0], 1],
            ],
            np.float32,
        )
        room = (round(width) + 2 * lean, round(height) + 3)
        drawn = cv2.warpAffine(glyph, turn, room, flags=cv2.INTER_LINEAR)
        threshold = self._manner.threshold
        drawn = cv2.convertScaleAbs(
            np.maximum(drawn, threshold) - threshold, alpha=self._manner.gain
        )
        left, top = round(self._x) - lean, round(base - height) - 1
        x, y = max(0, left), max(0, top)
        part = self._ink[y : top + room[1], x : left + room[0]]
        np.maximum(part, drawn[y - top :, x - left :][: part.shape[0], : part.shape[1]], out=part)
