"""Take into a batch what was found beside an item on its page."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Sum

from recognition.batches.models import Batch, BatchItem, BatchState, Outcome
from recognition.batches.services.items import room_in
from recognition.models import Submission
from recognition.services.parts import StaysWhole


def add_parts(submission: Submission, others: Sequence[Submission], **_kwargs: Any) -> None:
    """Add the others to the batch of an item that counts there, after all that it has.

    Raises:
        StaysWhole: the batch is closed or cancelled, or has no room beside what is still coming.
    """
    mine = BatchItem.objects.filter(submission=submission.pk, outcome=Outcome.ACCEPTED)
    item = mine.first()
    if item is None:
        return
    batch = Batch.objects.select_for_update().get(pk=item.batch_id)
    if not mine.exists():
        return  # it was taken out just now
    if batch.is_final:
        raise StaysWhole("its batch is closed or cancelled")
    coming = batch.received.aggregate(n=Sum(F("members") - F("next_member")))["n"] or 0
    room = room_in(batch)
    if room - coming < len(others):
        raise StaysWhole("its batch is full")
    last = batch.items.latest("position").position
    for position, other in enumerate(others, start=last + 1):
        if batch.state == BatchState.PAUSED and other.latest_run is not None:
            other.latest_run.is_held = True
        BatchItem(
            batch=batch,
            position=position,
            submission=other,
            file_name=item.file_name,
            page=item.page,
            outcome=Outcome.ACCEPTED,
        ).save(force_insert=True)
