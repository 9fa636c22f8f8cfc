"""What people ask for, before the queue: submit, read again, cancel, delete.

An item's image, its row and its first run are stored together or not at all; the message to the
workers goes out after the commit.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import User
from recognition import access
from recognition.models import (
    Kind,
    RecognitionRun,
    RunState,
    Source,
    Submission,
)
from recognition.services import queue, quota, standing
from recognition.services.showing import store_image
from recognition.services.uploads import Page, RefusedUpload, Upload, clean_name, receive
from recognition.signals import changing

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

__all__ = ["Outcome", "RefusedUpload", "WrongState", "cancel", "delete", "rerun", "submit"]


class WrongState(Exception):  # noqa: N818 - it says what happened, and callers show it
    """Why a thing can't be done now: a stable code, and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page of one file: accepted, a duplicate of what is there, or refused."""

    file_name: str
    page: int = 1
    submission: Submission | None = None
    is_duplicate: bool = False
    refusal: RefusedUpload | None = None

    @property
    def status(self) -> str:
        """``accepted``, ``duplicate`` or ``refused``."""
        if self.refusal is not None:
            return "refused"
        return "duplicate" if self.is_duplicate else "accepted"


def submit(
    *,
    owner: User,
    uploads: Iterable["UploadedFile[bytes]"],
    kind: Kind,
    source: Source,
    again: bool = False,
) -> list[Outcome]:
    """Store what can be read and queue it; return an outcome a page, in the order received.

    A file that the owner submitted before leads to that submission and is not read again, unless
    ``again`` asks for a submission of its own (which then points at the first). One refused file
    does not touch the others.

    Raises:
        PermissionDenied: this person may not submit this kind.
    """
    if not access.can_submit(owner, kind):
        raise PermissionDenied(_("Only bank officials can submit cheques and demand drafts."))
    outcomes: list[Outcome] = []
    for file in uploads:
        try:
            upload = receive(file)
            quota.check_room(owner, quota.size_of(upload))
        except RefusedUpload as refusal:
            outcomes.append(Outcome(clean_name(file.name or ""), refusal=refusal))
        else:
            outcomes += store(owner, upload, Kind(kind), Source(source), again=again)
    return outcomes


def rerun(submission: Submission, *, by: User | None = None) -> RecognitionRun:
    """Queue another run and return it; its owner asks, unless it is somebody else.

    Raises:
        WrongState: ``already_open`` while a run is waiting or being read; ``deleted``; or why
            nothing about the item may change.
    """
    changing.send(sender=Submission, submission_id=submission.pk)
    if submission.deleted_at is not None:
        raise WrongState("deleted", _("This item was deleted."))
    run = RecognitionRun(submission=submission, sent_at=timezone.now())
    try:
        with transaction.atomic():
            run.save(force_insert=True)
            Submission.objects.filter(pk=submission.pk).update(latest_run=run)
            standing.refresh(submission.pk)
            transaction.on_commit(partial(queue.send, run.pk, submission.kind))
            record(EventCode.SUBMISSION_RERUN, actor=by or submission.owner, subject=submission)
    except IntegrityError as error:
        raise WrongState("already_open", _("This item is already waiting to be read.")) from error
    submission.latest_run = run
    return run


def cancel(submission: Submission) -> RecognitionRun:
    """Cancel what waits to be read, and return the run.

    Raises:
        WrongState: ``not_waiting`` once a worker has begun, or it is over.
    """
    waiting = RecognitionRun.objects.filter(submission=submission, state=RunState.QUEUED)
    if not waiting.update(state=RunState.CANCELLED, finished_at=timezone.now()):
        raise WrongState("not_waiting", _("Only what is still waiting can be cancelled."))
    submission.refresh_from_db(fields=["latest_run"])
    return submission.runs.latest("queued_at")


def delete(submission: Submission, *, by: User | None = None, reason: str = "") -> None:
    """Take an item out of every list; it and its image are purged after the retention time.

    Its owner asks for it, unless it is somebody else.

    Raises:
        WrongState: why nothing about the item may change.
    """
    changing.send(sender=Submission, submission_id=submission.pk)
    with transaction.atomic():
        now = timezone.now()
        RecognitionRun.objects.filter(submission=submission, state=RunState.QUEUED).update(
            state=RunState.CANCELLED, finished_at=now
        )
        deleted = Submission.objects.filter(pk=submission.pk, deleted_at=None).update(
            deleted_at=now, moderation_reason=reason
        )
        if deleted:
            record(EventCode.SUBMISSION_DELETED, actor=by or submission.owner, subject=submission)
    submission.refresh_from_db()


def store(
    owner: User, upload: Upload, kind: Kind, source: Source, *, again: bool = False
) -> list[Outcome]:
    """Store and queue the pages of a file that was received; ``again`` as in ``submit``."""
    try:
        return _store_pages(owner, upload, kind, source, again=again)
    except IntegrityError:
        # The same file came in at the same time, and the other one was first: now it is there.
        return _store_pages(owner, upload, kind, source, again=again)


def _store_pages(
    owner: User, upload: Upload, kind: Kind, source: Source, *, again: bool
) -> list[Outcome]:
    stored: list[Submission] = []
    outcomes = []
    try:
        with transaction.atomic():
            for number, page in enumerate(upload.pages, start=upload.first_page):
                same = {"owner": owner, "sha256": upload.sha256, "page": number, "kind": kind}
                first = Submission.objects.filter(
                    **same, part=1, deleted_at=None, duplicate_of=None
                ).first()
                if first is not None and not again:
                    outcomes.append(Outcome(upload.name, number, first, is_duplicate=True))
                    continue
                submission = Submission(
                    **same,
                    source=source,
                    file_name=upload.name,
                    **standing.standing(upload.name),
                    duplicate_of=first,
                )
                stored.append(submission)
                _store(submission, page)
                outcomes.append(Outcome(upload.name, number, submission))
            for submission in stored:
                record(EventCode.SUBMISSION_CREATED, actor=owner, subject=submission, kind=kind)
    except BaseException:
        _remove_files(stored)
        raise
    return outcomes


def _store(submission: Submission, page: Page) -> None:
    store_image(submission, page)
    run = RecognitionRun(submission=submission, sent_at=timezone.now())
    submission.latest_run = run  # foreign keys are checked at the commit
    submission.save(force_insert=True)
    run.save(force_insert=True)
    transaction.on_commit(partial(queue.send, run.pk, submission.kind))


def _remove_files(submissions: Iterable[Submission]) -> None:
    for submission in submissions:
        for file in (submission.image, submission.thumbnail):
            with suppress(OSError):
                file.delete(save=False)
