"""The ₹ sign that CTS-2010 has printed in the amount box: drawn, and found again.

A reader of digits takes it for a 3 or a 7, and it stands where a digit would matter most. It is cut
off only where it is recognised: cutting by place alone would cost amounts their first digit.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.rulings import ink_mask, without_rulings
from recognition.engine.sheet import Snippet

SIGN_WIDTH_MM = 2.4
SIGN_HEIGHT_MM = 3.6

_HEIGHTS_MM = (2.9, 3.3, 3.8, 4.3, 4.9, 5.5)
_REACH_MM = 13.0
"""The sign lies within so much of the box's left edge."""

_LIKE = 0.62
"""Correlation with the drawn sign: 0.67 to 0.85 on the forms of four banks, below 0.5 on digits."""


def draw_rupee_sign(pixels_a_mm: float, stroke_mm: float = 0.4) -> NDArray[np.uint8]:
    """Return the sign as ink, 255, about 2.4 x 3.6 mm: two bars, a bowl and a leg."""
    fine = 4
    scale = pixels_a_mm * fine
    mask = np.zeros((round((SIGN_HEIGHT_MM + stroke_mm) * scale), round(2.8 * scale)), np.uint8)
    thick = max(1, round(stroke_mm * scale))

    def point(across: float, down: float) -> tuple[int, int]:
        return round((0.2 + across) * scale), round((0.2 + down) * scale)

    cv2.line(mask, point(0, 0), point(2.3, 0), 255, thick)
    cv2.line(mask, point(0, 0.95), point(2.3, 0.95), 255, thick)
    cv2.ellipse(mask, point(0.75, 0.95), (round(0.95 * scale),) * 2, 0, -90, 90, 255, thick)
    cv2.line(mask, point(0, 1.9), point(0.75, 1.9), 255, thick)
    cv2.line(mask, point(0.3, 1.9), point(1.9, 3.5), 255, thick)
    size = (round(mask.shape[1] / fine), round(mask.shape[0] / fine))
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.uint8)


_SIGNS = tuple(draw_rupee_sign(8.0 * height / SIGN_HEIGHT_MM) for height in _HEIGHTS_MM)


def sign_end(box: Snippet) -> int | None:
    """Return the column after the sign in a snippet of the amount box, or ``None`` without one."""
    mm = box.pixels_a_mm
    ink = without_rulings(ink_mask(box), mm)[:, : round(_REACH_MM * mm)]
    soft = cv2.GaussianBlur(ink, (0, 0), 0.1 * mm)
    best, end = _LIKE, None
    for sign in _SIGNS:
        scaled = cv2.resize(sign, None, fx=mm / 8.0, fy=mm / 8.0, interpolation=cv2.INTER_AREA)
        if scaled.shape[0] > soft.shape[0] or scaled.shape[1] > soft.shape[1]:
            continue
        match = cv2.matchTemplate(soft, scaled, cv2.TM_CCOEFF_NORMED)
        _, score, _, (x, _) = cv2.minMaxLoc(match)
        if score > best:
            best, end = score, x + scaled.shape[1]
    return end
