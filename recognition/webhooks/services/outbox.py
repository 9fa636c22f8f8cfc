"""Store what is to be told, in the transaction in which it happens."""

import json
import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from recognition.batches.models import Batch, BatchState
from recognition.desk import access as desk
from recognition.desk.models import Item
from recognition.masking import masked
from recognition.models import RecognitionRun
from recognition.webhooks.models import Delivery, Endpoint, Event

KEPT = timedelta(days=30)


def note_read(run: RecognitionRun) -> None:
    """Tell what was read, account numbers masked."""
    bank = desk.bank_of(run.submission.owner)
    endpoints = _listening(bank, Event.READ)
    if endpoints:
        fields = {one.name: masked(one.name, one.final) for one in run.readings.all()}
        data = {
            "submission": str(run.submission_id),
            "kind": run.submission.kind,
            "fields": fields,
        }
        _store(endpoints, Event.READ, run.pk, data)


def note_item(item: Item) -> None:
    """Tell what was decided; a decision is final, and told once."""
    if item.is_settled and (endpoints := _listening(item.bank, Event.DECIDED)):
        values = {name: masked(name, value) for name, value in item.values.items()}
        data = {
            "submission": str(item.pk),
            "state": item.state,
            "return_code": item.return_code,
            "values": values,
        }
        _store(endpoints, Event.DECIDED, item.pk, data)


def note_batch(batch: Batch) -> None:
    """Tell that a batch was closed; once."""
    if batch.state != BatchState.CLOSED:
        return
    endpoints = _listening(desk.bank_of(batch.owner), Event.DONE)
    _store(endpoints, Event.DONE, batch.pk, {"batch": str(batch.pk), "name": batch.name})


def note_test(endpoint: Endpoint) -> None:
    """Send something that tells of nothing."""
    _store([endpoint], Event.TEST, uuid.uuid4(), {})


def purge() -> None:
    """Remove what was told long ago."""
    Delivery.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _listening(bank: str, event: Event) -> list[Endpoint]:
    if not bank:
        return []
    active = Endpoint.objects.filter(bank=bank, is_active=True)
    return [one for one in active if event in one.events]


def _store(
    endpoints: list[Endpoint], event: Event, subject: uuid.UUID, data: Mapping[str, object]
) -> None:
    told = {"type": event.value, "timestamp": timezone.now().isoformat(), "data": data}
    body = json.dumps(told)
    rows = [Delivery(endpoint=one, event=event, subject=subject, body=body) for one in endpoints]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
