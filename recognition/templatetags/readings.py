"""How a reading is said to a person: in words, in numbers, and as bars."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.utils import numberformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from recognition.masking import is_secret, masked
from recognition.models import AMOUNTS, FieldName, FieldReading, RuleVerdict

register = template.Library()

LARGEST_PERCENTAGE, SMALLEST_PERCENTAGE = 99, 1  # nothing is certain
BARS = 5  # more candidates than this have nothing to say


@register.filter
def certainty(reading: FieldReading) -> str:
    """Return ``corrected``, ``unread``, ``sure`` or ``unsure``: the verdict on one field."""
    if reading.correction is not None:
        return "corrected"
    if not reading.value:
        return "unread"
    return "sure" if reading.is_accepted else "unsure"


@register.filter
def percent(confidence: float) -> str:
    """Return a probability as a whole percentage that never claims to be certain.

    >>> percent(0.934), percent(0.9999), percent(0.0001)
    ('93 %', 'over 99 %', 'under 1 %')
    """
    share = round(confidence * 100)
    if share > LARGEST_PERCENTAGE:
        return _("over 99 %")
    if share < SMALLEST_PERCENTAGE:
        return _("under 1 %")
    return _("%(share)d %%") % {"share": share}


@register.filter
def shown(value: str, name: str) -> str:
    """Return a value as ``in_full`` does, but of an account number the last digits alone.

    >>> shown("00123456789", FieldName.ACCOUNT_NUMBER)
    'XXXXXXX6789'
    """
    return in_full(masked(name, str(value)) if value else "", name)


@register.filter
def hides(reading: FieldReading, is_unmasked: object) -> bool:
    """Tell whether a part of this reading stays hidden."""
    return not is_unmasked and is_secret(reading)


@register.filter
def in_full(value: str, name: str) -> str:
    """Return a value in canonical form as a person writes it: grouped amounts, named months.

    >>> in_full("125000.50", FieldName.COURTESY_AMOUNT), in_full("2026-11-02", FieldName.DATE)
    ('1,25,000.50', '2 November 2026')
    """
    if not value:
        return "\N{EN DASH}"
    try:
        if name in AMOUNTS:
            return numberformat.format(
                Decimal(value),
                ".",
                grouping=settings.NUMBER_GROUPING,
                thousand_sep=",",
                force_grouping=True,
            )
        if name == FieldName.DATE:
            return date_format(dt.date.fromisoformat(value), "j F Y")
    except (ValueError, ArithmeticError):
        return value  # not in canonical form: better as it is than not at all
    return value


@register.filter
def outline(lie: Mapping[str, Any]) -> str:
    """Return the corners of a cheque on its page as a polygon has them.

    >>> outline({"corners": [[0, 0], [20.04, 0], [20, 9.96], [0, 10]]})
    '0.0,0.0 20.0,0.0 20.0,10.0 0.0,10.0'
    """
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in lie["corners"])


@register.filter
def candidates(reading: FieldReading | Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the reading or character with its alternatives, likeliest first, for bars."""
    if isinstance(reading, FieldReading):
        value, confidence, others = reading.value, reading.confidence, reading.alternatives
    else:
        value, confidence, others = reading["value"], reading["confidence"], reading["alternatives"]
    chosen = [{"value": value, "confidence": confidence, "is_chosen": True}] if value else []
    ranked = sorted(others, key=lambda other: -other["confidence"])
    return [*chosen, *ranked][:BARS]


@register.filter
def failing(verdicts: Iterable[RuleVerdict]) -> bool:
    """Tell whether any rule speaks against the item, which no certainty outweighs."""
    return any(verdict.verdict == "failed" for verdict in verdicts)


@register.filter
def doubtful(readings: Iterable[FieldReading]) -> list[FieldReading]:
    """Keep the readings that wait for a person's look."""
    return [reading for reading in readings if certainty(reading) in {"unsure", "unread"}]
