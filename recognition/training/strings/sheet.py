"""A contact sheet: many strings on one page, each with its text, to see what is trained on."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.line import HEIGHT
from recognition.training.strings.synthesis import Sample

_CELL = (300, 64)
_COLUMNS = 6


def contact_sheet(samples: Sequence[Sample]) -> NDArray[np.uint8]:
    """Return a grey page with six strings a row, their texts below them."""
    width, height = _CELL
    page = np.full((-(-len(samples) // _COLUMNS) * height, _COLUMNS * width), 96, np.uint8)
    for number, sample in enumerate(samples):
        y, x = number // _COLUMNS * height, number % _COLUMNS * width
        image = sample.image[:, : width - 4]
        page[y : y + HEIGHT, x : x + image.shape[1]] = image
        place = (x, y + height - 12)
        cv2.putText(page, sample.text or "(nothing)", place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1)
    return page
