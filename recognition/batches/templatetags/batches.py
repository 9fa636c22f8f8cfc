"""How a batch is said to a person."""

from datetime import timedelta
from decimal import Decimal

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recognition.batches.models import BatchItem, Stage
from recognition.models import FieldName, FieldReading
from recognition.templatetags.readings import shown

register = template.Library()

_MINUTE = 60  # seconds


@register.filter
def stage_name(stage: str) -> str:
    """Return a stage in words."""
    return str(Stage(stage).label)


@register.filter
def money(amount: Decimal | None) -> str:
    """Return an amount grouped as everywhere on the pages; a dash where there is none.

    >>> money(Decimal("-125000.5"))
    '-1,25,000.50'
    """
    return shown("" if amount is None else f"{amount:.2f}", FieldName.COURTESY_AMOUNT)


@register.filter
def roughly(left: timedelta) -> str:
    """Return how long something may still take, in words.

    >>> roughly(timedelta(seconds=20)), roughly(timedelta(seconds=100))
    ('less than a minute', 'about 2 minutes')
    """
    if left.total_seconds() < _MINUTE:
        return _("less than a minute")
    minutes = round(left.total_seconds() / _MINUTE)
    return ngettext("about %(n)d minute", "about %(n)d minutes", minutes) % {"n": minutes}


@register.filter
def field(item: BatchItem, name: str) -> FieldReading | None:
    """Return one field of an item as it was read, if it was."""
    run = None if item.submission is None else item.submission.latest_run
    readings = () if run is None else run.readings.all()
    return next((one for one in readings if one.name == name), None)
