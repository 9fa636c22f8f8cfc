"""Who looked at whose item: an event, where it is another person's."""

from datetime import timedelta

from django.utils import timezone

from accounts.audit.codes import EventCode
from accounts.audit.models import Event
from accounts.audit.services import record
from accounts.models import User
from recognition.models import Submission

ONE_LOOK = timedelta(hours=1)  # a page with its snippets is one look, not nine


def note_look(submission: Submission, by: User) -> None:
    """Write down that somebody was shown the image of an item that is not theirs."""
    if submission.owner_id == by.pk:
        return
    looks = Event.objects.about(submission).filter(code=EventCode.IMAGE_VIEWED, actor=by.pk)
    if not looks.filter(made_at__gt=timezone.now() - ONE_LOOK).exists():
        record(EventCode.IMAGE_VIEWED, actor=by, subject=submission)
