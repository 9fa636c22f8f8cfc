"""Photographs of digits and numbers on plain, lined and squared paper, drawn to measure by.

The hands are those of the UCI pen test, which no training sees. Lengths are millimetres on the
paper unless a name says otherwise; a photograph has ``PIXELS_A_MM``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from recognition.training.datasets import PenDigit

PIXELS_A_MM = 12.0
PENS_MM = (0.35, 0.8)
"""A fine ballpoint's line and a felt tip's."""

_SQUARE_MM = 5.0
_LINE_MM = 8.0
_SHIFT = 4  # fractional bits of the coordinates that OpenCV draws at


class Paper(StrEnum):
    """What is printed on it."""

    PLAIN = "plain"
    LINED = "lined"
    SQUARED = "squared"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one photograph shows: digits in a row, the pen they are written with, the paper."""

    digits: Sequence[PenDigit]
    paper: Paper
    pen_mm: float

    @property
    def text(self) -> str:
        """What is written."""
        return "".join(str(digit.label) for digit in self.digits)


def photograph(sheet: Sheet, rng: Generator) -> NDArray[np.uint8]:
    """Return a photograph (height, width), 0 = black: tilted, shaded, blurred, grained, JPEG."""
    high = rng.uniform(7, 14)
    width = round((20 + high * max(1, len(sheet.digits)) + rng.uniform(0, 20)) * PIXELS_A_MM)
    height = round((high + rng.uniform(15, 30)) * PIXELS_A_MM)
    bright = rng.uniform(170, 245)
    photo = np.full((height, width), bright, np.float32)
    _rule(photo, sheet.paper, bright * rng.uniform(0.6, 0.88), rng)
    ink = _written(sheet, (height, width), high * PIXELS_A_MM, rng)
    photo = np.minimum(photo, bright * (1 - ink) + rng.uniform(20, 100) * ink)
    return _taken(photo, rng)


def _rule(photo: NDArray[np.float32], paper: Paper, grey: float, rng: Generator) -> None:
    if paper is Paper.PLAIN:
        return
    height, width = photo.shape
    pitch = (_LINE_MM if paper is Paper.LINED else _SQUARE_MM) * PIXELS_A_MM
    thick = max(1, round(rng.uniform(0.15, 0.35) * PIXELS_A_MM))
    for y in np.arange(rng.uniform(0, pitch), height, pitch):
        cv2.line(photo, (0, int(y)), (width, int(y)), grey, thick)
    if paper is Paper.SQUARED:
        for x in np.arange(rng.uniform(0, pitch), width, pitch):
            cv2.line(photo, (int(x), 0), (int(x), height), grey, thick)


def _written(
    sheet: Sheet, shape: tuple[int, int], high: float, rng: Generator
) -> NDArray[np.float32]:
    """Return the ink, 0 to 1, of digits ``high`` pixels high in the middle of the paper."""
    ink = np.zeros(shape, np.uint8)
    x = (shape[1] - high * (len(sheet.digits) - 1)) / 2
    for digit in sheet.digits:
        points = np.concatenate(digit.strokes)
        low, top = points.min(axis=0), points.max(axis=0)
        scale = high / max(1e-6, float((top - low).max()))
        middle = (x, shape[0] / 2 + rng.normal(0, 0.04 * high))
        for stroke in digit.strokes:
            fixed = np.round(((stroke - (low + top) / 2) * scale + middle) * (1 << _SHIFT))
            path = fixed.astype(np.int32).repeat(2 if len(fixed) == 1 else 1, axis=0)
            thick = max(1, round(sheet.pen_mm * PIXELS_A_MM))
            cv2.polylines(
                ink, [path], isClosed=False, color=255, thickness=thick,
                lineType=cv2.LINE_AA, shift=_SHIFT,
            )  # fmt: skip
        x += high * rng.uniform(0.85, 1.15)
    return ink.astype(np.float32) / np.float32(255)


def _taken(photo: NDArray[np.float32], rng: Generator) -> NDArray[np.uint8]:
    height, width = photo.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-4, 4), 1.12)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    strayed = corners + rng.uniform(-0.03, 0.03, (4, 2)) * (width, height)
    tilt = cv2.getPerspectiveTransform(corners, strayed.astype(np.float32))
    way = np.vstack([turn, (0, 0, 1)]) @ tilt
    tilted = cv2.warpPerspective(photo, way, (width, height), borderMode=cv2.BORDER_REPLICATE)
    rows, columns = np.mgrid[0:height, 0:width]
    angle = rng.uniform(0, 2 * np.pi)
    across = np.cos(angle) * (columns / width - 0.5) + np.sin(angle) * (rows / height - 0.5)
    lit = tilted * (1 - rng.uniform(0.1, 0.5) * (across + 0.7) / 1.4)
    seen = cv2.GaussianBlur(lit, (0, 0), rng.uniform(0.5, 1.5))
    grained = seen + rng.normal(0, rng.uniform(1, 5), seen.shape)
    pixels = np.clip(grained, 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(70, 92))])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
