"""From paper as it is lit and seen by a camera to paper as a scanner shows it."""

import cv2
import numpy as np
from numpy.typing import NDArray

_PAPER = 232.0
_MOST_GAIN = 5.0
_BLUR = 1.5  # pixels of the camera: focus, hand, compression and the turning flat together
_GIVEN_BACK = 0.6


def evened(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return paper equally light everywhere: each place divided by the paper's light about it."""
    small = cv2.resize(grey, (grey.shape[1] // 16 + 1, grey.shape[0] // 16 + 1),
                       interpolation=cv2.INTER_AREA)  # fmt: skip
    light = cv2.dilate(small, np.ones((3, 3), np.uint8))
    light = cv2.GaussianBlur(light.astype(np.float32), (0, 0), 2.0)
    gain = np.minimum(_PAPER / np.maximum(light, 1.0), _MOST_GAIN)
    gain = cv2.resize(gain, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(grey, gain, dtype=cv2.CV_8U), np.uint8)


def sharpened(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the view with some of what a camera blurs given back (unsharp masking).

    The networks know scans, whose thin strokes stay apart. How much was chosen on drawn photographs
    of the layouts for tuning: dates gain most, more of it gains no more.
    """
    blurred = cv2.GaussianBlur(grey, (0, 0), _BLUR)
    return np.asarray(
        cv2.addWeighted(grey, 1.0 + _GIVEN_BACK, blurred, -_GIVEN_BACK, 0.0), np.uint8
    )
