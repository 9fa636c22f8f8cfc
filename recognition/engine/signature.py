"""Tell whether anything is written where the drawer signs.

Only that a pen was there is told, never whose: strokes are larger than print, darker than security
print, and, unlike a bar code's bars, neither flat nor straight.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.region import Region
from recognition.engine.sheet import Sheet

_PIXELS_A_MM = 4.0
_PEN = 0.62  # of the paper's brightness: security print is lighter
_PAPER_MM = 4.2  # wider than any stroke
_LONG_MM, _SHORT_MM = 5.0, 2.5
"""Of a stroke's box: printed letters and the ends of bars stay below one or the other."""


def is_signed(grey: NDArray[np.uint8], sheet: Sheet, window: Region) -> bool:
    """Return whether a pen stroke lies in a window, the signature's, of a sheet in an image."""
    place = sheet.cut(grey, window, _PIXELS_A_MM).grey
    size = round(_PAPER_MM * _PIXELS_A_MM) | 1
    closed = cv2.morphologyEx(place, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    paper = cv2.blur(closed, (size, size))
    ink = (place < _PEN * paper.astype(np.float32)).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    strokes = (np.maximum(width, height) >= _LONG_MM * _PIXELS_A_MM) & (
        np.minimum(width, height) >= _SHORT_MM * _PIXELS_A_MM
    )
    return bool(strokes.any())
