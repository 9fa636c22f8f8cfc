"""What officials hand in: a batch and its files, stored as they came and taken in by a worker."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import ApplicationState, User
from recognition import access
from recognition.batches.models import KINDS, Batch, BatchState, ReceivedFile
from recognition.batches.services import sending
from recognition.batches.services.archives import is_archive, too_many_items
from recognition.batches.services.items import add_refused, next_position
from recognition.models import Source
from recognition.services import quota
from recognition.services.intake import WrongState
from recognition.services.uploads import RefusedUpload, clean_name, is_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile

_LONGEST_START = 8  # bytes


@dataclass(frozen=True, slots=True)
class Control:
    """What the official says of the paper: the sum of its amounts, and how many items it has."""

    total: Decimal | None = None
    count: int | None = None


def create(
    *,
    owner: User,
    name: str,
    reference: str,
    kind: str,
    source: Source,
    control: Control,
    uploads: "Sequence[UploadedFile[bytes]]",
) -> Batch:
    """Store a batch and its files; a worker takes them in.

    Raises:
        PermissionDenied: this person may not submit cheques.
    """
    if kind not in KINDS or not access.can_submit(owner, kind):
        raise PermissionDenied(_("Only bank officials can submit cheques and demand drafts."))
    with transaction.atomic():
        batch = Batch.objects.create(
            owner=owner,
            bank=_bank_of(owner),
            name=name,
            reference=reference,
            kind=kind,
            source=source,
            control_total=control.total,
            control_count=control.count,
        )
        _receive(batch, uploads)
        record(EventCode.BATCH_CREATED, actor=owner, subject=batch, files=len(uploads))
    return batch


def add_files(batch: Batch, uploads: "Sequence[UploadedFile[bytes]]") -> None:
    """Take more files into a batch that is not final.

    Raises:
        WrongState: ``batch_final``: it was closed or cancelled; ``too_many_items``: it is full.
    """
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        if batch.is_final:
            raise WrongState("batch_final", _("The batch is closed: nothing about it can change."))
        if next_position(batch) is None:
            full = too_many_items()
            raise WrongState(full.code, full.message)
        _receive(batch, uploads)


def _receive(batch: Batch, uploads: "Sequence[UploadedFile[bytes]]") -> None:
    for upload in uploads:
        name = clean_name(upload.name or "")
        start = upload.read(_LONGEST_START)
        upload.seek(0)
        refusal = _refusal(batch.owner, start, upload.size or 0)
        if refusal is None:
            ReceivedFile.objects.create(batch=batch, file=upload, name=name)
        else:
            add_refused(batch, name, refusal)
    if batch.state == BatchState.OPEN:
        transaction.on_commit(partial(sending.send, batch.pk))


def _refusal(owner: User, start: bytes, size: int) -> RefusedUpload | None:
    """Return why this file need not even be stored."""
    if not size:
        return RefusedUpload("empty_file", _("The file is empty."))
    limit = settings.UPLOAD_MAX_BYTES
    if is_archive(start):
        limit = settings.BATCH_MAX_BYTES
    elif is_document(start):
        limit = settings.BATCH_MAX_DOCUMENT_BYTES
    if size > limit:
        message = _("The file is larger than %d MB.") % (limit // 2**20)
        return RefusedUpload("file_too_large", message)
    try:
        quota.check_room(owner, size)
    except RefusedUpload as refusal:
        return refusal
    return None


def _bank_of(owner: User) -> str:
    approved = owner.applications.filter(state=ApplicationState.APPROVED)
    latest = approved.order_by("-decided_at").first()
    return "" if latest is None else latest.bank
