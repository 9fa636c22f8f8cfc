"""Read the one number in an image of a drawing, a scan or a photo."""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.digit_image import ink_of
from recognition.engine.strings import Grammar, StringReader
from recognition.engine.types import Box, FieldName, FieldReading

_MARGIN_SHARE = 0.1
"""Of the writing's height, paper left around it: with more, a lone thin 1 was taken for a rule."""


def read_number_image(
    grey: NDArray[np.uint8], reader: StringReader, accept_at: float
) -> FieldReading:
    """Read an image (height, width) of one number; the value is ``None`` where there is none."""
    ink = ink_of(grey)
    box = _writing_box(ink)
    # As dark ink on even paper, whichever way round and however lit the image was.
    crop = 255 - ink[box.y : box.y + box.height, box.x : box.x + box.width]
    reading = reader.read(np.asarray(crop, np.uint8), Grammar.NUMBER)
    return reading.as_field(FieldName.NUMBER, accept_at, box=box)


def _writing_box(ink: NDArray[np.uint8]) -> Box:
    """Return where the ink (255) is, with a margin; all of the image where it can't be told."""
    height, width = ink.shape
    _, mask = cv2.threshold(ink, 0, 255, cv2.THRESH_OTSU)
    left, top, columns, rows = cv2.boundingRect(mask)
    if min(columns, rows) == 0:
        return Box(0, 0, width, height)
    margin = round(_MARGIN_SHARE * rows) + 4
    x, y = max(0, left - margin), max(0, top - margin)
    right, bottom = min(width, left + columns + margin), min(height, top + rows + margin)
    return Box(x, y, right - x, bottom - y)
