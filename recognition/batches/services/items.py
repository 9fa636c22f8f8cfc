"""The rows of a batch, one a page. Whoever adds one holds the lock on the batch."""

from django.db.models import Max

from recognition.batches.models import MAX_ITEMS, Batch, BatchItem, BatchState, Outcome
from recognition.batches.services.archives import too_many_items
from recognition.models import Kind, Source
from recognition.services import intake, quota
from recognition.services.uploads import RefusedUpload, Upload


def next_position(batch: Batch) -> int | None:
    """Return where the next item goes; ``None`` where the batch is full."""
    return MAX_ITEMS - room_in(batch) + 1 if room_in(batch) else None


def room_in(batch: Batch) -> int:
    """Return how many items the batch can still hold."""
    return MAX_ITEMS - (batch.items.aggregate(last=Max("position"))["last"] or 0)


def add_refused(batch: Batch, name: str, refusal: RefusedUpload, page: int = 1) -> None:
    """Add what could not be taken, and why. A batch that is full stays as it is."""
    position = next_position(batch)
    if position is not None:
        BatchItem.objects.create(
            batch=batch,
            position=position,
            file_name=name,
            page=page,
            outcome=Outcome.REFUSED,
            error_code=refusal.code,
            error_message=refusal.message[:300],
        )


def add_upload(batch: Batch, upload: Upload) -> None:
    """Add each page of a file; content of another batch that still counts is not read again.

    What was submitted by itself before is taken: a batch is the account of a bundle of paper.

    Raises:
        RefusedUpload: ``too_many_items`` or ``storage_full``; nothing of the file was added.
    """
    position = next_position(batch)
    if position is None or len(upload.pages) > room_in(batch):
        raise too_many_items()
    quota.check_room(batch.owner, quota.size_of(upload))
    there = _pages_that_are_there(batch, upload)
    for number, page in enumerate(upload.pages, start=upload.first_page):
        item = BatchItem(
            batch=batch,
            position=position + number - upload.first_page,
            file_name=upload.name,
            page=number,
        )
        if number in there:
            item.outcome, item.duplicate_of = Outcome.DUPLICATE, there[number]
        else:
            alone = Upload(upload.name, upload.sha256, (page,), number)
            kind, source = Kind(batch.kind), Source(batch.source)
            (stored,) = intake.store(batch.owner, alone, kind, source, again=True)
            item.outcome, item.submission = Outcome.ACCEPTED, stored.submission
        item.save(force_insert=True)


def _pages_that_are_there(batch: Batch, upload: Upload) -> dict[int, BatchItem]:
    """Return, by page, the items with this content in batches of this person that still count."""
    same = (
        BatchItem.objects.standing()
        .filter(submission__owner=batch.owner, submission__sha256=upload.sha256)
        .exclude(batch__state=BatchState.CANCELLED)
        .order_by("-pk")
    )
    return {item.page: item for item in same}
