"""The rows of a batch, one a page. Whoever adds one holds the lock on the batch."""

from django.db.models import Max

from recognition.batches.models import MAX_ITEMS, Batch, BatchItem, BatchState, Outcome
from recognition.batches.services.archives import too_many_items
from recognition.models import Kind, Source
from recognition.services import intake
from recognition.services.uploads import RefusedUpload, Upload


def next_position(batch: Batch) -> int | None:
    """Return where the next item goes; ``None`` where the batch is full."""
    last = batch.items.aggregate(last=Max("position"))["last"] or 0
    return last + 1 if last < MAX_ITEMS else None


def add_refused(batch: Batch, name: str, refusal: RefusedUpload) -> None:
    """Add what could not be taken, and why. A batch that is full stays as it is."""
    position = next_position(batch)
    if position is not None:
        BatchItem.objects.create(
            batch=batch,
            position=position,
            file_name=name,
            outcome=Outcome.REFUSED,
            error_code=refusal.code,
            error_message=refusal.message[:300],
        )


def add_upload(batch: Batch, upload: Upload) -> None:
    """Add each page of a file; content of another batch that still counts is not read again.

    What was submitted by itself before is taken: a batch is the account of a bundle of paper.

    Raises:
        RefusedUpload: ``too_many_items``; nothing of the file was added.
    """
    position = next_position(batch)
    if position is None or position + len(upload.pages) - 1 > MAX_ITEMS:
        raise too_many_items()
    first = _same_elsewhere(batch, upload)
    if first is not None:
        BatchItem.objects.bulk_create(
            BatchItem(
                batch=batch,
                position=position + index,
                file_name=upload.name,
                page=index + 1,
                outcome=Outcome.DUPLICATE,
                duplicate_of=first,
            )
            for index in range(len(upload.pages))
        )
        return
    kind, source = Kind(batch.kind), Source(batch.source)
    outcomes = intake.store(batch.owner, upload, kind, source, again=True)
    BatchItem.objects.bulk_create(
        BatchItem(
            batch=batch,
            position=position + index,
            submission=outcome.submission,
            file_name=upload.name,
            page=outcome.page,
            outcome=Outcome.ACCEPTED,
        )
        for index, outcome in enumerate(outcomes)
    )


def _same_elsewhere(batch: Batch, upload: Upload) -> BatchItem | None:
    """Return the item with the same content in a batch of this person, unless it was cancelled."""
    return (
        BatchItem.objects.standing()
        .filter(submission__owner=batch.owner, submission__sha256=upload.sha256)
        .exclude(batch__state=BatchState.CANCELLED)
        .order_by("pk")
        .first()
    )
