"""One glyph in the form that the digit network reads: 28x28, ink 255 on 0, as MNIST was made.

MNIST fits each digit into a box of 20x20 pixels with its aspect kept, and moves its centre of mass
to the centre of 28x28 (LeCun et al. 1998, "Gradient-based learning applied to document
recognition"). Every glyph, of every data set and every camera, goes through this one function.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

GLYPH_SIZE = 28
_BOX_SIZE = 20
_INK_SHARE = 0.15  # a pixel with this share of the darkest ink belongs to the glyph's box
_HALF_INK = 127
_THINNEST_STROKE = 1.6  # pixels after scaling; MNIST's own strokes are 2 to 3
_FAINTEST_INK = 12  # of 255; whatever is below is an empty glyph


def normalise_glyph(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return (28, 28) ink, 255 = full ink, from (height, width) ink of any size.

    A glyph without ink comes back empty. Hairlines of large drawings are thickened before they are
    scaled down, so that they do not fade.
    """
    glyph = np.zeros((GLYPH_SIZE, GLYPH_SIZE), np.uint8)
    strongest = int(ink.max(initial=0))
    if strongest < _FAINTEST_INK:
        return glyph
    inked = (ink >= max(1, int(strongest * _INK_SHARE))).astype(np.uint8)
    x, y, width, height = cv2.boundingRect(inked)
    part = _stretch(ink[y : y + height, x : x + width], strongest)
    scale = _BOX_SIZE / max(width, height)
    part = _thicken(part, scale)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    scaled = cv2.resize(part, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    scaled = cv2.convertScaleAbs(scaled, alpha=255.0 / max(1, int(scaled.max())))
    moments = cv2.moments(scaled)
    left = _place(moments["m10"] / moments["m00"], size[0])
    top = _place(moments["m01"] / moments["m00"], size[1])
    glyph[top : top + size[1], left : left + size[0]] = scaled
    return glyph


def _stretch(part: NDArray[np.uint8], strongest: int) -> NDArray[np.uint8]:
    """Return the part with its strongest ink at 255."""
    return np.asarray(cv2.convertScaleAbs(part, alpha=255.0 / strongest), np.uint8)


def _place(centre: float, length: int) -> int:
    """Return where a glyph begins when its centre of mass is put at 14, as in MNIST."""
    return min(max(round(GLYPH_SIZE / 2 - centre), 0), GLYPH_SIZE - length)


def _thicken(part: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    """Widen strokes that scaling down would leave thinner than ``_THINNEST_STROKE``."""
    if scale >= 1:
        return part
    missing = _THINNEST_STROKE / scale - stroke_width(part)
    if missing < 1:
        return part
    size = 2 * round(missing / 2) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return np.asarray(cv2.dilate(part, kernel), np.uint8)


def stroke_width(ink: NDArray[np.uint8]) -> float:
    """Return the mean stroke width in pixels: twice the ink's area over its outline's length.

    A stroke of length L and width w has the area L w and an outline of about 2 L (+ 2 w, which
    is left out).
    """
    mask = (ink > _HALF_INK).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    outline = sum(cv2.arcLength(contour, closed=True) for contour in contours)
    return 2.0 * cv2.countNonZero(mask) / outline if outline else 0.0
