"""What of an item is put before the person whose key it waits for.

A second or third person gets the image and the fields' places in it: neither what the machine read
nor what the others said, here as in the API.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from recognition.desk import access, policies
from recognition.desk.models import KEYED_FIELDS, Item, KeyRole
from recognition.models import FieldName, FieldReading

DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class FieldOnDesk:
    """One field as it is shown: ``typed`` is what stands in its input.

    ``candidates`` has, for each digit of ``typed``, the digits it may be, likeliest first.
    """

    name: str
    label: str
    has_place: bool
    typed: str = ""
    reading: FieldReading | None = None
    is_doubtful: bool = True
    is_worst: bool = False
    is_invalid: bool = False
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemOnDesk:
    """An item as its next person sees it."""

    item: Item
    role: KeyRole
    fields: tuple[FieldOnDesk, ...]

    @property
    def is_blind(self) -> bool:
        """The person must read for themselves."""
        return self.role is not KeyRole.MAKER

    @property
    def doubtful_count(self) -> int:
        """How many fields wait for a look."""
        return sum(one.is_doubtful for one in self.fields)


def put_on_desk(
    item: Item, *, typed: Mapping[str, str] | None = None, invalid: str = ""
) -> ItemOnDesk:
    """Return what the next person sees, with what they have ``typed`` so far."""
    role = access.role_in(item)
    readings = list(item.run.readings.all())
    before = typed or {}
    if role is not KeyRole.MAKER:
        keyed = [one for one in readings if one.name in KEYED_FIELDS]
        fields = tuple(
            FieldOnDesk(
                name=one.name,
                label=one.get_name_display(),
                has_place=one.box is not None,
                typed=before.get(one.name, ""),
                is_worst=number == 0,
                is_invalid=one.name == invalid,
            )
            for number, one in enumerate(keyed)
        )
        return ItemOnDesk(item, role, fields)
    policy = policies.policy_of(item.bank)
    doubtful = [
        one for one in readings if one.correction is None and not policies.is_certain(policy, one)
    ]
    worst = min(doubtful or readings, key=lambda one: one.confidence, default=None)
    fields = tuple(
        FieldOnDesk(
            name=one.name,
            label=one.get_name_display(),
            has_place=one.box is not None,
            typed=before.get(one.name, as_typed(one.name, one.final)),
            reading=one,
            is_doubtful=one in doubtful,
            is_worst=one is worst,
            is_invalid=one.name == invalid,
            candidates=candidates_of(one),
        )
        for one in readings
    )
    return ItemOnDesk(item, role, fields)


def as_typed(name: str, value: str) -> str:
    """Return a canonical value as a person types it: dates as they stand on a cheque.

    >>> as_typed("date", "2026-01-31"), as_typed("cheque_number", "004512")
    ('31/01/2026', '004512')
    """
    if name == FieldName.DATE and value:
        return dt.date.fromisoformat(value).strftime("%d/%m/%Y")
    return value


def candidates_of(reading: FieldReading) -> tuple[str, ...]:
    """Return for each digit of the value as typed which digits it may be, likeliest first.

    Empty where the digits on the paper are not those of the value, as after a correction.
    """
    written = [one for one in reading.characters if one["value"] and one["value"] in DIGITS]
    digits = "".join(one["value"] for one in written)
    shown = "".join(one for one in as_typed(reading.name, reading.final) if one in DIGITS)
    if not digits or not shown.startswith(digits):  # an amount may have paise nobody wrote
        return ()
    return tuple(
        one["value"]
        + "".join(other["value"] for other in one["alternatives"] if other["value"] in DIGITS)
        for one in written
    )
