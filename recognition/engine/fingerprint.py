"""A short mark of what an item looks like, by which two images of one item are told.

The sheet's face is averaged down to 33 x 16 places; each bit says whether a place is darker than
its right neighbour (the "difference hash"). Compression, resolution and a little skew change few
bits; other writing on the same form changes many.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.sheet import Region, Sheet

_FACE = Region(4.0, 4.0, 198.0, 76.0)
_PIXELS_A_MM = 2.0
_SIZE = (33, 16)


def fingerprint(grey: NDArray[np.uint8], sheet: Sheet) -> str:
    """Return the mark of a sheet in an image as hexadecimal digits, four bits each."""
    face = sheet.cut(grey, _FACE, _PIXELS_A_MM).grey
    places = cv2.resize(face, _SIZE, interpolation=cv2.INTER_AREA).astype(np.int16)
    bits = places[:, :-1] < places[:, 1:]
    return np.packbits(bits).tobytes().hex()
