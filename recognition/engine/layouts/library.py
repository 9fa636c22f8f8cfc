"""The layouts that come with the engine, and which of all that are known an image is of."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from recognition.engine.layouts.layout import Anchor, Layout, layout_from
from recognition.engine.micr.grammar import Country
from recognition.engine.micr.locate import PITCH_MM, MicrRow
from recognition.engine.micr.reader import MicrLine
from recognition.engine.micr.symbols import TRANSIT
from recognition.engine.sheet import Sheet, sheet_by_edges, sheet_by_row

_DATA = Path(__file__).with_name("data")
CTS_2010, CTS_DRAFT, UNKNOWN = "cts-2010", "cts-2010-draft", "unknown"
US_PERSONAL, US_BUSINESS = "us-personal", "us-business"

_OWN = (CTS_2010, CTS_DRAFT, US_PERSONAL, US_BUSINESS)

_ALIKE = 0.05
"""Share by which an image's proportions may differ from a sheet's that is taken to fill it."""

_PROPORTIONS = (1.3, 4.0)
"""Width by height of what may be a cheque at all."""

_WIDTHS_MM = (120.0, 270.0)
_FEET_MM = (3.0, 16.0)  # from the line to the image's foot
_FOOT_MM = 7.94
"""From the line's half height to the sheet's lower edge: 5/16 inch (ANSI X9.100-160)."""


@dataclass(frozen=True, slots=True)
class Located:
    """An image's sheet, and the layout that says what stands where on it."""

    sheet: Sheet
    layout: Layout


@cache
def built_in(name: str) -> Layout:
    """Return a layout that comes with the engine."""
    return layout_from(_data(name))


def _data(name: str) -> dict[str, Any]:
    """Return a file's data, laid over those of the layout that it is like, if it is like one."""
    data = tomllib.loads((_DATA / f"{name}.toml").read_text("utf-8"))
    if "like" not in data:
        return data
    other = _data(data.pop("like"))
    return other | data | {"places": other["places"] | data.get("places", {})}


def locate(line: MicrLine | None, size: tuple[int, int], others: Iterable[Layout] = ()) -> Located:
    """Return where the sheet lies in an upright image of ``size`` (width, height), and its layout.

    ``others`` are tried before the engine's own: of those that fit a line, the one that names it
    most closely. A line of no known form tells the scale and the foot; without one the sheet is
    taken to fill the image.
    """
    if line is None or not (line.fields or line.is_legible):
        return _by_edges(size)
    if line.fields is None:
        return _by_foot(line.row, size) or _by_edges(size)
    fields = line.fields
    own = (built_in(name) for name in _OWN)
    fitting = [layout for layout in (*others, *own) if layout.fits(fields)]
    layout = max(fitting, key=lambda layout: layout.closeness(fields))
    sheet = sheet_by_row(anchored(line, layout.anchor), layout.anchor_at, _size(layout))
    return Located(sheet, layout)


def anywhere(layout: Layout) -> Layout:
    """Return where to look for what is not where a layout says: all over a sheet of that size."""
    return built_in(UNKNOWN).scaled_to(layout.width_mm, layout.height_mm)


def standard_of(layout: Layout) -> Layout:
    """Return what is usual in a layout's country, on a sheet of its size."""
    name = CTS_2010 if layout.country is Country.INDIA else US_PERSONAL
    return built_in(name).scaled_to(layout.width_mm, layout.height_mm)


def anchored(line: MicrLine, anchor: Anchor) -> MicrRow:
    """Return the row as if it began with the anchor's cell."""
    if anchor is Anchor.FIRST:
        return line.row
    last = next(one for one in reversed(line.characters) if one.value == TRANSIT)
    _, upper, lower, _ = np.array(last.corners)
    x, y = (upper + lower) / 2
    return replace(line.row, origin=(float(x), float(y)))


def _by_edges(size: tuple[int, int]) -> Located:
    width, height = size
    layout = built_in(CTS_2010)
    is_alike = abs(width / height * layout.height_mm / layout.width_mm - 1) < _ALIKE
    if not is_alike and _PROPORTIONS[0] < width / height < _PROPORTIONS[1]:
        unknown = built_in(UNKNOWN)
        layout = unknown.scaled_to(unknown.width_mm, unknown.width_mm * height / width)
    return Located(sheet_by_edges(width, height, _size(layout)), layout)


def _by_foot(row: MicrRow, size: tuple[int, int]) -> Located | None:
    """Return the sheet that fills an image and stands on the row, if that may be its line.

    Any row of figures at one pitch reads as a line of no form; a sheet's own stands at its foot.
    """
    pixels_a_mm = row.pitch / PITCH_MM
    width_mm, height_mm = size[0] / pixels_a_mm, size[1] / pixels_a_mm
    below_mm = height_mm - row.origin[1] / pixels_a_mm
    is_a_sheet = _WIDTHS_MM[0] < width_mm < _WIDTHS_MM[1] and (
        _PROPORTIONS[0] < width_mm / height_mm < _PROPORTIONS[1]
    )
    if not is_a_sheet or not _FEET_MM[0] < below_mm < _FEET_MM[1]:
        return None
    layout = built_in(UNKNOWN).scaled_to(width_mm, height_mm - below_mm + _FOOT_MM)
    at = (row.origin[0] / pixels_a_mm, layout.height_mm - _FOOT_MM)
    return Located(sheet_by_row(row, at, _size(layout)), layout)


def _size(layout: Layout) -> tuple[float, float]:
    return layout.width_mm, layout.height_mm
