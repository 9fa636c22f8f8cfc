"""Find the date comb: eight boxes in a row, DDMMYYYY, told by dividers at one constant pitch."""

from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from recognition.engine.rulings import Line, ink_mask, vertical_lines
from recognition.engine.sheet import Snippet

CELLS = 8

_FRAME_MM = 4.0  # least height of a frame whose dividers are too pale to be seen as lines
_FRAME_ENDS = 0.12  # of its height by which sides may differ that end alike
_DRAWN = 0.8  # of a frame's sides that is ink
_PALE = 4.0  # levels by which a pale divider is darker than what is beside it
_FEWEST_PALE = 5  # of seven
_BESIDE = 2  # pixels from where a line should be
_PITCH_MM = (4.4, 7.2)
_SLACK = 0.09  # of the pitch
_FEWEST_LINES = 6  # of nine
_MOST_LINES = 80  # more are a pattern, and every pair of them costs time


@dataclass(frozen=True, slots=True)
class DateComb:
    """The comb in its snippet: nine lines left to right, and the frame's top and bottom, pixels."""

    lines: tuple[float, ...]
    top: int
    bottom: int

    @property
    def pitch(self) -> float:
        """Pixels from divider to divider."""
        return (self.lines[-1] - self.lines[0]) / CELLS


def find_date_comb(snippet: Snippet) -> DateComb | None:
    """Return the comb in a snippet of the sheet's upper right corner, or ``None``."""
    ink = ink_mask(snippet)
    lines = vertical_lines(ink, snippet.pixels_a_mm)
    comb = _by_dividers(lines, ink, snippet.pixels_a_mm)
    return comb or _by_frame(lines, ink, snippet)


def _by_dividers(lines: list[Line], ink: NDArray[np.uint8], pixels_a_mm: float) -> DateComb | None:
    if not _FEWEST_LINES <= len(lines) <= _MOST_LINES:
        return None
    at = np.array([line.at for line in lines])
    middle = np.array([(line.start + line.end) / 2 for line in lines])
    length = np.array([line.length for line in lines])
    first, pitch = _hypotheses(at, pixels_a_mm)
    if not len(first):
        return None
    position = (at[None, :] - at[first][:, None]) / pitch[:, None]
    cell = np.round(position)
    error = np.abs(position - cell)
    fits = (
        (error < _SLACK)
        & (cell >= 0)
        & (cell <= CELLS)
        & (np.abs(middle[None, :] - middle[first][:, None]) < 0.3 * length[first][:, None])
        & (length[None, :] > 0.6 * length[first][:, None])
        & (length[None, :] < 1.6 * length[first][:, None])
    )
    distinct = np.array([(fits & (cell == index)).any(axis=1) for index in range(CELLS + 1)]).sum(
        axis=0
    )
    spread = np.where(fits, error, 0.0).sum(axis=1) / np.maximum(fits.sum(axis=1), 1)
    best = int(np.lexsort((spread, -distinct))[0])
    if distinct[best] < _FEWEST_LINES:
        return None
    comb = _fitted(lines, np.flatnonzero(fits[best]), float(at[first[best]]), float(pitch[best]))
    comb = _in_its_frame(comb, {int(each) for each in cell[best][fits[best]]}, ink)
    is_whole = comb.lines[0] >= 0 and comb.lines[-1] <= ink.shape[1]
    return comb if is_whole and comb.bottom > comb.top else None


def _by_frame(lines: list[Line], ink: NDArray[np.uint8], snippet: Snippet) -> DateComb | None:
    """Return the comb whose frame alone is seen plainly, its dividers as the pale columns they are.

    Banks print dividers paler than the frame, and a camera's blur makes them paler yet.
    """
    shortest, longest = (limit * snippet.pixels_a_mm * CELLS for limit in _PITCH_MM)
    pairs = combinations(sorted(lines)[:_MOST_LINES], 2)
    for (left, right), is_left in product(pairs, (True, False)):
        whole = left if is_left else right  # a figure may run into the other
        slack = _FRAME_ENDS * whole.length
        is_pair = abs(left.start - right.start) < slack or abs(left.end - right.end) < slack
        is_high = whole.length >= _FRAME_MM * snippet.pixels_a_mm
        if not (is_pair and is_high and shortest <= right.at - left.at <= longest):
            continue
        at = np.linspace(left.at, right.at, CELLS + 1)
        top, bottom = whole.start, whole.end
        rules = (_share(ink.T, row, round(left.at), round(right.at)) for row in (top, bottom))
        if min(rules) >= _DRAWN and _pale_dividers(snippet.grey, at, top, bottom) >= _FEWEST_PALE:
            return DateComb(tuple(at.tolist()), top, bottom)
    return None


def _pale_dividers(
    grey: NDArray[np.uint8], lines: NDArray[np.float64], top: int, bottom: int
) -> int:
    """Count the places of dividers whose column is a little darker than those beside it."""
    inset = round(0.15 * (bottom - top))
    columns = np.median(grey[top + inset : bottom - inset], axis=0)
    aside = round(0.14 * (lines[1] - lines[0]))
    count = 0
    for at in np.round(lines[1:-1]).astype(int):
        here = columns[at - _BESIDE : at + _BESIDE + 1].min()
        count += min(columns[at - aside], columns[at + aside]) - here >= _PALE
    return count


def _in_its_frame(comb: DateComb, seen: set[int], ink: NDArray[np.uint8]) -> DateComb:
    """Return the comb moved by whole boxes to where the frame has its ends.

    Where a digit runs into an end of the frame, a stroke of the same height may stand for it at
    the other end; all lines that were ``seen`` stay lines.
    """

    def drawn(steps: int) -> float:
        """Return how much of the ends that the comb has then is ink."""
        ends = (comb.lines[0] + steps * comb.pitch, comb.lines[-1] + steps * comb.pitch)
        return sum(_share(ink, round(at), comb.top, comb.bottom) for at in ends)

    ways = range(max(seen) - CELLS, min(seen) + 1)
    steps = max(ways, key=lambda steps: (drawn(steps), -abs(steps)))
    return replace(comb, lines=tuple(at + steps * comb.pitch for at in comb.lines))


def _share(ink: NDArray[np.uint8], at: int, top: int, bottom: int) -> float:
    """Return the share of rows that have ink at a column, or right beside it."""
    columns = ink[top:bottom, max(at - _BESIDE, 0) : max(at + _BESIDE + 1, 0)]
    return float(columns.any(axis=1).mean()) if columns.size else 0.0


def _hypotheses(
    at: NDArray[np.float64], pixels_a_mm: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return every first line and pitch that a pair of lines some cells apart suggests."""
    shortest, longest = (limit * pixels_a_mm for limit in _PITCH_MM)
    steps = np.arange(1, CELLS + 1)
    pitch = (at[None, :, None] - at[:, None, None]) / steps[None, None, :]
    first, second, step = np.nonzero((pitch >= shortest) & (pitch <= longest))
    return first, pitch[first, second, step]


def _fitted(lines: list[Line], fits: NDArray[np.intp], origin: float, pitch: float) -> DateComb:
    at = np.array([lines[index].at for index in fits])
    cell = np.round((at - origin) / pitch)
    slope, start = np.polyfit(cell, at, 1)
    return DateComb(
        tuple(float(start + slope * index) for index in range(CELLS + 1)),
        int(np.median([lines[index].start for index in fits])),
        int(np.median([lines[index].end for index in fits])),
    )
