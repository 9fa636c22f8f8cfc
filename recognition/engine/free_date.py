"""Read a date that is written on a line instead of into boxes: ``11/03/26``, ``3-11-2026``.

Nothing but its form tells it from other writing: two marks between three short numbers that make a
day of the calendar in the order of the layout.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.calendar_dates import YEARS
from recognition.engine.image import Planes
from recognition.engine.layouts.layout import DateOrder
from recognition.engine.region import Region
from recognition.engine.rulings import ink_mask, without_rulings
from recognition.engine.sheet import Sheet, Snippet
from recognition.engine.strings import Grammar, StringReader, StringReading
from recognition.engine.types import Box, FieldName, FieldReading

PIXELS_A_MM = 8.0
_MARK_MM = (1.0, 10.0)  # height of what writing consists of
_LINE_MM = (9.0, 1.8)  # least width and height of a date
_TALLEST_MM = 12.0
_GAPS_MM = (2.2, 5.0)
"""Between the parts of a date, and between it and the print beside it: writers differ."""

_MARGIN_MM = 0.8
_MOST_LINES = 6
STROKES = "strokes_read_as_1"
_OUTSIDE = re.compile(r"^\D+|\D+$")
_LONG_YEAR = 4


@dataclass(frozen=True, slots=True)
class FreeDate:
    """A day as written; ``notes`` say what had to be assumed."""

    day: date
    notes: tuple[str, ...] = ()


def parse_date(text: str, order: DateOrder) -> FreeDate | None:
    """Return the date that a text is, or ``None``; two digits of a year are of this century.

    A stroke between the parts may have been read as 1, which pens draw alike.

    >>> parse_date("11/03/26", DateOrder.MONTH_FIRST)
    FreeDate(day=datetime.date(2026, 11, 3), notes=())
    >>> parse_date("25/12/2026", DateOrder.MONTH_FIRST).notes
    ('another_order_than_usual',)
    >>> parse_date("2511212026", DateOrder.DAY_FIRST).notes
    ('strokes_read_as_1',)
    """
    body = _OUTSIDE.sub("", text)
    for tried in dict.fromkeys((order, DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)):
        notes = () if tried is order else ("another_order_than_usual",)
        found = [
            (marks, day)
            for parts, marks in _splits(body)
            if (day := _day(parts, tried)) is not None
        ]
        if found:
            # Marks that were seen as marks, then the parts as long as they may be.
            misread, day = min(found, key=lambda pair: pair[0])
            return FreeDate(day, (*notes, STROKES) if misread else notes)
    return None


def _splits(body: str) -> Iterator[tuple[tuple[str, str, str], int]]:
    """Yield the ways to part a text in three, and how many of the marks were read as 1."""
    for year in (4, 2):
        for first, second in product((2, 1, 4), (2, 1)):
            pattern = rf"(\d{{{first}}})([/.\-]+|1)(\d{{{second}}})([/.\-]+|1)(\d{{{year}}})"
            if match := re.fullmatch(pattern, body):
                marks = (match[2] == "1") + (match[4] == "1")
                yield (match[1], match[3], match[5]), marks


def _day(parts: tuple[str, str, str], order: DateOrder) -> date | None:
    first, second, third = parts
    year, month, day = {
        DateOrder.DAY_FIRST: (third, second, first),
        DateOrder.MONTH_FIRST: (third, first, second),
        DateOrder.YEAR_FIRST: (first, second, third),
    }[order]
    if len(day) > 2 or len(month) > 2 or len(year) == 1:  # noqa: PLR2004 - as people write them
        return None
    century = 0 if len(year) == _LONG_YEAR else 2000
    try:
        found = date(int(year) + century, int(month), int(day))
    except ValueError:
        return None
    return found if found.year in YEARS else None


class FreeDateReader:
    """Reads dates without boxes."""

    def __init__(self, strings: StringReader) -> None:
        self._strings = strings

    def read(
        self, planes: Planes, sheet: Sheet, place: Region, order: DateOrder, accept_at: float
    ) -> FieldReading | None:
        """Return the surest date among the lines of a place, or ``None`` where none reads so."""
        snippet = sheet.cut(planes.grey, place, PIXELS_A_MM)
        best: FieldReading | None = None
        for box in lines_of_writing(snippet):
            line = snippet.part(box.x, box.y, box.x + box.width, box.y + box.height)
            reading = self._strings.read(line.grey, Grammar.NUMBER)
            found = parse_date(reading.raw_text, order)
            if found is None:
                continue
            field = _field(line, reading, found, accept_at)
            if best is None or (field.accepted, field.confidence) > (
                best.accepted,
                best.confidence,
            ):
                best = field
        return best


def _field(
    line: Snippet, reading: StringReading, found: FreeDate, accept_at: float
) -> FieldReading:
    notes = (*reading.notes, *found.notes)
    return FieldReading(
        FieldName.DATE,
        found.day.isoformat(),
        reading.raw_text,
        reading.confidence,
        accepted=not notes and reading.confidence >= accept_at,
        box=line.box,
        characters=tuple(
            replace(character, box=_placed(line, character.box), shape=None)
            for character in reading.characters
        ),
        notes=notes,
    )


def _placed(line: Snippet, box: Box | None) -> Box | None:
    if box is None:
        return None
    return line.image_box(box.x, box.y, box.x + box.width, box.y + box.height)


def lines_of_writing(snippet: Snippet) -> list[Box]:
    """Return what may be lines of writing, the highest first: pens write larger than print."""
    mm = snippet.pixels_a_mm
    marks = _marks(without_rulings(ink_mask(snippet), mm), mm)
    found: dict[Box, None] = {}
    for gap in _GAPS_MM:
        joined = cv2.morphologyEx(
            marks, cv2.MORPH_CLOSE, np.ones((1 + round(0.8 * mm), round(gap * mm)), np.uint8)
        )
        _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        for x, y, width, height, _ in stats[1:].tolist():
            if width >= _LINE_MM[0] * mm and _LINE_MM[1] * mm <= height <= _TALLEST_MM * mm:
                found[_with_margin(Box(x, y, width, height), snippet)] = None
    return sorted(found, key=lambda box: -box.height)[:_MOST_LINES]


def _marks(ink: NDArray[np.uint8], mm: float) -> NDArray[np.uint8]:
    """Return the ink of marks that have the size of writing."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    height = stats[:, cv2.CC_STAT_HEIGHT]
    keep = ((height >= _MARK_MM[0] * mm) & (height <= _MARK_MM[1] * mm)).astype(np.uint8) * 255
    keep[0] = 0
    return np.asarray(keep[labels], np.uint8)


def _with_margin(box: Box, snippet: Snippet) -> Box:
    margin = round(_MARGIN_MM * snippet.pixels_a_mm)
    height, width = snippet.grey.shape
    left, top = max(0, box.x - margin), max(0, box.y - margin)
    right = min(width, box.x + box.width + margin)
    bottom = min(height, box.y + box.height + margin)
    return Box(left, top, right - left, bottom - top)
