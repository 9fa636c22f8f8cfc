"""What people say about readings. A correction is a row of its own; a reading is never edited."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import services as audit
from accounts.audit.codes import EventCode
from accounts.models import User
from recognition.models import AMOUNTS, Correction, FieldName, FieldReading, Submission
from recognition.services import standing
from recognition.signals import changing

MAX_AMOUNT_DIGITS = 15  # before the point, as the column
MAX_LENGTH = 80  # characters, as the column
MICR_SYMBOLS = "⑆⑇⑈⑉"  # transit, amount, on-us, dash (U+2446 to U+2449)
_MICR = re.compile(rf"[0-9{MICR_SYMBOLS} ]+")


class InvalidValue(ValueError):  # noqa: N818 - it says what happened, and callers show it
    """The value is none that this field can hold; the message says what it can."""

    code = "invalid_value"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def correct(reading: FieldReading, value: str, by: User, *, taken_from: str = "") -> Correction:
    """Store what a person says the field holds; an empty value says: there is nothing to read.

    Amounts may be grouped (``1,25,000.50``), dates are ISO or day/month/year. ``taken_from`` names
    the field whose value it is, if it is another's.

    Raises:
        InvalidValue: the field can't hold that.
        intake.WrongState: why nothing about the item may change.
    """
    changing.send(sender=Submission, submission_id=reading.run.submission_id)
    return record(reading, value, by, taken_from=taken_from)


def take(reading: FieldReading, source: FieldReading, by: User) -> Correction:
    """Take the one amount of a cheque over from the other: the words for the figures, say.

    Raises:
        InvalidValue: one of them is no amount, or the other holds none.
        intake.WrongState: why nothing about the item may change.
    """
    if reading.name not in AMOUNTS or source.name not in AMOUNTS or not source.final:
        raise InvalidValue(_("There is no amount that could be taken."))
    return correct(reading, source.final, by, taken_from=source.name)


def record(reading: FieldReading, value: str, by: User, *, taken_from: str = "") -> Correction:
    """Store a correction for those who decide on the item; see ``correct``.

    Raises:
        InvalidValue: the field can't hold that.
    """
    value, amount, date = _canonical(reading.name, value.strip())
    with transaction.atomic():
        correction = Correction.objects.create(
            reading=reading,
            value=value,
            amount=amount,
            date=date,
            taken_from=taken_from,
            made_by=by,
        )
        standing.refresh(reading.run.submission_id)
        # What was written stands in the correction, which can be purged; an event can't.
        audit.record(
            EventCode.READING_CORRECTED,
            actor=by,
            subject=reading.run.submission,
            field=reading.name,
            correction=correction.pk,
        )
    return correction


def canonical(name: str, value: str) -> str:
    """Return a value as it is stored; empty where there is nothing to read.

    Raises:
        InvalidValue: the field can't hold that.
    """
    return _canonical(name, value.strip())[0]


def _canonical(name: str, value: str) -> tuple[str, Decimal | None, dt.date | None]:
    if not value:
        return "", None, None
    if name in AMOUNTS:
        amount = _amount(value)
        return str(amount), amount, None
    if name == FieldName.DATE:
        date = _date(value)
        return date.isoformat(), None, date
    if name == FieldName.MICR_LINE:
        if not _MICR.fullmatch(value):
            raise InvalidValue(_("A MICR line holds digits, spaces and the symbols ⑆ ⑇ ⑈ ⑉."))
        return _fitting(" ".join(value.split())), None, None
    digits = re.sub(r"[ ,]", "", value)
    if not re.fullmatch(r"[0-9]+", digits):
        raise InvalidValue(_("This field holds digits only."))
    if name == FieldName.DIGIT and len(digits) != 1:
        raise InvalidValue(_("This field holds one digit, 0 to 9."))
    return _fitting(digits), None, None


def _amount(value: str) -> Decimal:
    try:
        amount = Decimal(re.sub(r"[ ,]", "", value))
        exact = amount.quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise InvalidValue(_("An amount looks like 1,25,000.50.")) from error
    if amount != exact or amount < 0 or len(str(exact)) > MAX_AMOUNT_DIGITS + 3:
        raise InvalidValue(_("An amount has at most 15 digits, and two after the point."))
    return exact


def _date(value: str) -> dt.date:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d%m%Y"):
        try:
            return dt.datetime.strptime(value, pattern).date()  # noqa: DTZ007 - a bare date
        except ValueError:
            continue
    raise InvalidValue(_("A date looks like 2026-01-31 or 31/01/2026."))


def _fitting(value: str) -> str:
    if len(value) > MAX_LENGTH:
        raise InvalidValue(_("This is longer than the field can be."))
    return value
