"""Cut the two lines of the amount in words, by the amount box whose frame tells where they run.

On CTS-2010 forms the first line's rule runs level with the box's upper edge, the second's with its
lower; both start right of the printed "Rupees". The first is written over the box's upper edge
where it is long.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.image import Planes
from recognition.engine.region import Region
from recognition.engine.sheet import Sheet, Snippet

_PIXELS_A_MM = 8.0
_START_MM = 14.0  # left of it stands the printer's imprint
_END_MM = 156.0
_ABOVE_MM, _BELOW_MM = 7.5, 2.0  # of its rule: ascenders, and tails as far as they matter
_ONE_LINE_MM = 13.0  # a higher place has two lines
_AROUND_MM = 1.5
_LABEL_MM = 14.0  # print left of the amount box
_TAILS_MM = 3.0  # of the first line, which reach into the second
_WRITTEN_MM = 10.0
"""So much of the second line's width must hold ink before it is read: stray tails are shorter."""

_PEN = 0.5  # of the paper's brightness: security print is lighter

_PAPER_MM = 3.1  # wider than any stroke
_DARKEST = 1.0  # per cent of a line's pixels that are taken to be full ink


def cut_place(planes: Planes, sheet: Sheet, place: Region) -> list[Snippet]:
    """Return the one or two lines of a form that has them in a place of their own."""
    count = 1 + (place.bottom - place.top > _ONE_LINE_MM)
    height = (place.bottom - place.top) / count
    tops = (place.top + line * height for line in range(count))
    return [
        sheet.cut(
            planes.grey,
            Region(place.left, top - _AROUND_MM, place.right, top + height + _AROUND_MM),
            _PIXELS_A_MM,
        )
        for top in tops
    ]


def cut_lines(planes: Planes, sheet: Sheet, amount_box: Region) -> list[Snippet]:
    """Return the first line, and the second if it is written on, at 8 pixels a millimetre."""
    left, top, bottom = amount_box.left, amount_box.top, amount_box.bottom
    first = Region(_START_MM, top - _ABOVE_MM, _END_MM, top + _BELOW_MM)
    lines = [sheet.cut(planes.grey, first, _PIXELS_A_MM)]
    end = left - _LABEL_MM
    if _is_written(sheet.cut(planes.grey, _inner(top, end, bottom), _PIXELS_A_MM)):
        second = Region(_START_MM, bottom - _ABOVE_MM, end, bottom + _BELOW_MM)
        lines.append(sheet.cut(planes.grey, second, _PIXELS_A_MM))
    return lines


def _inner(top: float, end: float, bottom: float) -> Region:
    return Region(_START_MM + 2.0, top + _TAILS_MM, end, bottom - 1.0)


def _is_written(snippet: Snippet) -> bool:
    paper = float(np.median(snippet.grey))
    columns = np.count_nonzero((snippet.grey < _PEN * paper).any(axis=0))
    return bool(columns > _WRITTEN_MM * snippet.pixels_a_mm)


def on_white(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a line with its paper made white and its ink black, (height, width)."""
    size = round(_PAPER_MM * _PIXELS_A_MM) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    paper = cv2.GaussianBlur(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, kernel), (0, 0), size * 0.6)
    share = np.minimum(grey.astype(np.float32) / np.maximum(paper, 1), 1.0)
    darkest = min(float(np.percentile(share, _DARKEST)), 0.9)
    clean = np.clip((share - darkest) / (1.0 - darkest), 0.0, 1.0) * 255
    return np.asarray(clean, np.uint8)
