"""What moderators do about submissions. Nothing here touches what was read."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import User
from recognition.models import LegalHold, Submission


class CannotRestore(Exception):  # noqa: N818 - it says what is the case, and callers show it
    """Another submission has taken the item's place."""


@transaction.atomic
def set_flag(submission: Submission, *, is_flagged: bool, by: User) -> None:
    """Mark an item for another look, or take the mark away."""
    Submission.objects.filter(pk=submission.pk).update(is_flagged=is_flagged)
    code = EventCode.SUBMISSION_FLAGGED if is_flagged else EventCode.SUBMISSION_UNFLAGGED
    record(code, actor=by, subject=submission)


@transaction.atomic
def hide(submission: Submission, *, reason: str, by: User) -> None:
    """Hide an item from everyone but moderators."""
    Submission.objects.filter(pk=submission.pk).update(is_hidden=True, moderation_reason=reason)
    record(EventCode.SUBMISSION_HIDDEN, actor=by, subject=submission)


def restore(submission: Submission, *, by: User) -> None:
    """Show again what was hidden, and bring back what was deleted and not yet purged.

    Raises:
        CannotRestore: its owner has submitted the same file again since.
    """
    try:
        with transaction.atomic():
            Submission.objects.filter(pk=submission.pk).update(
                is_hidden=False, deleted_at=None, moderation_reason=""
            )
            record(EventCode.SUBMISSION_RESTORED, actor=by, subject=submission)
    except IntegrityError as error:
        raise CannotRestore(_("Its owner has submitted the same file again.")) from error


class AlreadyHeld(Exception):  # noqa: N818 - it says what is the case, and callers show it
    """There is a legal hold on the item already."""


class NotHeld(Exception):  # noqa: N818 - it says what is the case, and callers show it
    """There is no legal hold on the item."""


def set_hold(submission: Submission, *, reason: str, by: User) -> None:
    """Keep an item from being purged until the hold ends.

    Raises:
        AlreadyHeld: see there.
    """
    try:
        with transaction.atomic():
            LegalHold.objects.create(submission=submission, reason=reason, set_by=by)
            record(EventCode.HOLD_SET, actor=by, subject=submission)
    except IntegrityError as error:
        raise AlreadyHeld(_("There is a legal hold already.")) from error


@transaction.atomic
def end_hold(submission: Submission, *, by: User) -> None:
    """Let the item be purged when its time has come.

    Raises:
        NotHeld: see there.
    """
    ended = LegalHold.objects.filter(submission=submission).delete()[0]
    if not ended:
        raise NotHeld(_("There is no legal hold."))
    record(EventCode.HOLD_ENDED, actor=by, subject=submission)
