"""A sheet of paper that lies on a darker table: where what is written on it can be."""

from collections.abc import Sequence

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from recognition.engine.types import Box

_SMALLEST_SIDE = 64  # pixels; smaller images are cut out, not photographed
_WORKING_SIDE = 480
_LEAST_SHARE = 0.2  # of the image that a sheet covers; strokes of chalk cover less
_LEAST_SOLID = 0.85  # of its convex outline: a stroke is never so solid
_LEAST_SQUARE = 0.85  # of the smallest rectangle around it: a round blob has 0.79
_LEAST_INNER = 0.6  # of the sheet that the upright rectangle in it must hold
_LEAST_INK = 0.001  # of that rectangle; a blob of chalk holds none
_RIM = 0.02  # of the image's longer side: the sheet's edge and its shadow
_TABLE = 0.75  # of the brightness at the sheet's edge; lighter is the same paper in a shade


def sheet_on_table(grey: NDArray[np.uint8]) -> Box | None:
    """Return the upright rectangle inside a bright sheet with ink on it, or ``None``.

    ``grey`` is (height, width), 0 = black. ``None`` where the paper fills the image, or where
    light strokes stand on a dark ground.
    """
    if min(grey.shape) < _SMALLEST_SIDE:
        return None
    scale = min(1.0, _WORKING_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, bright = cv2.threshold(cv2.GaussianBlur(small, (5, 5), 0), 0, 255, cv2.THRESH_OTSU)
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = _outline_of_sheet(contours, small.size)
    if hull is None:
        return None
    area = cv2.contourArea(hull)
    rim = round(_RIM * max(small.shape))
    if not _has_edge(np.asarray(small, np.uint8), hull, rim):
        return None
    left, top, right, bottom = _inner(hull, rim)
    is_large = right > left and (right - left) * (bottom - top) >= _LEAST_INNER * area
    if not is_large or np.mean(bright[top:bottom, left:right] == 0) < _LEAST_INK:
        return None
    x, y, x_end, y_end = (round(value / scale) for value in (left, top, right, bottom))
    return Box(x, y, min(x_end, grey.shape[1]) - x, min(y_end, grey.shape[0]) - y)


def _outline_of_sheet(contours: Sequence[MatLike], pixels: int) -> MatLike | None:
    """Return the convex outline of the largest bright piece, if that is solid and four-sided."""
    if not contours:
        return None
    outline = max(contours, key=cv2.contourArea)
    hull = cv2.convexHull(outline)
    area = cv2.contourArea(hull)
    _, (across, down), _ = cv2.minAreaRect(hull)
    is_solid = cv2.contourArea(outline) >= _LEAST_SOLID * area
    is_square = area >= _LEAST_SQUARE * across * down
    return hull if area >= _LEAST_SHARE * pixels and is_solid and is_square else None


def _has_edge(grey: NDArray[np.uint8], hull: MatLike, rim: int) -> bool:
    """Say whether brightness falls at once beyond the outline: in a shade it falls slowly."""
    inside = np.zeros(grey.shape, np.uint8)
    cv2.fillConvexPoly(inside, hull, 255)
    near = np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)
    # Where the sheet reaches the image's border, it has no edge to be seen.
    within = cv2.subtract(inside, cv2.erode(inside, near, borderValue=(255,)))
    beyond = cv2.subtract(cv2.dilate(inside, near), inside)
    table, paper = grey[beyond > 0], grey[within > 0]
    return bool(table.size and paper.size and np.median(table) <= _TABLE * np.median(paper))


def _inner(hull: MatLike, rim: int) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom between a sheet's corners, less its rim."""
    points = hull[:, 0]
    sums, differences = points.sum(axis=1), points[:, 0] - points[:, 1]
    corners = points[
        [sums.argmin(), differences.argmax(), sums.argmax(), differences.argmin()]
    ]  # top left, top right, bottom right, bottom left
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners.tolist()
    return max(x0, x3) + rim, max(y0, y1) + rim, min(x1, x2) - rim, min(y2, y3) - rim
