"""Ruled lines in a snippet: the frames and dividers that say where a field is.

All lengths here are pixels of the snippet unless a name says millimetres.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from recognition.engine.sheet import Snippet

_SHORTEST_VERTICAL_MM = 2.6
_SHORTEST_HORIZONTAL_MM = 9.0
_LONGER_THAN_FIGURES_MM = 6.0
_THICKEST_LEVEL_MM = 2.0  # with the fall of a line as long as the window
_BRIDGED_MM = 1.0
"""Gaps closed in horizontals: dotted rules, and rules made of micro-print."""


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A ruled line: where it lies across its direction, and from where to where along it."""

    at: float
    start: int
    end: int

    @property
    def length(self) -> int:
        """Pixels along its direction."""
        return self.end - self.start


def ink_mask(snippet: Snippet) -> NDArray[np.uint8]:
    """Return what is clearly darker than the paper around it, 255 = ink."""
    block = round(4.4 * snippet.pixels_a_mm) | 1
    return np.asarray(
        cv2.adaptiveThreshold(
            snippet.grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, 14
        ),
        np.uint8,
    )


def vertical_lines(ink: NDArray[np.uint8], pixels_a_mm: float) -> list[Line]:
    """Return the upright lines of at least 2.6 mm, pen strokes as straight as that included."""
    length = round(_SHORTEST_VERTICAL_MM * pixels_a_mm)
    # One pixel of sideways slack keeps lines that the scan's last half degree tilts.
    slack = cv2.dilate(ink, np.ones((1, 2), np.uint8))
    opened = cv2.morphologyEx(slack, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return [
        Line(x + width / 2, y, y + height)
        for x, y, width, height in _components(opened)
        if width <= pixels_a_mm
    ]


def horizontal_lines(ink: NDArray[np.uint8], pixels_a_mm: float) -> list[Line]:
    """Return the level lines of at least 9 mm, dotted and micro-printed ones included."""
    bridge = np.ones((1, round(_BRIDGED_MM * pixels_a_mm)), np.uint8)
    length = round(_SHORTEST_HORIZONTAL_MM * pixels_a_mm)
    slack = cv2.dilate(ink, np.ones((2, 1), np.uint8))
    closed = cv2.morphologyEx(slack, cv2.MORPH_CLOSE, bridge)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    return [
        Line(y + height / 2, x, x + width)
        for x, y, width, height in _components(opened)
        if height <= _THICKEST_LEVEL_MM * pixels_a_mm
    ]


def without_rulings(ink: NDArray[np.uint8], pixels_a_mm: float) -> NDArray[np.uint8]:
    """Return the mask without straight strokes longer than any figure: 6 mm and more."""
    length = round(_LONGER_THAN_FIGURES_MM * pixels_a_mm)
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return np.asarray(cv2.subtract(ink, cv2.max(across, upright)), np.uint8)


def _components(mask: MatLike) -> list[tuple[int, int, int, int]]:
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return [(int(x), int(y), int(width), int(height)) for x, y, width, height, _ in stats[1:]]
