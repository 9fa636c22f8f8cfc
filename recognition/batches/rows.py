"""A batch as a table: what reports and exports are made of."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from recognition.batches.models import Batch, BatchItem, BatchState, Outcome
from recognition.batches.services import figures
from recognition.masking import masked
from recognition.models import FieldName, FieldReading


@dataclass(frozen=True, slots=True)
class Row:
    """One item, its values as they finally stand; account numbers by their last digits alone."""

    position: int
    file_name: str
    page: int
    outcome: str
    state: str
    is_settled: bool
    return_code: str
    amount: Decimal | None
    is_amount_doubtful: bool
    date: str
    account_number: str
    cheque_number: str
    micr_line: str
    remark: str
    submission: str


def rows_of(batch: Batch) -> Iterator[Row]:
    """Yield the items of a batch in their order."""
    items = batch.items.with_reading().annotate(is_settled=figures.settled())
    for item in items:
        yield _row(batch, item, is_settled=item.is_settled)  # type: ignore[attr-defined] # annotated


def _row(batch: Batch, item: BatchItem, *, is_settled: bool) -> Row:
    run = None if item.submission is None else item.submission.latest_run
    readings: dict[str, FieldReading] = {}
    if run is not None:
        readings = {reading.name: reading for reading in run.readings.all()}
    values = {name: masked(name, reading.final) for name, reading in readings.items()}
    decision = None if item.submission is None else getattr(item.submission, "item", None)
    amount = readings.get(FieldName.COURTESY_AMOUNT)
    counts = item.outcome == Outcome.ACCEPTED
    is_closed = batch.state == BatchState.CLOSED
    return Row(
        position=item.position,
        file_name=item.file_name,
        page=item.page,
        outcome=item.outcome,
        state="" if run is None or not counts else run.state,
        is_settled=counts and (is_closed or is_settled),
        return_code=decision.return_code if counts and decision is not None else "",
        amount=_amount(item, amount, is_closed=is_closed) if counts else None,
        is_amount_doubtful=amount is not None
        and not amount.is_accepted
        and amount.correction is None,
        date=_date(values.get(FieldName.DATE, "")),
        account_number=values.get(FieldName.ACCOUNT_NUMBER, ""),
        cheque_number=values.get(FieldName.CHEQUE_NUMBER, ""),
        micr_line=values.get(FieldName.MICR_LINE, ""),
        remark=item.error_message or ("" if run is None else run.failure),
        submission="" if item.submission_id is None else str(item.submission_id),
    )


def _amount(item: BatchItem, reading: FieldReading | None, *, is_closed: bool) -> Decimal | None:
    amount: Decimal | None = None
    if is_closed:
        amount = item.booked_amount
    elif reading is not None:
        amount = reading.amount if reading.correction is None else reading.correction.amount
    return amount


def _date(value: str) -> str:
    return dt.date.fromisoformat(value).isoformat() if value else ""
