"""Find the amount box: a frame of two long level lines and two upright ones, ₹ at its left."""

from dataclasses import dataclass
from itertools import combinations, product

from recognition.engine.rulings import Line, horizontal_lines, ink_mask, vertical_lines
from recognition.engine.sheet import Snippet

_HEIGHT_MM = (5.5, 14.5)
WIDTHS_MM = (33.0, 66.0)  # of CTS-2010 forms
_CORNER_MM = 1.1
_SIGN_MM = 4.0
_DIVIDER_SHARE = 0.4  # a divider right of the currency sign stands in the box's left part
_WEAKEST = 2.6  # of four sides
_MOST_LINES = 60  # more are a pattern, and every pair of them costs time


@dataclass(frozen=True, slots=True)
class AmountBox:
    """The frame in its snippet, pixels; ``divider`` is the line right of the currency sign."""

    left: int
    top: int
    right: int
    bottom: int
    divider: int | None


def find_amount_box(
    snippet: Snippet, widths_mm: tuple[float, float] = WIDTHS_MM
) -> AmountBox | None:
    """Return the frame in a snippet of the sheet's right middle, or ``None``.

    Of all pairs of level lines and all pairs of ends, the one whose four sides are best drawn wins.
    """
    mm = snippet.pixels_a_mm
    ink = ink_mask(snippet)
    uprights = vertical_lines(ink, mm)
    best: tuple[float, AmountBox] | None = None
    levels = sorted(_joined(horizontal_lines(ink, mm), mm))
    if len(levels) > _MOST_LINES or len(uprights) > 4 * _MOST_LINES:
        return None
    for top, bottom in combinations(levels, 2):
        if not _HEIGHT_MM[0] * mm <= bottom.at - top.at <= _HEIGHT_MM[1] * mm:
            continue
        sides = {line.at for line in uprights if _reaches(line, top.at, bottom.at, mm)}
        starts = {*sides, max(top.start, bottom.start)}
        ends = {*sides, min(top.end, bottom.end)}
        for left, right in product(starts, ends):
            if not widths_mm[0] * mm <= right - left <= widths_mm[1] * mm:
                continue
            drawn = (left in sides) + (right in sides)
            # Of equally good frames the widest: the currency sign often has a box of its own.
            wide = 0.05 * (right - left) / (widths_mm[1] * mm)
            score = drawn + _cover(top, left, right) + _cover(bottom, left, right) + wide
            if score > (best[0] if best else _WEAKEST):
                reach = left + _DIVIDER_SHARE * (right - left)
                inner = [at for at in sides if left + _SIGN_MM * mm < at < reach]
                divider = round(max(inner)) if inner else None
                box = AmountBox(round(left), round(top.at), round(right), round(bottom.at), divider)
                best = (score, box)
    return best[1] if best else None


def _reaches(line: Line, top: float, bottom: float, mm: float) -> bool:
    return abs(line.start - top) < _CORNER_MM * mm and abs(line.end - bottom) < _CORNER_MM * mm


def _cover(line: Line, left: float, right: float) -> float:
    """Return which share of the way from ``left`` to ``right`` the level line is drawn."""
    return max(0.0, min(line.end, right) - max(line.start, left)) / (right - left)


def _joined(lines: list[Line], mm: float) -> list[Line]:
    """Join the pieces of a level line that pen strokes or dots cut."""
    joined: list[Line] = []
    for line in sorted(lines, key=lambda line: line.start):
        for index, other in enumerate(joined):
            if abs(other.at - line.at) < 0.6 * mm and line.start - other.end < 6 * mm:
                weight = other.length + line.length
                at = (other.at * other.length + line.at * line.length) / weight
                joined[index] = Line(at, other.start, max(other.end, line.end))
                break
        else:
            joined.append(line)
    return joined
