"""What people decide about a batch: pause, resume, cancel, take an item out, close.

Each holds the lock on the batch, as the worker does who adds items to it; so nothing slips in
between. A run that is held can't be claimed, whatever messages about it are on their way.
"""

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import User
from recognition.batches.models import Batch, BatchItem, BatchState, Outcome
from recognition.batches.services import sending
from recognition.batches.services.figures import amounts_of
from recognition.batches.services.intake import Control
from recognition.models import RecognitionRun, RunState
from recognition.services import queue
from recognition.services.intake import WrongState

if TYPE_CHECKING:
    from django.db.models import QuerySet

_OPEN_RUN = (RunState.QUEUED, RunState.RUNNING)


@transaction.atomic
def pause(batch: Batch, *, by: User) -> None:
    """Start nothing of the batch any more; what is being read just now is read to its end.

    Raises:
        WrongState: ``not_open``.
    """
    batch = _locked(batch)
    if batch.state != BatchState.OPEN:
        raise WrongState("not_open", _("Only a batch that is at work can be paused."))
    _runs_of(batch).filter(state__in=_OPEN_RUN).update(is_held=True)
    batch.state = BatchState.PAUSED
    batch.save(update_fields=("state",))
    record(EventCode.BATCH_PAUSED, actor=by, subject=batch)


@transaction.atomic
def resume(batch: Batch, *, by: User) -> None:
    """Go on where the batch was paused.

    Raises:
        WrongState: ``not_paused``.
    """
    batch = _locked(batch)
    if batch.state != BatchState.PAUSED:
        raise WrongState("not_paused", _("The batch is not paused."))
    now = timezone.now()
    held = _runs_of(batch).filter(is_held=True)
    waiting = list(held.filter(state=RunState.QUEUED).order_by("queued_at").values_list("pk"))
    held.update(is_held=False, sent_at=now)
    batch.state, batch.went_on_at = BatchState.OPEN, now
    batch.save(update_fields=("state", "went_on_at"))
    for (run_id,) in waiting:
        transaction.on_commit(partial(queue.send, run_id, batch.kind))
    transaction.on_commit(partial(sending.send, batch.pk))
    record(EventCode.BATCH_RESUMED, actor=by, subject=batch)


@transaction.atomic
def cancel(batch: Batch, *, by: User) -> None:
    """Give the batch up: nothing more of it is taken in or read, and its content counts as new.

    Raises:
        WrongState: ``batch_final``.
    """
    batch = _not_final(batch)
    _cancel_waiting(_runs_of(batch))
    for received in batch.received.all():
        transaction.on_commit(partial(received.file.delete, save=False))
    batch.received.all().delete()
    batch.state = BatchState.CANCELLED
    batch.save(update_fields=("state",))
    record(EventCode.BATCH_CANCELLED, actor=by, subject=batch)


@transaction.atomic
def withdraw(item: BatchItem, *, by: User) -> None:
    """Take an item out of the account of its batch; the submission itself stays.

    Raises:
        WrongState: ``batch_final``; ``not_in_batch``: it is no item that counts.
    """
    _not_final(item.batch)
    taken = BatchItem.objects.filter(pk=item.pk, outcome=Outcome.ACCEPTED)
    if not taken.update(outcome=Outcome.WITHDRAWN):
        raise WrongState("not_in_batch", _("This item does not count in the batch anyway."))
    _cancel_waiting(RecognitionRun.objects.filter(submission__batch_item=item.pk))
    position = item.position
    record(EventCode.BATCH_ITEM_WITHDRAWN, actor=by, subject=item.batch, position=position)


@transaction.atomic
def set_control(batch: Batch, control: Control, *, by: User) -> None:
    """Store what the paper is said to hold.

    Raises:
        WrongState: ``batch_final``.
    """
    batch = _not_final(batch)
    batch.control_total, batch.control_count = control.total, control.count
    batch.save(update_fields=("control_total", "control_count"))
    record(
        EventCode.CONTROL_TOTAL_SET,
        actor=by,
        subject=batch,
        total=control.total,
        count=control.count,
    )


@transaction.atomic
def close(batch: Batch, *, by: User, note: str = "") -> None:
    """Close a batch whose items are all settled, and keep each amount as it stands.

    Raises:
        WrongState: ``batch_final``, ``still_at_work``, ``not_settled``, or ``difference``: the sum
            is not the control total, and no note says why.
    """
    batch = _not_final(batch)
    if batch.received.exists() or batch.items.at_work().exists():
        raise WrongState("still_at_work", _("The batch is still being read."))
    amounts = amounts_of(batch)
    if open_ones := sum(not one.is_settled for one in amounts):
        message = ngettext(
            "%(count)d item is not settled yet.", "%(count)d items are not settled yet.", open_ones
        )
        raise WrongState("not_settled", message % {"count": open_ones})
    total = sum((one.amount for one in amounts if one.amount is not None), Decimal("0.00"))
    if batch.control_total not in {None, total} and not note:
        message = _("The sum is not the control total: say in a note why the batch is closed.")
        raise WrongState("difference", message)
    gone = batch.items.filter(outcome=Outcome.ACCEPTED).exclude(pk__in=batch.items.standing())
    gone.update(outcome=Outcome.WITHDRAWN)  # their owner deleted them
    booked = [BatchItem(pk=one.item_id, booked_amount=one.amount) for one in amounts]
    BatchItem.objects.bulk_update(booked, ("booked_amount",), batch_size=200)
    batch.state, batch.closed_at, batch.closed_by = BatchState.CLOSED, timezone.now(), by
    batch.closed_total, batch.closing_note = total, note
    batch.save(update_fields=("state", "closed_at", "closed_by", "closed_total", "closing_note"))
    record(
        EventCode.BATCH_CLOSED,
        actor=by,
        subject=batch,
        total=total,
        control_total=batch.control_total,
        items=len(amounts),
    )


def _locked(batch: Batch) -> Batch:
    return Batch.objects.select_for_update().get(pk=batch.pk)


def _not_final(batch: Batch) -> Batch:
    batch = _locked(batch)
    if batch.is_final:
        message = _("The batch is closed or cancelled: nothing about it can change.")
        raise WrongState("batch_final", message)
    return batch


def _runs_of(batch: Batch) -> "QuerySet[RecognitionRun]":
    return RecognitionRun.objects.filter(submission__batch_item__batch=batch)


def _cancel_waiting(runs: "QuerySet[RecognitionRun]") -> None:
    runs.filter(state=RunState.QUEUED).update(
        state=RunState.CANCELLED, finished_at=timezone.now(), is_held=False
    )
