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
    if len(lines) < _FEWEST_LINES:
        return None
    at = np.array([line.at for line in lines])
    middle = np.array([(line.start + line.end) / 2 for line in lines])
    length = np.array([line.length for line in lines])
    best: tuple[float, float, float, NDArray[np.intp]] | None = None
    shortest, longest = (limit * snippet.pixels_a_mm for limit in _PITCH_MM)
    for first in range(len(lines)):
        for second in range(len(lines)):
            for steps in range(1, CELLS + 1):
                pitch = (at[second] - at[first]) / steps
                if not shortest <= pitch <= longest:
                    continue
                position = (at - at[first]) / pitch
                cell = np.round(position)
                level = np.abs(middle - middle[first]) < 0.3 * length[first]
                alike = (length > 0.6 * length[first]) & (length < 1.6 * length[first])
                fits = (
                    (np.abs(position - cell) < _SLACK)
                    & (cell >= 0)
                    & (cell <= CELLS)
                    & level
                    & alike
                )
                distinct = len(np.unique(cell[fits]))
                error = float(np.abs(position - cell)[fits].mean()) if fits.any() else 1.0
                if distinct >= _FEWEST_LINES and (best is None or (distinct, -error) > best[:2]):
                    best = (distinct, -error, float(pitch), np.flatnonzero(fits))
                    origin = float(at[first])
    if best is None:
        return None
    return _fitted(lines, best[3], origin, best[2])


def _fitted(lines: list[Line], fits: NDArray[np.intp], origin: float, pitch: float) -> DateComb:
    at = np.array([lines[index].at for index in fits])
    cell = np.round((at - origin) / pitch)
    slope, start = np.polyfit(cell, at, 1)
    return DateComb(
        tuple(float(start + slope * index) for index in range(CELLS + 1)),
        int(np.median([lines[index].start for index in fits])),
        int(np.median([lines[index].end for index in fits])),
    )
