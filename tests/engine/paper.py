"""Sheets of paper as a phone takes them, drawn by the tests: plain, lined or squared, and lit."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Stroke = Sequence[tuple[float, float]]

SEVEN: tuple[Stroke, ...] = ([(0.0, 0.0), (0.55, 0.0), (0.2, 1.0)],)
FOUR: tuple[Stroke, ...] = ([(0.3, 0.0), (0.0, 0.6), (0.6, 0.6)], [(0.45, 0.3), (0.45, 1.0)])
ONE: tuple[Stroke, ...] = ([(0.15, 0.0), (0.15, 1.0)],)
LINED, SQUARED = ("level",), ("level", "upright")


def sheet(
    digits: Sequence[Sequence[Stroke]],
    *,
    rulings: Sequence[str] = (),
    size: tuple[int, int] = (600, 450),
    height: int = 150,
    line: int = 6,
    tilt: float = 0.0,
) -> NDArray[np.uint8]:
    """Return a photograph (height, width), 0 = black: digits in a row in the middle of paper."""
    width, rows = size
    paper = np.full((rows, width), 225, np.uint8)
    for at in range(37, max(size), 90):
        if "level" in rulings:
            cv2.line(paper, (0, at), (width, at), 165, 3)
        if "upright" in rulings:
            cv2.line(paper, (at, 0), (at, rows), 165, 3)
    left = (width - 0.75 * height * len(digits)) / 2
    for place, strokes in enumerate(digits):
        corner = (left + 0.75 * height * place, (rows - height) / 2)
        for stroke in strokes:
            points = np.round(np.array(stroke) * height + corner).astype(np.int32)
            cv2.polylines(paper, [points], isClosed=False, color=50, thickness=line)
    turn = cv2.getRotationMatrix2D((width / 2, rows / 2), tilt, 1.15)
    turned = cv2.warpAffine(paper, turn, size, borderMode=cv2.BORDER_REPLICATE)
    light = np.linspace(1.0, 0.5, width)[np.newaxis]
    grain = np.random.default_rng(3).normal(0, 3, turned.shape)
    return np.clip(turned * light + grain, 0, 255).astype(np.uint8)


def on_table(photo: NDArray[np.uint8], *, table: int = 45) -> NDArray[np.uint8]:
    """Lay a photographed sheet, a little askew, in the middle of a table half as large again."""
    height, width = photo.shape
    size = (width * 3 // 2, height * 3 // 2)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    middle = np.array([width // 4, height // 4])
    askew = corners + np.array([[0, 9], [-6, 0], [8, -5], [5, 4]]) + middle
    way = cv2.getPerspectiveTransform(corners, askew.astype(np.float32))
    laid = cv2.warpPerspective(photo, way, size)
    covered = cv2.warpPerspective(np.full_like(photo, 255), way, size)
    grain = np.random.default_rng(5).normal(table, 6, laid.shape).clip(0, 255)
    return np.where(covered > 127, laid, grain).astype(np.uint8)
