"""What a bank would check on the item itself, each rule with the return code it would lead to.

Return reason codes are those of Indian clearing (NPCI's list for CTS): 30 post-dated, 31 stale,
32 undated or without a proper date, 34 amounts differ, 39 image not clear, 13 drawer's signature
required.
A rule that fails is never outweighed by a confidence.
"""

import calendar
from datetime import date

from recognition.engine.micr.grammar import (
    DEMAND_DRAFT_CODE,
    TRANSACTION_CODES,
    Country,
    MicrFields,
    is_valid_routing_number,
)
from recognition.engine.types import Check, FieldReading, Kind, QualityMetric, Verdict

IMAGE_CLEAR = "image_clear"
"""The rule that sends every field of an unfit image to a person, whatever the confidence."""

VALID_MONTHS = {Country.INDIA: 3, Country.UNITED_STATES: 6}
"""Reserve Bank of India since 1 April 2012; UCC § 4-404."""


CMC7 = Check(
    "micr_line_form", Verdict.FAILED, "The line at the foot is printed in CMC-7, which is not read."
)


def check_item(  # noqa: PLR0913 - all that a clerk would look at
    kind: Kind,
    micr: MicrFields | None,
    amount: FieldReading,
    written_date: FieldReading,
    quality: tuple[QualityMetric, ...],
    today: date,
    *,
    is_signed: bool | None = None,
    valid_months: int | None = None,
) -> tuple[Check, ...]:
    """Return one verdict a rule, in the order a clerk would look.

    ``is_signed`` is ``None`` where the form does not tell where the drawer signs;
    ``valid_months`` where the country's law says how long an item is valid.
    """
    country = micr.country if micr else Country.INDIA
    months = valid_months or VALID_MONTHS[country]
    return (
        _image_is_clear(quality),
        _line_has_a_form(micr),
        *_instrument(kind, micr),
        _amount_is_there(amount),
        *_date_rules(written_date, months, today),
        *_signature(is_signed=is_signed),
    )


def _image_is_clear(quality: tuple[QualityMetric, ...]) -> Check:
    failed = [metric for metric in quality if metric.verdict is Verdict.FAILED]
    if failed:
        reason = " ".join(metric.advice for metric in failed)
        return Check(IMAGE_CLEAR, Verdict.FAILED, reason, "39")
    return Check(IMAGE_CLEAR, Verdict.PASSED, "The image is good enough to be read.")


def _line_has_a_form(micr: MicrFields | None) -> Check:
    if micr is None:
        reason = "The MICR line was not found or has no form that is known."
        return Check("micr_line_form", Verdict.FAILED, reason, "39")
    if micr.country is Country.UNITED_STATES and not is_valid_routing_number(micr.bank):
        reason = f"The routing number {micr.bank} fails its checksum."
        return Check("micr_line_form", Verdict.FAILED, reason)
    reason = "The MICR line has the form of an " + (
        "Indian cheque." if micr.country is Country.INDIA else "American cheque."
    )
    return Check("micr_line_form", Verdict.PASSED, reason)


def _instrument(kind: Kind, micr: MicrFields | None) -> tuple[Check, ...]:
    """Compare what was said to be submitted with what the transaction code says."""
    if micr is None or micr.country is not Country.INDIA:
        return ()
    code = micr.transaction_code
    meaning = TRANSACTION_CODES.get(code)
    if meaning is None:
        reason = f"The transaction code {code} is not one that is known."
        return (Check("instrument", Verdict.UNKNOWN, reason),)
    reason = f"Transaction code {code}: {meaning}."
    is_draft = code == DEMAND_DRAFT_CODE
    agrees = is_draft == (kind is Kind.DEMAND_DRAFT)
    return (Check("instrument", Verdict.PASSED if agrees else Verdict.FAILED, reason),)


def _amount_is_there(amount: FieldReading) -> Check:
    if amount.value is None:
        verdict = Verdict.FAILED if not amount.raw_text else Verdict.UNKNOWN
        return Check("amount_present", verdict, "No amount in figures was read.")
    return Check("amount_present", Verdict.PASSED, "There is an amount in figures.")


def _date_rules(written: FieldReading, months: int, today: date) -> tuple[Check, ...]:
    if written.value is None:
        if written.raw_text:
            reason = f"“{written.raw_text}” is no date of the calendar."
        else:
            reason = "No date was read."
        return (Check("date_valid", Verdict.FAILED, reason, "32"),)
    issued = date.fromisoformat(written.value)
    last = add_months(issued, months)
    return (
        Check("date_valid", Verdict.PASSED, "The date is one of the calendar."),
        Check("post_dated", Verdict.FAILED, f"The cheque is dated {issued}, after today.", "30")
        if issued > today
        else Check("post_dated", Verdict.PASSED, "The date is not in the future."),
        Check("stale", Verdict.FAILED, f"The cheque was valid until {last}.", "31")
        if last < today
        else Check("stale", Verdict.PASSED, f"The cheque is valid until {last}."),
    )


def _signature(*, is_signed: bool | None) -> tuple[Check, ...]:
    if is_signed is None:
        return ()
    if is_signed:
        reason = "Something is written in the place of the signature."
        return (Check("signature_present", Verdict.PASSED, reason),)
    reason = "The place of the signature is empty."
    return (Check("signature_present", Verdict.FAILED, reason, "13"),)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of that month.

    >>> add_months(date(2025, 11, 30), 3)
    datetime.date(2026, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
