"""Find the date comb: eight boxes in a row, DDMMYYYY, told by dividers at one constant pitch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.engine.rulings import Line, ink_mask, vertical_lines
from recognition.engine.sheet import Snippet

CELLS = 8

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
    lines = vertical_lines(ink_mask(snippet), snippet.pixels_a_mm)
    if not _FEWEST_LINES <= len(lines) <= _MOST_LINES:
        return None
    at = np.array([line.at for line in lines])
    middle = np.array([(line.start + line.end) / 2 for line in lines])
    length = np.array([line.length for line in lines])
    first, pitch = _hypotheses(at, snippet.pixels_a_mm)
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
    is_whole = comb.lines[0] >= 0 and comb.lines[-1] <= snippet.grey.shape[1]
    return comb if is_whole and comb.bottom > comb.top else None


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
