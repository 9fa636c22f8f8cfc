"""What one handwritten digit looks like, in closed form: its instantiation parameters.

Moments are those of image pixels weighted by ink (Hu 1962, "Visual pattern recognition by moment
invariants"): m_pq = sum x^p y^q ink, and mu_pq the same about the centre of mass.

- *Slant*: the shear that makes mu_11 vanish, atan(-mu_11 / mu_02); positive leans to the right.
- *Stroke width*: twice the ink's area over its outline (``recognition.engine.glyphs``).
- *Loops*: holes of the ink, 1 - Euler number for a connected digit (Gray 1971), counted as inner
  contours; pinholes smaller than a stroke are not counted.
"""

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.glyphs import stroke_width
from recognition.engine.types import Box, DigitShape

_HALF_INK = 127
_SMALLEST_LOOP = 0.25  # of the stroke width squared
_INNER_CONTOUR = 3  # column of OpenCV's hierarchy that holds the parent


def describe(ink: NDArray[np.uint8], box: Box, baseline: float | None = None) -> DigitShape | None:
    """Return the shape of one digit, or ``None`` where there is no ink.

    Args:
        ink: (height, width) of the box's pixels, 255 = full ink.
        box: where they are in the image that was read.
        baseline: y of the line that the digits stand on, in pixels of that image; the digit's own
            bottom unless given.

    Lengths and places are in pixels of the image that was read, angles in degrees.
    """
    moments = cv2.moments(ink)
    mask = (ink > _HALF_INK).astype(np.uint8)
    _, top, width, height = cv2.boundingRect(mask)
    if not moments["m00"] or not height:
        return None
    bottom = box.y + top + height
    width_of_stroke = stroke_width(ink)
    return DigitShape(
        slant_degrees=math.degrees(math.atan2(-moments["mu11"], moments["mu02"])),
        stroke_width=width_of_stroke,
        height=float(height),
        aspect=width / height,
        centre_x=box.x + moments["m10"] / moments["m00"],
        centre_y=box.y + moments["m01"] / moments["m00"],
        baseline_offset=0.0 if baseline is None else bottom - baseline,
        loops=_count_loops(mask, _SMALLEST_LOOP * width_of_stroke**2),
    )


def moved(shape: DigitShape, x: float, y: float, scale: float = 1.0) -> DigitShape:
    """Return a shape that was described in a crop as one in the image that the crop is of.

    ``x`` and ``y`` are where the crop lies, ``scale`` is image pixels a pixel of the crop.
    """
    return replace(
        shape,
        stroke_width=shape.stroke_width * scale,
        height=shape.height * scale,
        centre_x=x + shape.centre_x * scale,
        centre_y=y + shape.centre_y * scale,
        baseline_offset=shape.baseline_offset * scale,
    )


def _count_loops(mask: NDArray[np.uint8], smallest: float) -> int:
    contours, hierarchy = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    return sum(
        1
        for index, contour in enumerate(contours)
        if hierarchy[0][index][_INNER_CONTOUR] >= 0 and cv2.contourArea(contour) >= smallest
    )
