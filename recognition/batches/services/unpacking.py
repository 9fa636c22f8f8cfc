"""What a worker does with the files of a batch: take them in, one after the other.

Each file is decoded with no transaction open. Its rows, its images and the step to the next file
are then stored together, under the lock of the batch and only where nobody else was faster, so a
worker that dies or a message that comes twice neither loses nor doubles an item.
"""

import logging
import time
import uuid
from typing import IO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from recognition.batches.models import Batch, BatchState, ReceivedFile
from recognition.batches.services import archives, sending
from recognition.batches.services.items import add_refused, add_upload
from recognition.messages import FAILURES
from recognition.services.uploads import RefusedUpload, Upload, clean_name, receive

logger = logging.getLogger(__name__)

SLICE_SECONDS = 10.0  # then others have their turn: far below a task's time limit
_LONGEST_START = 4  # bytes


class _TakenOver(Exception):  # noqa: N818 - it says what happened
    """The batch was paused or cancelled, or another worker does this."""


def unpack(batch_id: uuid.UUID, *, seconds: float = SLICE_SECONDS) -> None:
    """Take in what the batch has received, for so long; then ask for the next turn."""
    until = time.monotonic() + seconds
    waiting = ReceivedFile.objects.filter(batch=batch_id, batch__state=BatchState.OPEN)
    while (received := waiting.first()) is not None:
        try:
            _take_in(received, until)
        except _TakenOver:
            return
        if time.monotonic() >= until:
            sending.send(batch_id)
            return


def sweep() -> None:
    """Send for every batch that has something to take in. A message too many is harmless."""
    waiting = ReceivedFile.objects.filter(batch__state=BatchState.OPEN)
    for batch_id in waiting.values_list("batch", flat=True).distinct().order_by("batch"):
        sending.send(batch_id)


def _take_in(received: ReceivedFile, until: float) -> None:
    try:
        with received.file.open("rb") as file:
            start = file.read(_LONGEST_START)
            file.seek(0)
            if archives.is_archive(start):
                _take_archive(received, file, until)
            else:
                _store(received, 0, received.name, _received(received.name, file.read()), last=True)
    except RefusedUpload as refusal:
        _store(received, received.next_member, received.name, refusal, last=True)


def _take_archive(received: ReceivedFile, file: IO[bytes], until: float) -> None:
    with archives.opened(file) as archive:
        members = archives.members_of(archive)
        received.members = len(members)
        received.save(update_fields=("members",))
        for index in range(received.next_member, len(members)):
            if time.monotonic() >= until:
                return
            name = clean_name(members[index].filename)
            found: Upload | RefusedUpload
            try:
                found = _received(name, archives.read_member(archive, members[index]))
            except RefusedUpload as refusal:
                found = refusal
            _store(received, index, name, found, last=index + 1 == len(members))


def _received(name: str, data: bytes) -> Upload | RefusedUpload:
    try:
        return receive(SimpleUploadedFile(name, data))
    except RefusedUpload as refusal:
        return refusal
    except OSError:
        raise
    except Exception:
        # One file that nobody thought of must not hold up the rest of its batch for ever.
        logger.exception("A file of a batch could not be taken in.")
        return RefusedUpload("internal_error", str(FAILURES["internal_error"]))


def _store(
    received: ReceivedFile, index: int, name: str, found: Upload | RefusedUpload, *, last: bool
) -> None:
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=received.batch_id)
        mine = ReceivedFile.objects.filter(pk=received.pk, next_member=index)
        if batch.state != BatchState.OPEN or not mine.update(next_member=index + 1):
            raise _TakenOver
        if isinstance(found, Upload):
            try:
                add_upload(batch, found)
            except RefusedUpload as refusal:
                found = refusal
        if isinstance(found, RefusedUpload):
            add_refused(batch, name, found)
        if last:
            received.delete()
    received.next_member = index + 1
    if last:
        received.file.delete(save=False)
