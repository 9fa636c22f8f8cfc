"""Who looked at whose item, and who was told an account number in full: events."""

from datetime import timedelta

from django.utils import timezone

from accounts.audit.codes import EventCode
from accounts.audit.models import Event
from accounts.audit.services import record
from accounts.models import User
from recognition.masking import has_secret
from recognition.models import Submission

ONE_LOOK = timedelta(hours=1)  # a page with its snippets is one look, not nine


def note_look(submission: Submission, by: User) -> None:
    """Write down that somebody was shown the image of an item that is not theirs."""
    if submission.owner_id == by.pk:
        return
    _note(EventCode.IMAGE_VIEWED, submission, by)


def note_unmasked(submission: Submission, by: User) -> None:
    """Write down that somebody was told the item's account number, their own items included."""
    if has_secret(submission):
        _note(EventCode.ACCOUNT_NUMBER_SHOWN, submission, by)


def _note(code: EventCode, submission: Submission, by: User) -> None:
    looks = Event.objects.about(submission).filter(code=code, actor=by.pk)
    if not looks.filter(made_at__gt=timezone.now() - ONE_LOOK).exists():
        record(code, actor=by, subject=submission)
