"""A short mark of what an item looks like, by which two images of one item are told.

The sheet's face is averaged down to 33 x 16 places; each bit says whether a place is darker than
its right neighbour (the "difference hash"). Compression, resolution and a little skew change few
bits; other writing on the same form changes many.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.region import Region
from recognition.engine.sheet import Sheet

_EDGE_MM, _FOOT_MM = 4.0, 16.0  # left out: edges, and the line that differs on every item
_PIXELS_A_MM = 2.0
_SIZE = (33, 16)


def fingerprint(grey: NDArray[np.uint8], sheet: Sheet) -> str:
    """Return the mark of a sheet in an image as hexadecimal digits, four bits each."""
    right, bottom = sheet.width_mm - _EDGE_MM, sheet.height_mm - _FOOT_MM
    face = sheet.cut(grey, Region(_EDGE_MM, _EDGE_MM, right, bottom), _PIXELS_A_MM).grey
    places = cv2.resize(face, _SIZE, interpolation=cv2.INTER_AREA).astype(np.int16)
    bits = places[:, :-1] < places[:, 1:]
    return np.packbits(bits).tobytes().hex()
