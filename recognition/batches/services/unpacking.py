"""What a worker does with the files of a batch: take them in, one after the other.

Each file is decoded with no transaction open. Its rows, its images and the step to the next file
are then stored together, under the lock of the batch and only where nobody else was faster, so a
worker that dies or a message that comes twice neither loses nor doubles an item.
"""

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import IO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from recognition.batches.models import MAX_ITEMS, Batch, BatchState, ReceivedFile
from recognition.batches.services import archives, sending
from recognition.batches.services.items import add_refused, add_upload, room_in
from recognition.messages import FAILURES
from recognition.services.uploads import (
    RefusedUpload,
    Upload,
    clean_name,
    count_pages,
    is_document,
    receive,
    receive_pages,
)

logger = logging.getLogger(__name__)

SLICE_SECONDS = 10.0  # then others have their turn: far below a task's time limit
PAGES_AT_ONCE = 8  # what starting a renderer costs is shared by these
_LONGEST_START = 8  # bytes


class _TakenOver(Exception):  # noqa: N818 - it says what happened
    """The batch was paused or cancelled, or another worker does this."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What one file, or some pages of one, turned out to be."""

    name: str
    content: Upload | RefusedUpload
    page: int = 1
    members: int = 1


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
                _take_document(received, file.read(), until)
    except RefusedUpload as refusal:
        _store(received, _Found(received.name, refusal), is_last=True)


def _take_archive(received: ReceivedFile, file: IO[bytes], until: float) -> None:
    with archives.opened(file) as archive:
        members = archives.members_of(archive)
        _expect(received, len(members))
        for index in range(received.next_member, len(members)):
            if time.monotonic() >= until:
                return
            name = clean_name(members[index].filename)
            member = partial(archives.read_member, archive, members[index])
            found = _received(lambda: receive(SimpleUploadedFile(name, member())))  # noqa: B023 - called at once
            _store(received, _Found(name, found), is_last=index + 1 == len(members))


def _take_document(received: ReceivedFile, data: bytes, until: float) -> None:
    name = received.name
    pages = count_pages(data, max_pages=MAX_ITEMS) if is_document(data[:_LONGEST_START]) else 1
    if pages == 1:
        found = _received(lambda: receive(SimpleUploadedFile(name, data)))
        _store(received, _Found(name, found), is_last=True)
        return
    _expect(received, pages)
    taken = partial(receive_pages, name, data, sha256=sha256(data).hexdigest(), max_pages=MAX_ITEMS)
    while received.next_member < pages and time.monotonic() < until:
        first, count = received.next_member + 1, min(PAGES_AT_ONCE, pages - received.next_member)
        found = _received(lambda: taken(first_page=first, count=count))  # noqa: B023 - called at once
        if isinstance(found, RefusedUpload) and count > 1:
            count = 1  # a bad page costs itself alone
            found = _received(lambda: taken(first_page=first, count=1))  # noqa: B023 - called at once
        is_last = first + count > pages
        _store(received, _Found(name, found, page=first, members=count), is_last=is_last)


def _expect(received: ReceivedFile, members: int) -> None:
    """Note how much is to come, or refuse what the batch can't hold beside what it has.

    Raises:
        RefusedUpload: ``too_many_items``.
    """
    if received.next_member == 0 and members > room_in(received.batch):
        raise archives.too_many_items()
    received.members = members
    received.save(update_fields=("members",))


def _received(take: Callable[[], Upload]) -> Upload | RefusedUpload:
    try:
        return take()
    except RefusedUpload as refusal:
        return refusal
    except OSError:
        raise
    except Exception:
        # One file that nobody thought of must not hold up the rest of its batch for ever.
        logger.exception("A file of a batch could not be taken in.")
        return RefusedUpload("internal_error", str(FAILURES["internal_error"]))


def _store(received: ReceivedFile, found: _Found, *, is_last: bool) -> None:
    index = received.next_member
    content = found.content
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=received.batch_id)
        mine = ReceivedFile.objects.filter(pk=received.pk, next_member=index)
        if batch.state != BatchState.OPEN or not mine.update(next_member=index + found.members):
            raise _TakenOver
        if isinstance(content, Upload):
            try:
                add_upload(batch, content)
            except RefusedUpload as refusal:
                content = refusal
        if isinstance(content, RefusedUpload):
            add_refused(batch, found.name, content, found.page)
        if is_last:
            received.delete()
    received.next_member = index + found.members
    if is_last:
        received.file.delete(save=False)
