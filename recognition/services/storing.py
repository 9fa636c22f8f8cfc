"""Store what was read in a run, while the claim still holds it.

A cheque may be stored in two steps: all but the amount in words, which takes longest, and then all
of it. What the words have a say in is decided with the second step, and left to a person where that
never comes.
"""

import dataclasses
import datetime as dt
import logging
import uuid
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from recognition.engine import serialise, types
from recognition.engine.words.reconcile import RULE
from recognition.models import FieldReading, RecognitionRun, RuleVerdict, RunState
from recognition.services import duplicates, parts, standing
from recognition.services.showing import show_as_read
from recognition.signals import run_succeeded

logger = logging.getLogger(__name__)

AWAITED = "words_awaited"
NOT_READ = "words_not_read"

_COLUMNS = (
    "value", "raw_text", "amount", "date", "confidence", "is_accepted", "box", "characters",
    "alternatives", "notes",
)  # fmt: skip


class TakenBack(Exception):  # noqa: N818 - it says what is the case
    """The run is another worker's by now, or over: there is nothing more to do for this one."""


def store_figures(run: RecognitionRun, claim: uuid.UUID, reading: types.Reading) -> None:
    """Store all but the amount in words; the amount in figures is not decided yet.

    Raises:
        TakenBack: as it says; nothing is stored.
    """
    now = timezone.now()
    parts.divide(run, claim, reading)
    duplicates.record(run.submission, reading)
    with transaction.atomic():
        held = RecognitionRun.objects.held(run.pk, claim)
        if not held.update(figures_at=now, **facts(reading)):
            raise TakenBack
        FieldReading.objects.bulk_create(row(run, _undecided(field)) for field in reading.fields)
        _store_verdicts(run, reading)
        show_as_read(run.submission, reading)
    run.figures_at = now


def store(run: RecognitionRun, claim: uuid.UUID, reading: types.Reading) -> None:
    """Store all that was read: the run has succeeded."""
    if run.figures_at is None:
        parts.divide(run, claim, reading)
        duplicates.record(run.submission, reading)
    with transaction.atomic():
        _store_all(run, claim, reading)


def _store_all(run: RecognitionRun, claim: uuid.UUID, reading: types.Reading) -> None:
    held = RecognitionRun.objects.held(run.pk, claim).update(
        state=RunState.SUCCEEDED, finished_at=timezone.now(), **facts(reading)
    )
    if not held:
        logger.warning("Run %s was taken back from this worker: nothing is stored.", run.pk)
        return
    rows = [row(run, field) for field in reading.fields]
    if run.figures_at is None:
        FieldReading.objects.bulk_create(rows)
        show_as_read(run.submission, reading)
    else:  # somebody may have corrected a field already, so its row stays the same
        FieldReading.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=("run", "name"), update_fields=_COLUMNS
        )
    _store_verdicts(run, reading)
    run_succeeded.send(sender=RecognitionRun, run=run)


@transaction.atomic
def end_with_figures(run: RecognitionRun, claim: uuid.UUID) -> None:
    """End a run whose words were lost: the figures stay, and the amount is for a person."""
    held = RecognitionRun.objects.held(run.pk, claim)
    if not held.update(state=RunState.SUCCEEDED, finished_at=timezone.now()):
        return
    for reading in run.readings.filter(name=types.FieldName.COURTESY_AMOUNT):
        reading.notes = [NOT_READ if note == AWAITED else note for note in reading.notes]
        reading.save(update_fields=("notes",))
    RuleVerdict.objects.create(
        run=run,
        rule=RULE,
        verdict=types.Verdict.UNKNOWN,
        reason="The amount in words was not read.",
    )
    run_succeeded.send(sender=RecognitionRun, run=run)


def facts(reading: types.Reading) -> dict[str, Any]:
    """Return what is stored of a reading with its run."""
    return {
        "engine_version": reading.engine_version,
        "layout": reading.layout,
        "models_used": [dataclasses.asdict(model) for model in reading.models],
        "quality": [dataclasses.asdict(metric) for metric in reading.quality],
        "milliseconds": {stage: round(taken, 2) for stage, taken in reading.milliseconds.items()},
    }


def _undecided(field: types.FieldReading) -> types.FieldReading:
    if field.name != types.FieldName.COURTESY_AMOUNT:
        return field
    return dataclasses.replace(field, accepted=False, notes=(*field.notes, AWAITED))


def _store_verdicts(run: RecognitionRun, reading: types.Reading) -> None:
    run.verdicts.all().delete()
    verdicts = [
        RuleVerdict(
            run=run,
            rule=check.rule,
            verdict=check.verdict,
            reason=check.reason,
            return_code=check.return_code,
        )
        for check in reading.checks
    ]
    RuleVerdict.objects.bulk_create(
        [*verdicts, *parts.verdicts(run, reading), *duplicates.verdicts(run)]
    )
    standing.refresh(run.submission_id)


def row(run: RecognitionRun, field: types.FieldReading) -> FieldReading:
    """Return a field as it is stored, without storing it."""
    value = field.value or ""
    is_amount = field.name in {types.FieldName.COURTESY_AMOUNT, types.FieldName.LEGAL_AMOUNT}
    is_date = field.name == types.FieldName.DATE
    return FieldReading(
        run=run,
        name=field.name,
        value=value,
        raw_text=field.raw_text,
        amount=Decimal(value) if value and is_amount else None,
        date=dt.date.fromisoformat(value) if value and is_date else None,
        confidence=round(field.confidence, 4),
        is_accepted=field.accepted,
        box=serialise.box_as_dict(field.box),
        characters=[serialise.character_as_dict(character) for character in field.characters],
        alternatives=[serialise.candidate_as_dict(candidate) for candidate in field.alternatives],
        notes=list(field.notes),
    )
