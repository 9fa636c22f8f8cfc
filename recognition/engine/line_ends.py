"""What stands in a printed line besides figures: rules through them, and ink past their ends.

A line is (32, width), 0 = black, its figures 19 pixels high, as the print network reads it; places
are columns of it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.print_reader import FIGURE_HEIGHT, LINE_HEIGHT, normalise_line

_RULE_SHARE = 0.9
"""Of the line's height: no figure is as high, and rules lean by a pixel or two."""

_WIDEST_RULE = 5
_BLURRED = 2  # columns beside a rule that it makes grey
_INK = 0.4  # of the darkest
_NEXT = (0.75, 1.5)
"""Of the distance between figures, from the middle of the last: where another one would stand."""

_LEAST_ROWS = round(0.5 * FIGURE_HEIGHT)
_LEAST_ROWS_AT_A_RULE = 3
"""Of a figure that a rule hides less is to be seen."""


def upright_rules(grey: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Return the first and last column of every upright rule."""
    ink = (normalise_line(grey) > _INK).astype(np.uint8)
    slack = cv2.dilate(ink, np.ones((1, 2), np.uint8))
    high = np.ones((round(_RULE_SHARE * LINE_HEIGHT), 1), np.uint8)
    columns = np.flatnonzero(cv2.morphologyEx(slack, cv2.MORPH_OPEN, high).any(axis=0))
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    return [(int(run[0]), int(run[-1])) for run in runs if 0 < len(run) <= _WIDEST_RULE]


def without(grey: NDArray[np.uint8], rules: list[tuple[int, int]]) -> NDArray[np.uint8]:
    """Return the line with its rules painted over by what stands on either side of them."""
    clean = grey.copy()
    for start, end in rules:
        left, right = max(start - _BLURRED, 0), min(end + _BLURRED, grey.shape[1] - 1)
        share = np.linspace(0.0, 1.0, right - left + 1)
        across = np.outer(grey[:, left], 1 - share) + np.outer(grey[:, right], share)
        clean[:, left : right + 1] = np.rint(across)
    return clean


def goes_on(
    grey: NDArray[np.uint8],
    rules: list[tuple[int, int]],
    ends: tuple[float, float],
    pitch: float,
) -> bool:
    """Tell whether ink stands where a figure before the first or after the last would.

    ``ends`` are the middles of the outermost figures that were read, ``pitch`` is the usual
    distance between two.
    """
    ink = normalise_line(grey) > _INK
    hidden = np.zeros(ink.shape[1], np.bool_)
    for start, end in rules:
        hidden[max(start - _BLURRED, 0) : end + _BLURRED + 1] = True
    ink[:, hidden] = False
    near, far = (share * pitch for share in _NEXT)
    for left, right in ((ends[0] - far, ends[0] - near), (ends[1] + near, ends[1] + far)):
        place = slice(max(round(left), 0), max(round(right), 0) + 1)
        least = _LEAST_ROWS_AT_A_RULE if hidden[place].any() else _LEAST_ROWS
        if np.count_nonzero(ink[:, place].any(axis=1)) >= least:
            return True
    return False
