"""A line of writing as ink set upright: print faded, ruled lines out, the hand's slant undone."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.line import percentiles
from recognition.engine.types import Box

LINE_HEIGHT = 48
"""Rows of a line of ink: a digit's strokes are 3 to 5 pixels wide."""

_MARGIN = 10  # columns on either side, so that a leaning stroke is not cut off
_PAPER_WINDOW = 25  # wider than a stroke, narrower than the paper's shading
_SLANTS = (-0.3, -0.15, 0.0, 0.15, 0.3, 0.45, 0.6)
_FAINT = 0.6  # of the threshold between ink and paper: where the soft edge of a stroke ends
_FAINTEST_SHARE = 0.15
"""Depth of ink over the paper's brightness at the least: safety print is fainter. The faintest of
200 real amounts had more than twice as much."""
_LEAST_DEPTH = 12  # grey levels between paper and ink; less is no ink
_HALF_INK = 127
_RULE_SHARE = 0.9  # of the line's height: level runs longer than that belong to a ruled line
_RULE_THICKNESS = 5


@dataclass(frozen=True, slots=True, eq=False)
class InkLine:
    """Ink (``LINE_HEIGHT``, width), 255 = full ink; ``mask`` is 1 where there is any.

    ``scale`` is pixels of the line per pixel of the crop; ``slant`` the shear that was undone.
    """

    ink: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    scale: float
    slant: float

    def column(self, x: float) -> float:
        """Return where a column of the crop, at half its height, is in the line."""
        return x * self.scale + _MARGIN

    def lift(self, part: NDArray[np.uint8], left: int) -> tuple[NDArray[np.uint8], Box]:
        """Return ink cut from column ``left`` on as it was in the crop, and its box there.

        The slant is put back; without ink the box is that of the part.
        """
        lean = self.slant * LINE_HEIGHT / 2
        size = (
            max(1, round((part.shape[1] + 2 * abs(lean)) / self.scale)),
            max(1, round(LINE_HEIGHT / self.scale)),
        )
        # From a pixel of the crop's piece to the part: scale, shear about the middle, shift.
        way = np.array(
            [[self.scale, self.slant * self.scale, -abs(lean) - lean], [0, self.scale, 0]],
            np.float32,
        )
        back = cv2.warpAffine(part, way, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        x, y, width, height = cv2.boundingRect((back > _HALF_INK).astype(np.uint8))
        if not width:
            x, y, (width, height) = 0, 0, size
        start = round((left - _MARGIN - abs(lean)) / self.scale)
        ink = np.asarray(back[y : y + height, x : x + width], np.uint8)
        return ink, Box(start + x, y, width, height)


def ink_line(crop: NDArray[np.uint8]) -> InkLine:
    """Return the ink of a crop, (height, width), 0 = black, that holds one line of writing."""
    scale = LINE_HEIGHT / crop.shape[0]
    width = max(LINE_HEIGHT // 4, round(crop.shape[1] * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    ink = _soft_ink(np.asarray(cv2.resize(crop, (width, LINE_HEIGHT), interpolation=way), np.uint8))
    ink = np.pad(ink, ((0, 0), (_MARGIN, _MARGIN)))
    half = np.asarray(cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    slant = max(_SLANTS, key=lambda each: _evenness(_sheared(half, each)))
    upright = _sheared(ink, slant)
    mask = _without_rules((upright > _HALF_INK).astype(np.uint8))
    near = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    return InkLine(np.asarray(upright * near, np.uint8), mask, scale, slant)


def _soft_ink(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return how far each pixel is from paper to ink: Otsu's threshold with soft edges."""
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((_PAPER_WINDOW, _PAPER_WINDOW)))
    depth = cv2.subtract(cv2.blur(paper, (15, 15)), grey)
    threshold, _ = cv2.threshold(depth, 0, 255, cv2.THRESH_OTSU)
    inked = np.asarray(depth, np.uint8)[depth > threshold]
    if not inked.size or threshold < _LEAST_DEPTH / 2:
        return np.zeros_like(grey)
    faint = _FAINT * threshold
    full = max(percentiles(inked, 60)[0], faint + _LEAST_DEPTH)
    if full < _FAINTEST_SHARE * float(paper.mean()):
        return np.zeros_like(grey)
    gain = 255 / (full - faint)
    # convertScaleAbs would turn what lies below the faint end round.
    above = cv2.subtract(depth, np.full_like(depth, round(faint)))
    return np.asarray(cv2.convertScaleAbs(above, alpha=gain), np.uint8)


def _sheared(ink: NDArray[np.uint8], slant: float) -> NDArray[np.uint8]:
    """Lean ink left by ``slant`` columns a row, about half its height."""
    way = np.array([[1, slant, -slant * ink.shape[0] / 2], [0, 1, 0]], np.float32)
    return np.asarray(cv2.warpAffine(ink, way, ink.shape[::-1]), np.uint8)


def _evenness(ink: NDArray[np.uint8]) -> float:
    """Return the energy of the ink's columns: greatest where strokes stand upright."""
    columns = cv2.reduce(ink, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F)
    return float(np.square(columns).sum())


def _without_rules(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take thin level lines out, except where a stroke crosses them."""
    length = round(_RULE_SHARE * LINE_HEIGHT)
    rule = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    if not rule.any():
        return mask
    rule = cv2.bitwise_and(cv2.dilate(rule, np.ones((3, 1), np.uint8)), mask)
    rest = cv2.subtract(mask, rule)
    touched = cv2.dilate(rest, np.ones((_RULE_THICKNESS, 1), np.uint8))
    return np.asarray(cv2.bitwise_or(rest, cv2.bitwise_and(rule, touched)), np.uint8)
