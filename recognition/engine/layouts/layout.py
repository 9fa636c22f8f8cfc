"""What a layout says: the paper's size, whose it is, and where each field stands on it.

A layout is data (a TOML file beside this module, or a row that a moderator drew). It is a prior and
no more: every field is looked for in a window around its usual place, by what it looks like.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from recognition.engine.micr.grammar import Country, MicrFields
from recognition.engine.region import Region

SIDES_MM = (40.0, 320.0)
"""No cheque is smaller or larger: half a personal cheque, and a voucher's whole sheet."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_BANK = re.compile(r"[0-9?]{1,9}")
_REACH = (0.06, 0.12)
"""Of the sheet's width and height: how far about a usual place a field is looked for, if the
layout does not say. Print shifts by less (sd 1.2 % of the height), people write across edges."""


class LayoutError(ValueError):
    """What is wrong with a layout's data, in a sentence."""


class PlaceName(StrEnum):
    """What a layout may say the place of."""

    COURTESY_AMOUNT = "courtesy_amount"
    LEGAL_AMOUNT = "legal_amount"
    DATE = "date"
    ACCOUNT_NUMBER = "account_number"
    CHEQUE_NUMBER = "cheque_number"  # as printed above the MICR line, if it is
    SIGNATURE = "signature"


class DateOrder(StrEnum):
    """In which order day, month and year are written."""

    DAY_FIRST = "DMY"
    MONTH_FIRST = "MDY"
    YEAR_FIRST = "YMD"


class Anchor(StrEnum):
    """Which character of the MICR line stands at a known place of the sheet."""

    FIRST = "first"
    LAST_TRANSIT = "last_transit"


@dataclass(frozen=True, slots=True)
class Place:
    """A field's usual place, and the window that it is looked for in; millimetres."""

    usual: Region
    window: Region


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of paper. Places are in millimetres from the sheet's top left corner.

    ``anchor_at`` is the right end, at half height, of the anchor's cell. ``banks`` are the first
    digits of the sort codes or routing numbers that have this paper, ``?`` for any digit; none: all
    of the country's. An account number without a place stands in the MICR line alone.
    """

    name: str
    country: Country
    currency: str
    date_order: DateOrder
    width_mm: float
    height_mm: float
    anchor: Anchor
    anchor_at: tuple[float, float]
    banks: tuple[str, ...] = ()
    transaction_codes: tuple[str, ...] = ()
    has_auxiliary: bool | None = None
    places: Mapping[PlaceName, Place] = field(default_factory=dict)

    def fits(self, line: MicrFields) -> bool:
        """Tell whether a MICR line may stand on this paper."""
        return (
            line.country is self.country
            and (not self.banks or any(_begins(line.bank, bank) for bank in self.banks))
            and (not self.transaction_codes or line.transaction_code in self.transaction_codes)
            and self.has_auxiliary in {None, line.has_auxiliary}
        )

    def closeness(self, line: MicrFields) -> tuple[int, bool, bool]:
        """Return how closely the layout names a line that fits it: the larger, the closer."""
        digits = [len(bank.replace("?", "")) for bank in self.banks if _begins(line.bank, bank)]
        return max(digits, default=0), bool(self.transaction_codes), self.has_auxiliary is not None

    def scaled_to(self, width_mm: float, height_mm: float) -> "Layout":
        """Return the same places on a sheet of another size, each at its share of it."""
        across, down = width_mm / self.width_mm, height_mm / self.height_mm
        return replace(
            self,
            width_mm=width_mm,
            height_mm=height_mm,
            anchor_at=(self.anchor_at[0] * across, self.anchor_at[1] * down),
            places={
                name: Place(_scaled(place.usual, across, down), _scaled(place.window, across, down))
                for name, place in self.places.items()
            },
        )


def layout_from(data: Mapping[str, Any]) -> Layout:
    """Return the layout that plain data describe; see ``data/cts-2010.toml`` for an example.

    Raises:
        LayoutError: it says something that no layout can.
    """
    try:
        return _layout(data)
    except KeyError as error:
        raise LayoutError(f"The layout does not say {error}.") from error
    except (TypeError, AttributeError) as error:
        raise LayoutError("The layout has something of another kind than it should.") from error
    except ValueError as error:
        raise LayoutError(str(error)) from error


def layout_as_data(layout: Layout) -> dict[str, Any]:
    """Return the plain data of a layout, of which ``layout_from`` makes it again."""
    data: dict[str, Any] = {
        "name": layout.name,
        "country": layout.country.value,
        "currency": layout.currency,
        "date_order": layout.date_order.value,
        "size": [layout.width_mm, layout.height_mm],
        "anchor": {"character": layout.anchor.value, "at": list(layout.anchor_at)},
        "places": {
            name.value: {"usual": _edges(place.usual), "window": _edges(place.window)}
            for name, place in layout.places.items()
        },
        "banks": list(layout.banks),
        "transaction_codes": list(layout.transaction_codes),
    }
    if layout.has_auxiliary is not None:
        data["has_auxiliary"] = layout.has_auxiliary
    return data


def _layout(data: Mapping[str, Any]) -> Layout:
    name, banks = str(data["name"]), tuple(map(str, data.get("banks", ())))
    if not _NAME.fullmatch(name):
        raise LayoutError("A layout's name has small letters, digits and dashes only.")
    if not all(_BANK.fullmatch(bank) for bank in banks):
        raise LayoutError("A bank is told by one to nine digits, with ? for any digit.")
    width, height = (float(side) for side in data["size"])
    if not all(SIDES_MM[0] <= side <= SIDES_MM[1] for side in (width, height)):
        least, most = SIDES_MM
        raise LayoutError(f"A cheque's sides are {least:.0f} to {most:.0f} mm long.")
    x, y = (float(part) for part in data["anchor"]["at"])
    places = {PlaceName(key): _place(place, width, height) for key, place in data["places"].items()}
    for needed in (PlaceName.COURTESY_AMOUNT, PlaceName.DATE):
        if needed not in places:
            raise LayoutError("A layout says at least where the amount and the date stand.")
    has_auxiliary = data.get("has_auxiliary")
    return Layout(
        name=name,
        country=Country(data["country"]),
        currency=str(data["currency"]),
        date_order=DateOrder(data["date_order"]),
        width_mm=width,
        height_mm=height,
        anchor=Anchor(data["anchor"]["character"]),
        anchor_at=(x, y),
        banks=banks,
        transaction_codes=tuple(map(str, data.get("transaction_codes", ()))),
        has_auxiliary=None if has_auxiliary is None else bool(has_auxiliary),
        places=places,
    )


def _place(data: Mapping[str, Any], width: float, height: float) -> Place:
    usual = _region(data["usual"])
    if usual.left < 0 or usual.top < 0 or usual.right > width or usual.bottom > height:
        raise LayoutError("A field's place lies on the sheet.")
    if "window" in data:
        return Place(usual, _region(data["window"]))
    across, down = _REACH[0] * width, _REACH[1] * height
    window = Region(
        max(0.0, usual.left - across),
        max(0.0, usual.top - down),
        min(width, usual.right + across),
        min(height, usual.bottom + down),
    )
    return Place(usual, window)


def _region(edges: Any) -> Region:
    left, top, right, bottom = (float(edge) for edge in edges)
    if not (left < right and top < bottom):
        raise LayoutError("A place has its left edge before its right and its top above its foot.")
    return Region(left, top, right, bottom)


def _edges(region: Region) -> list[float]:
    return [region.left, region.top, region.right, region.bottom]


def _scaled(region: Region, across: float, down: float) -> Region:
    return Region(
        region.left * across, region.top * down, region.right * across, region.bottom * down
    )


def _begins(bank: str, pattern: str) -> bool:
    return len(bank) >= len(pattern) and all(
        sign in {"?", digit} for sign, digit in zip(pattern, bank, strict=False)
    )
