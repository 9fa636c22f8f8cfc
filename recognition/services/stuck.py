"""Work that no worker ends by itself: find it, have it read after all, or give it up.

The sweeper sends and takes back whatever it can. What it leaves is for a moderator: a queue that
nobody serves, a run whose worker is gone while no sweeper runs, a failure that was none of the
image's. Each thing done here is refused the second time, for the run is not stuck any more.
"""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import User
from recognition.models import RecognitionRun, RunQuerySet, RunState
from recognition.services import intake, queue

WAITS_TOO_LONG = timedelta(minutes=30)
"""More than a batch of a thousand takes on two workers."""


class NotStuck(Exception):  # noqa: N818 - it says what is the case, and callers show it
    """The run is on its way again, or was ended."""


def stuck() -> RunQuerySet:
    """Return the latest runs of items that wait for a moderator."""
    lost = timedelta(seconds=settings.RUN_LOST_SECONDS)
    return RecognitionRun.objects.stuck(waiting=WAITS_TOO_LONG, running=lost)


@transaction.atomic
def requeue(run: RecognitionRun, *, by: User) -> None:
    """Have it read after all: what failed by another run, what is open by the same.

    Raises:
        NotStuck: see there.
        WrongState: why nothing about the item may change.
    """
    found = _locked(run)
    if found.state == RunState.FAILED:
        intake.rerun(found.submission, by=by)
        return
    now = timezone.now()
    RecognitionRun.objects.filter(pk=found.pk).update(
        state=RunState.QUEUED,
        claim=None,
        worker="",
        attempts=0,
        started_at=None,
        queued_at=now,
        sent_at=now,
    )
    transaction.on_commit(partial(queue.send, found.pk, found.submission.kind))
    record(EventCode.RUN_REQUEUED, actor=by, subject=found.submission, state=found.state)


@transaction.atomic
def give_up(run: RecognitionRun, *, reason: str, by: User) -> None:
    """End it as failed; its owner can still have the item read again.

    Raises:
        NotStuck: see there.
    """
    found = _locked(run)
    RecognitionRun.objects.filter(pk=found.pk).update(
        state=RunState.FAILED,
        finished_at=found.finished_at or timezone.now(),
        error_code="given_up",
        error_message=reason[:300],
    )
    record(
        EventCode.RUN_GIVEN_UP,
        actor=by,
        subject=found.submission,
        state=found.state,
        cause=found.error_code,
    )


def _locked(run: RecognitionRun) -> RecognitionRun:
    """Return it as it stands, kept from workers and other moderators until the commit."""
    runs = stuck().select_related("submission").select_for_update(of=("self",))
    found = runs.filter(pk=run.pk).first()
    if found is None:
        raise NotStuck(_("It is not stuck."))
    return found
