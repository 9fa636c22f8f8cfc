"""Recognise a CMC-7 line as such: it is read by magnet, and not here.

ISO 1004-2: every character has seven upright bars with six gaps, two of them long; characters
follow at one pitch. So the distance from each bar to the seventh after it is one and the same,
which no print of letters and no E-13B shows.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.image import shrink_whole

_FOOT_SHARE = 0.3  # of the image's height, where a line stands
_WIDEST = 2600  # pixels; a bar is 1.8 wide at 300 dpi
_BLOCK, _DARKER = 25, 15
_LONGEST_GAP = 0.45  # of the pitch, between two bars
_BARS = 7
_FEWEST_BARS = 70  # ten characters
_PIECE = 4  # pixels: least height of a piece of a bar
_SLIM = 0.7  # of its height, at most: how wide a piece may be
_ALIKE = 0.1  # of the pitch
_REGULAR = 0.6  # share of the bars that stand one pitch from the seventh after them
_MOST_PIECES = 8000


def is_cmc7(grey: NDArray[np.uint8]) -> bool:
    """Tell whether a line at the foot of an upright image, 0 = black, is printed in CMC-7."""
    foot = grey[round(len(grey) * (1 - _FOOT_SHARE)) :]
    foot = shrink_whole(foot, max(1, foot.shape[1] // _WIDEST))
    if min(foot.shape) < _BLOCK:
        return False
    ink = cv2.adaptiveThreshold(
        foot, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _BLOCK, _DARKER
    )
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=4)
    x, y, width, height = (stats[1:, column].astype(np.float64) for column in range(4))
    slim = (height >= _PIECE) & (width <= _SLIM * height)
    if not _FEWEST_BARS <= slim.sum() <= _MOST_PIECES:
        return False
    centre, middle = (x + width / 2)[slim], (y + height / 2)[slim]
    tall = float(np.quantile(height[slim], 0.9))
    for level in np.arange(0.0, foot.shape[0], max(tall / 3, 1.0)):
        bars = np.sort(centre[np.abs(middle - level) < tall])
        if _is_regular(_merged(bars)):
            return True
    return False


def _merged(bars: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each bar once: where it is broken, its pieces lie above each other."""
    if not len(bars):
        return bars
    return np.asarray(bars[np.concatenate([[True], np.diff(bars) > 1.0])])


def _is_regular(bars: NDArray[np.float64]) -> bool:
    if len(bars) < _FEWEST_BARS:
        return False
    pitch = bars[_BARS:] - bars[:-_BARS]
    usual = float(np.median(pitch))
    alike = np.abs(pitch - usual) < _ALIKE * usual
    # Evenly spaced bars are a pattern: of a character's gaps two are longer than the others.
    gaps = np.diff(bars)
    gaps = gaps[gaps < _LONGEST_GAP * usual]
    is_uneven = len(gaps) > 0 and np.quantile(gaps, 0.9) > 1.25 * np.quantile(gaps, 0.3)
    return bool(alike.mean() >= _REGULAR and is_uneven)
