"""Draw pen strokes as the drawing page does: round joins, one line width, black on white."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

CANVAS_SIZE = 320  # pixels; the drawing page's canvas
CANVAS_LINE = 18  # pixels; its line width
_SHIFT = 4  # fractional bits of the coordinates that OpenCV draws at

Strokes = Sequence[NDArray[np.float32]]


def draw_strokes(strokes: Strokes, size: int, extent: float, line: float) -> NDArray[np.uint8]:
    """Return a (size, size) canvas, white 255, with the strokes in black in its middle.

    Args:
        strokes: (n, 2) points each, x to the right and y down, in any unit.
        size: side of the canvas in pixels.
        extent: longest side of the drawing as a share of the canvas.
        line: line width in pixels.
    """
    points = np.concatenate(list(strokes))
    low, high = points.min(axis=0), points.max(axis=0)
    scale = extent * size / max(1e-6, float((high - low).max()))
    centre = (low + high) / 2
    ink = np.zeros((size, size), np.uint8)
    for stroke in strokes:
        placed = (stroke - centre) * scale + size / 2
        fixed = np.round(placed * (1 << _SHIFT)).astype(np.int32)
        thickness = max(1, round(line))
        # One point is a dot: a line from it to itself has the same round ends.
        path = fixed if len(fixed) > 1 else np.repeat(fixed, 2, axis=0)
        cv2.polylines(
            ink,
            [path],
            isClosed=False,
            color=255,
            thickness=thickness,
            lineType=cv2.LINE_AA,
            shift=_SHIFT,
        )
    return np.asarray(255 - ink, np.uint8)
