"""The cheque number as it is printed above the MICR line, held against the one in it.

A raised or forged cheque often has the one changed and the other not. Other numbers stand about:
what differs in more than two figures from the line's is taken for one of them.
"""

import numpy as np

from recognition.engine.figure_rows import FigureRow, find_figure_rows
from recognition.engine.image import Planes
from recognition.engine.print_reader import (
    FIGURE_HEIGHT,
    LINE_HEIGHT,
    PrintedCharacter,
    PrintReader,
)
from recognition.engine.region import Region
from recognition.engine.sheet import Sheet, Snippet
from recognition.engine.types import Check, Verdict

RULE = "printed_number"

_PIXELS_A_MM = 8.0
_FEWEST_FIGURES = 3
_MOST_ROWS = 4
_SURE = 0.98
"""Least product of the figures' confidences for which a number may speak against the line's."""

_MOST_CHANGED = 2


def check_printed_number(
    planes: Planes, sheet: Sheet, window: Region, number: str, prints: PrintReader
) -> Check:
    """Return whether the number printed in a window of a sheet is the line's ``number``."""
    snippet = sheet.cut(planes.plain, window, _PIXELS_A_MM)
    expected = number.lstrip("0")
    differing = ""
    for row in find_figure_rows(snippet, _FEWEST_FIGURES, _MOST_ROWS):
        for found, confidence in _numbers(snippet, row, prints):
            printed = found.lstrip("0")
            if printed == expected:
                reason = "The number printed above is the one in the MICR line."
                return Check(RULE, Verdict.PASSED, reason)
            if confidence >= _SURE and _nearly(printed, expected):
                differing = found
    if differing:
        reason = f"The number printed above is {differing}, and in the MICR line {number}."
        return Check(RULE, Verdict.FAILED, reason)
    reason = "The number above the MICR line was not found or not read with certainty."
    return Check(RULE, Verdict.UNKNOWN, reason)


def _numbers(snippet: Snippet, row: FigureRow, prints: PrintReader) -> list[tuple[str, float]]:
    """Return the runs of figures in a row, each with its confidence."""
    scale = FIGURE_HEIGHT / row.height
    margin = round(row.height)
    left, right = max(0, row.left - margin), row.right + margin
    own = snippet.part(left, 0, right, snippet.grey.shape[0])
    line = own.line(row.middle, LINE_HEIGHT / scale, scale)
    runs: list[list[PrintedCharacter]] = [[]]
    for character in prints.read(line.grey):
        if character.value.isdigit():
            runs[-1].append(character)
        else:
            runs.append([])
    return [
        ("".join(c.value for c in run), float(np.prod([c.confidence for c in run])))
        for run in runs
        if len(run) >= _FEWEST_FIGURES
    ]


def _nearly(one: str, other: str) -> bool:
    changed = sum(a != b for a, b in zip(one, other, strict=False))
    return len(one) == len(other) and 0 < changed <= _MOST_CHANGED
