"""Cut the eight date boxes into glyphs, each with the ink of its own digit alone."""

from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from recognition.engine.date_comb import CELLS, DateComb, find_date_comb
from recognition.engine.image import Planes
from recognition.engine.line import percentiles
from recognition.engine.region import Region
from recognition.engine.sheet import Sheet, Snippet
from recognition.engine.types import Box

_PIXELS_A_MM = 8.0
_INSIDE_MM = 0.3
_SPECK = 0.012  # of the cell's height squared: less ink is dirt
_FRAME_SHARE = 0.2  # of the cell's height at its top and foot may hold the frame
_INTRUDES = 0.3  # of the cell's width: a mark at the side that is narrower is a neighbour's


@dataclass(frozen=True, slots=True)
class DateCut:
    """The glyphs, each (height, width) with 255 = ink, their boxes, and the comb in the image."""

    glyphs: tuple[NDArray[np.uint8], ...]
    boxes: tuple[Box, ...]
    box: Box
    strip: Snippet


def cut_date(planes: Planes, sheet: Sheet, place: Region) -> DateCut | None:
    """Return the eight boxes' ink, or ``None`` where no comb is found in a place of the sheet."""
    comb = find_date_comb(sheet.cut(planes.plain, place, _PIXELS_A_MM))
    if comb is None:
        return None
    window = sheet.cut(planes.grey, place, _PIXELS_A_MM)
    glyphs, boxes = [], []
    for index in range(CELLS):
        glyph, box = _cell(window, comb, index)
        glyphs.append(glyph)
        boxes.append(box)
    left, right = round(comb.lines[0]), round(comb.lines[-1])
    pad = round(0.25 * comb.pitch)
    strip = window.part(max(left - pad, 0), max(comb.top - pad, 0), right + pad, comb.bottom + pad)
    frame = window.image_box(left, comb.top, right, comb.bottom)
    return DateCut(tuple(glyphs), tuple(boxes), frame, strip)


def _cell(window: Snippet, comb: DateComb, index: int) -> tuple[NDArray[np.uint8], Box]:
    inset = _INSIDE_MM * _PIXELS_A_MM
    left = round(comb.lines[index] + inset)
    right = round(comb.lines[index + 1] - inset)
    top, bottom = round(comb.top + inset), round(comb.bottom - inset)
    cell = window.grey[top:bottom, left:right]
    return _own_ink(cell), window.image_box(left, top, right, bottom)


def _own_ink(cell: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the cell's ink without specks and without what reaches in from its neighbours."""
    (paper,) = percentiles(cell, 80)
    contrast = paper - float(cell.min())
    if contrast < 25:  # noqa: PLR2004 - paler than any pen: an empty box
        return np.zeros_like(cell)
    ink = np.clip((paper - cell.astype(np.float32)) / contrast * 255, 0, 255).astype(np.uint8)
    mask = _without_frame(cv2.threshold(ink, 90, 255, cv2.THRESH_BINARY)[1])
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    height, width = cell.shape
    keep = np.zeros(count, np.uint8)
    for component in range(1, count):
        x, _, span, _, area = (int(value) for value in stats[component])
        at_side = x == 0 or x + span == width
        keep[component] = area >= _SPECK * height**2 and not (at_side and span < _INTRUDES * width)
    if not keep.any():
        return np.zeros_like(cell)
    own = cv2.dilate(keep[labels], np.ones((3, 3), np.uint8))
    return np.asarray(ink * own, np.uint8)


def _without_frame(mask: MatLike) -> MatLike:
    """Take the frame's own rules out where a slight tilt brings them into the cell."""
    height, width = mask.shape
    rules = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, round(0.75 * width)), np.uint8))
    rules[round(_FRAME_SHARE * height) : height - round(_FRAME_SHARE * height)] = 0
    return cv2.subtract(mask, cv2.dilate(rules, np.ones((2, 1), np.uint8)))
