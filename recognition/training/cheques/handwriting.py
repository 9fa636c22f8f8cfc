"""Digits and marks as a pen writes them: strokes of a skeleton, bent a little anew each time.

Coordinates are in a box one unit wide and high, y down. Good for demo cheques and tests, which must
not need any data set; the networks learn from real handwriting.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Stroke = tuple[tuple[float, float], ...]

_FINE = 16  # fixed-point places of cv2's anti-aliased lines: 4 bits


def _arc(
    x: float, y: float, width: float, height: float, start: float, end: float, points: int = 14
) -> Stroke:
    """Return an arc of an ellipse; angles in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, points))
    return tuple((float(x + width * np.cos(a)), float(y + height * np.sin(a))) for a in angles)


SKELETONS: dict[str, tuple[Stroke, ...]] = {
    "0": (_arc(0.5, 0.5, 0.36, 0.5, -80, 285),),
    "1": (((0.32, 0.2), (0.55, 0.0), (0.52, 1.0)),),
    "2": ((*_arc(0.47, 0.27, 0.36, 0.27, -165, 40), (0.12, 0.98), (0.9, 0.95)),),
    "3": ((*_arc(0.42, 0.26, 0.34, 0.26, -150, 90), *_arc(0.42, 0.75, 0.4, 0.25, -90, 150)),),
    "4": (((0.55, 0.0), (0.1, 0.62), (0.92, 0.6)), ((0.68, 0.3), (0.62, 1.0))),
    "5": (
        ((0.28, 0.02), (0.22, 0.45), *_arc(0.45, 0.69, 0.36, 0.3, -110, 150)),
        ((0.28, 0.02), (0.85, 0.0)),
    ),
    "6": (((0.7, 0.0), (0.25, 0.45), *_arc(0.48, 0.72, 0.34, 0.28, 180, 540, 18)),),
    "7": (((0.1, 0.05), (0.88, 0.02), (0.4, 1.0)),),
    "8": (
        (*_arc(0.5, 0.25, 0.28, 0.25, -60, -270, 10), *_arc(0.5, 0.75, 0.36, 0.25, -90, 250, 18),
         (0.7, 0.3), (0.62, 0.03)),
    ),
    "9": ((*_arc(0.47, 0.28, 0.34, 0.28, -20, -380, 18), (0.78, 0.5), (0.6, 1.0)),),
    ",": (((0.35, 0.86), (0.28, 1.14)),),
    ".": (((0.3, 0.95), (0.34, 0.98)),),
    "/": (((0.75, -0.1), (0.15, 1.12)),),
    "-": (((0.1, 0.55), (0.85, 0.5)),),
}  # fmt: skip

_ADVANCE = {",": 0.42, ".": 0.35, "/": 0.6, " ": 0.5, "-": 0.8}


def write(
    text: str, height: float, pen: float, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], list[tuple[int, int, int, int]]]:
    """Return ink of a text, (rows, columns), 255 = ink, and the characters' boxes.

    A box is left, top, right, bottom. ``height`` is that of a digit and ``pen`` the stroke's width,
    pixels. Slant, size and spacing are one writer's: the same through a text but for small changes.
    """
    slant = rng.normal(0.12, 0.12)
    aspect = rng.uniform(0.55, 0.75)
    spacing = rng.uniform(0.1, 0.3)
    margin = height * 0.4
    width = int(sum((_ADVANCE.get(c, 1.0) * aspect + spacing) * height * 1.2 for c in text))
    ink = np.zeros((int(height * 1.8), width + int(2 * margin)), np.uint8)
    boxes = []
    x = margin
    for character in text:
        size = height * rng.normal(1.0, 0.05)
        top = height * 0.4 + rng.normal(0, 0.03) * height
        if character != " ":
            strokes = _bent(SKELETONS[character], rng)
            points = [_placed(stroke, x, top, size, aspect, slant) for stroke in strokes]
            for line in points:
                cv2.polylines(
                    ink, [np.round(line * _FINE).astype(np.int32)], isClosed=False, color=255,
                    thickness=max(1, round(pen)), lineType=cv2.LINE_AA, shift=4,
                )  # fmt: skip
            every = np.vstack(points)
            left, up = np.floor(every.min(axis=0) - pen / 2).astype(int)
            right, down = np.ceil(every.max(axis=0) + pen / 2).astype(int)
            boxes.append((int(left), int(up), int(right), int(down)))
        x += (_ADVANCE.get(character, 1.0) * aspect + spacing) * size
    return ink[:, : int(x + margin)], boxes


def _bent(strokes: tuple[Stroke, ...], rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """Return the strokes as smooth curves through jittered points."""
    bent = []
    turn = rng.normal(0, 0.06)
    for stroke in strokes:
        points = np.array(stroke) + rng.normal(0, 0.022, (len(stroke), 2))
        centred = points - 0.5
        points = centred @ np.array([[1, turn], [-turn, 1]]) + 0.5
        bent.append(_smooth(points))
    return bent


def _smooth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the Catmull-Rom curve through the points; straight skeletons keep their corners."""
    if len(points) < 5:
        return points
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 5)[:-1, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
                   + (3 * b - a - 3 * c + d) * t**3)
        )  # fmt: skip
    return np.vstack([*pieces, points[-1:]])


def _placed(
    points: NDArray[np.float64], x: float, top: float, size: float, aspect: float, slant: float
) -> NDArray[np.float64]:
    across = x + points[:, 0] * size * aspect + (1 - points[:, 1]) * slant * size
    return np.column_stack([across, top + points[:, 1] * size])
