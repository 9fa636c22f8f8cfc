"""Cells of MICR lines as scans and photos show them, drawn and then degraded.

Each sample is cut from a strip of five cells, so that its neighbours intrude as they do on paper.
The strip goes through the engine's own normalisation: what is trained on is what is read.
"""

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from recognition.engine.micr.strip import (
    CELL_WIDTH,
    GLYPH_HEIGHT,
    STRIP_HEIGHT,
    cell_images,
    normalise,
)
from recognition.engine.micr.symbols import ALPHABET
from recognition.training.micr.glyphs import HALF_SQUARES_HIGH, draw_glyph

CLASSES = len(ALPHABET) + 1
NOTHING = len(ALPHABET)

_FINE = 4  # drawn at so many pixels a strip pixel
_HALF_SQUARE = GLYPH_HEIGHT / HALF_SQUARES_HIGH * _FINE
_GLYPHS = [draw_glyph(character) for character in ALPHABET]
_STRIP_CELLS = 5


def draw_cells(
    count: int, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return ``count`` cells, (count, 32, 24, 1), and their classes; every sixth or so is empty."""
    images = np.empty((count, STRIP_HEIGHT, CELL_WIDTH, 1), np.float32)
    classes = np.empty(count, np.int64)
    made = 0
    while made < count:
        strip, labels = _draw_strip(rng)
        ink = normalise(strip)
        edges = np.arange(2.0, _STRIP_CELLS) * CELL_WIDTH + rng.normal(0, 1.0)
        batch = cell_images(ink, edges)[: count - made]
        images[made : made + len(batch)] = batch
        classes[made : made + len(batch)] = labels[1:-1][: len(batch)]
        made += len(batch)
    return images, classes


def _draw_strip(rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    labels = rng.integers(0, len(ALPHABET), _STRIP_CELLS)
    labels[rng.random(_STRIP_CELLS) < 0.12] = NOTHING
    height, width = STRIP_HEIGHT * _FINE, CELL_WIDTH * _FINE * _STRIP_CELLS
    ink = np.zeros((height, width), np.uint8)
    weight = rng.normal(0, 0.22)
    size = rng.normal(1.0, 0.035, 2)
    for position, label in enumerate(labels):
        if label != NOTHING:
            _stamp(ink, int(label), position, weight, size, rng)
        elif rng.random() < 0.35:
            _scribble(ink, position, rng)
    ink = _printed(ink, rng)
    return _scanned(ink, rng), labels


def _stamp(
    ink: NDArray[np.uint8],
    label: int,
    position: int,
    weight: float,
    size: NDArray[np.float64],
    rng: np.random.Generator,
) -> None:
    """Print one glyph: its strokes thickened by ``weight`` half squares, its place a little off."""
    scale = _HALF_SQUARE * size
    glyph = cv2.resize(
        _GLYPHS[label], None, fx=scale[0], fy=scale[1], interpolation=cv2.INTER_NEAREST
    )
    glyph = cv2.copyMakeBorder(glyph, 6, 6, 6, 6, cv2.BORDER_CONSTANT, value=0)
    grow = (weight + rng.normal(0, 0.06)) * _HALF_SQUARE
    if abs(grow) >= 1:
        kernel = np.ones((round(abs(grow)) + 1,) * 2, np.uint8)
        glyph = cv2.dilate(glyph, kernel) if grow > 0 else cv2.erode(glyph, kernel)
    right = (position + 1) * CELL_WIDTH * _FINE + 6 + round(rng.normal(0, 0.6) * _FINE)
    top = round((STRIP_HEIGHT - GLYPH_HEIGHT) / 2 * _FINE - 6 + rng.normal(0, 0.9) * _FINE)
    left = right - glyph.shape[1]
    _paste(ink, glyph, left, top)


def _paste(ink: NDArray[np.uint8], mark: MatLike, left: int, top: int) -> None:
    x0, y0 = max(left, 0), max(top, 0)
    x1 = min(left + mark.shape[1], ink.shape[1])
    y1 = min(top + mark.shape[0], ink.shape[0])
    if x1 > x0 and y1 > y0:
        view = ink[y0:y1, x0:x1]
        np.maximum(view, mark[y0 - top : y1 - top, x0 - left : x1 - left], out=view)


def _scribble(ink: NDArray[np.uint8], position: int, rng: np.random.Generator) -> None:
    """Put what is no character into an empty cell: dirt, a pen stroke, a glyph out of step."""
    left = position * CELL_WIDTH * _FINE
    height = ink.shape[0]
    kind = rng.integers(4)
    if kind == 0:
        for _ in range(rng.integers(1, 6)):
            centre = (int(left + rng.integers(0, 96)), int(rng.integers(0, height)))
            cv2.circle(ink, centre, int(rng.integers(2, 9)), 255, -1)
    elif kind == 1:
        points = np.column_stack(
            [left + rng.integers(-60, 150, 4), rng.integers(-20, height + 20, 4)]
        ).astype(np.int32)
        pen = int(rng.integers(3, 12))
        cv2.polylines(ink, [points], isClosed=False, color=255, thickness=pen)
    elif kind == 2:
        glyph = cv2.resize(
            _GLYPHS[rng.integers(len(_GLYPHS))], None, fx=_HALF_SQUARE, fy=_HALF_SQUARE,
            interpolation=cv2.INTER_NEAREST,
        )  # fmt: skip
        top = round((STRIP_HEIGHT - GLYPH_HEIGHT) / 2 * _FINE)
        _paste(ink, glyph, left - 40 + int(rng.integers(-8, 8)), top)
    else:
        text = rng.choice(list("ABEFGHKLMNPRSTUVXYZabdeghnqs&%?"))
        cv2.putText(
            ink, str(text), (left + 10, height - 30), int(rng.choice([0, 2, 3])),
            float(rng.uniform(1.5, 3.2)), 255, int(rng.integers(3, 12)),
        )  # fmt: skip


def _printed(ink: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Wear the print: holes and frayed edges where the ink did not take, specks where it did."""
    if rng.random() < 0.5:
        shape = (max(2, ink.shape[0] // 6), max(2, ink.shape[1] // 6))
        noise = rng.normal(0, 1, shape).astype(np.float32)
        grain = cv2.resize(noise, ink.shape[::-1], interpolation=cv2.INTER_CUBIC)
        patch = cv2.resize(
            rng.normal(0, 1, (2, 8)).astype(np.float32), ink.shape[::-1],
            interpolation=cv2.INTER_CUBIC,
        )  # fmt: skip
        loss = grain + patch * rng.uniform(0, 0.8) > rng.uniform(0.9, 2.4)
        ink = np.where(loss, (ink * rng.uniform(0, 0.5)).astype(np.uint8), ink).astype(np.uint8)
    if rng.random() < 0.3:
        for _ in range(rng.integers(1, 12)):
            centre = (int(rng.integers(ink.shape[1])), int(rng.integers(ink.shape[0])))
            cv2.circle(ink, centre, int(rng.integers(1, 6)), int(rng.integers(80, 255)), -1)
    if rng.random() < 0.06:
        points = np.column_stack(
            [rng.integers(0, ink.shape[1], 3), rng.integers(0, ink.shape[0], 3)]
        )
        cv2.polylines(
            ink, [points.astype(np.int32)], isClosed=False, color=int(rng.integers(90, 220)),
            thickness=int(rng.integers(3, 8)), lineType=cv2.LINE_AA,
        )  # fmt: skip
    return ink


def _scanned(ink: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Photograph it: turn, blur, sample coarsely, light unevenly, add noise; 0 = black."""
    height, width = ink.shape
    middle, scale = (width / 2, height / 2), float(rng.normal(1, 0.02)) / _FINE
    turn = np.asarray(cv2.getRotationMatrix2D(middle, float(rng.normal(0, 1.0)), scale))
    turn[0, 1] = turn[0, 1] + float(rng.normal(0, 0.05)) / _FINE
    centre = np.array((CELL_WIDTH * _STRIP_CELLS / 2, STRIP_HEIGHT / 2)) + rng.normal(0, 0.8, 2)
    turn[:, 2] = turn[:, 2] + centre - middle
    blurred = cv2.GaussianBlur(ink, (0, 0), float(rng.uniform(0.4, 1.1)) * _FINE * 0.6)
    size = (CELL_WIDTH * _STRIP_CELLS, STRIP_HEIGHT)
    warped = cv2.warpAffine(blurred, turn, size, flags=cv2.INTER_LINEAR)
    small: MatLike = np.asarray(warped, np.float32) / 255
    if rng.random() < 0.4:
        factor = float(rng.uniform(0.42, 1.0))
        coarse = cv2.resize(small, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        small = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.1:
        small = np.asarray(small > rng.uniform(0.3, 0.6), np.float32)
    paper = float(rng.uniform(150, 255))
    darkness = float(rng.uniform(0.45, 0.97))
    light = cv2.resize(
        rng.normal(0, 1, (2, 3)).astype(np.float32), size, interpolation=cv2.INTER_CUBIC
    )
    grey = paper * (1 - darkness * small) * (1 + 0.06 * rng.random() * light)
    grey += rng.normal(0, rng.uniform(0.5, 9), small.shape)
    return np.clip(grey, 0, 255).astype(np.uint8)
