"""Narrow a loose crop of a field to its writing: to the printed frame where one shows."""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.amount_box import find_amount_box
from recognition.engine.currency_sign import sign_end
from recognition.engine.date_comb import find_date_comb
from recognition.engine.rulings import horizontal_lines, ink_mask, vertical_lines
from recognition.engine.sheet import Snippet
from recognition.engine.types import Box

_SCAN_PIXELS_A_MM = 11.81
_WORKING_PIXELS_A_MM = 8.0
_LEAST_SHARE = 0.45
"""Of the crop's width that a frame must take to be the field's own."""
_LEFT_SHARE, _RIGHT_SHARE = 0.25, 0.7
_UPRIGHT_SHARE = 0.75  # of the room's height: strokes of figures are shorter
_FRAMED_PIXELS = 400
"""Width below which a crop can't be a whole 300 dpi box; it is taken to be cut already."""
_INSIDE_MM = 0.45
_CLOSE_SHARE = 0.75
"""Of the crop's height: a line that takes more of it is cropped closely enough."""
_LEAST_LINE = 12  # pixels: lower bands are rules or dashes


def writing_of(grey: NDArray[np.uint8], is_comb: bool) -> Box:  # noqa: FBT001 - one caller
    """Return the part of a crop to read: inside its frame if there is one, else all of it."""
    height, width = grey.shape
    whole = Box(0, 0, width, height)
    if width < _FRAMED_PIXELS:
        return whole if is_comb else _line_of(grey)
    shrink = _WORKING_PIXELS_A_MM / _SCAN_PIXELS_A_MM
    small = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    snippet = Snippet(np.asarray(small, np.uint8), _WORKING_PIXELS_A_MM, np.eye(2, 3))
    if is_comb:
        comb = find_date_comb(snippet)
        if comb is None:
            return whole
        pad = 0.12 * comb.pitch
        first, last = comb.lines[0] - pad, comb.lines[-1] + pad
        return _box((first, comb.top - pad, last, comb.bottom + pad), shrink, whole)
    edges = _framed(snippet) or _half_framed(snippet)
    return _line_of(grey) if edges is None else _box(edges, shrink, whole)


def _line_of(grey: NDArray[np.uint8]) -> Box:
    """Return the rows of the writing where a crop has much paper above or below it, or all."""
    height, width = grey.shape
    ink = ink_mask(Snippet(grey, _WORKING_PIXELS_A_MM, np.eye(2, 3)))
    top, bottom = (round(edge) for edge in _band(ink, 0.0, float(height)))
    if bottom - top > _CLOSE_SHARE * height or bottom - top < _LEAST_LINE:
        return Box(0, 0, width, height)
    return Box(0, top, width, bottom - top)


Edges = tuple[float, float, float, float]  # left, top, right, bottom


def _framed(snippet: Snippet) -> Edges | None:
    """Return the writing room of the amount box, right of its currency sign."""
    frame = find_amount_box(snippet)
    if frame is None or frame.right - frame.left < _LEAST_SHARE * snippet.grey.shape[1]:
        return None
    inset = _INSIDE_MM * _WORKING_PIXELS_A_MM
    edges = (frame.left + inset, frame.top + inset, frame.right - inset, frame.bottom - inset)
    return _writing_room(snippet, edges, frame.divider)


def _half_framed(snippet: Snippet) -> Edges | None:
    """Return the same where the crop has cut the frame's upper or lower edge off."""
    mm, inset = snippet.pixels_a_mm, _INSIDE_MM * snippet.pixels_a_mm
    height, width = snippet.grey.shape
    ink = ink_mask(snippet)
    level = [line for line in horizontal_lines(ink, mm) if line.length > _LEAST_SHARE * width]
    if not level:
        return None
    edge = max(level, key=lambda line: line.length)
    top, bottom = (edge.at + inset, height) if edge.at < height / 2 else (0, edge.at - inset)
    uprights = [
        line.at
        for line in vertical_lines(ink, mm)
        if min(abs(line.end - edge.at), abs(line.start - edge.at)) < mm
        and line.length > _UPRIGHT_SHARE * (bottom - top)
    ]
    left = min((at for at in uprights if at < _LEFT_SHARE * width), default=0.0)
    divider = max((at for at in uprights if left + 4 * mm < at < 0.4 * width), default=None)
    right = max((at for at in uprights if at > _RIGHT_SHARE * width), default=float(width))
    edges = (left + inset, float(top), right - inset, float(bottom))
    return _writing_room(snippet, edges, None if divider is None else round(divider))


def _writing_room(snippet: Snippet, edges: Edges, divider: int | None) -> Edges | None:
    left, top, right, bottom = edges
    inner = snippet.part(round(left), round(top), round(right), round(bottom))
    if min(inner.grey.shape) < 3 * snippet.pixels_a_mm:
        return None
    start = divider if divider is not None else left + (sign_end(inner) or 0)
    start += _INSIDE_MM * snippet.pixels_a_mm if start > left else 0
    top, bottom = _band(ink_mask(inner)[:, round(start - left) :], top, bottom)
    return (start, top, right, bottom)


def _band(ink: NDArray[np.uint8], top: float, bottom: float) -> tuple[float, float]:
    """Return the rows where the writing is: those between 3 and 97 % of its ink, with a margin."""
    rows = ink.sum(axis=1, dtype=np.float64)
    total = rows.sum()
    if total <= 0:
        return top, bottom
    share = np.cumsum(rows) / total
    low, high = int(np.searchsorted(share, 0.03)), int(np.searchsorted(share, 0.97))
    margin = 0.12 * (high - low) + 2
    return max(top, top + low - margin), min(bottom, top + high + margin)


def _box(edges: Edges, scale: float, whole: Box) -> Box:
    left, top, right, bottom = (round(edge / scale) for edge in edges)
    left, top = max(0, left), max(0, top)
    right, bottom = min(whole.width, right), min(whole.height, bottom)
    if min(right - left, bottom - top) < _LEAST_LINE:
        return whole
    return Box(left, top, right - left, bottom - top)
