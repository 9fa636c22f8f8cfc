"""What beat asks for: send what was not sent, take back what was lost, purge what was deleted."""

import itertools
import logging
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from recognition.models import (
    Correction,
    IdempotentAnswer,
    NetworkComparison,
    RecognitionRun,
    RunState,
    Submission,
    WorkerSign,
)
from recognition.services import comparisons, queue, storing
from recognition.signals import purging

logger = logging.getLogger(__name__)

RESEND_AFTER = timedelta(
    seconds=60
)  # a message not taken by then may be lost; a second is harmless
BATCH = 500  # messages a round; the next round is seconds away
ANSWERS_KEPT = timedelta(hours=24)


def sweep() -> None:
    """Bring every run on its way again that is not."""
    _take_back_lost()
    _send_unsent()


def purge() -> int:
    """Remove what was deleted long ago, rows and files, and return how many items that were."""
    now = timezone.now()
    IdempotentAnswer.objects.filter(created_at__lt=now - ANSWERS_KEPT).delete()
    NetworkComparison.objects.filter(made_at__lt=now - comparisons.KEPT).delete()
    WorkerSign.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
    purging.send(sender=None)
    due = [Submission.objects.expired(older_than=timedelta(days=settings.DELETED_RETENTION_DAYS))]
    if settings.RETENTION_DAYS:
        due.append(Submission.objects.outdated(older_than=timedelta(days=settings.RETENTION_DAYS)))
    count = 0
    for submission in itertools.chain.from_iterable(found.iterator() for found in due):
        try:
            purge_one(submission)
        except (ProtectedError, IntegrityError):
            # Somebody set a hold, or asked for another run, since the list was made.
            logger.info("Item %s is kept for now.", submission.pk)
        else:
            count += 1
    return count


def _take_back_lost() -> None:
    limit = timedelta(seconds=settings.RUN_LOST_SECONDS)
    for run in RecognitionRun.objects.lost(older_than=limit):
        if run.claim is None:
            continue
        logger.warning("Run %s lost its worker %s.", run.pk, run.worker)
        held = RecognitionRun.objects.held(run.pk, run.claim)
        if run.figures_at is not None:
            storing.end_with_figures(run, run.claim)
        elif run.attempts < settings.RUN_MAX_ATTEMPTS:
            held.update(state=RunState.QUEUED, claim=None, worker="", started_at=None, sent_at=None)
        else:
            held.update(state=RunState.FAILED, finished_at=timezone.now(), error_code="worker_lost")


def _send_unsent() -> None:
    unsent = RecognitionRun.objects.unsent(older_than=RESEND_AFTER).order_by("queued_at")
    for run_id, kind in unsent.values_list("pk", "submission__kind")[:BATCH]:
        RecognitionRun.objects.filter(pk=run_id).update(sent_at=timezone.now())
        if not queue.send(run_id, kind):
            return


def purge_one(submission: Submission) -> None:
    """Remove an item's row, images and readings for good; an event of it stays.

    What was sent goes with the last of the items that were found on it.
    """
    with transaction.atomic():
        # Of two that are purged at once the second waits, and then sees that it is the last.
        shared = Submission.objects.filter(original=submission.original.name).exclude(original="")
        list(shared.select_for_update().order_by("pk").values_list("pk"))
        Correction.objects.filter(reading__run__submission=submission).delete()
        purged = Submission(pk=submission.pk)
        submission.delete()
        record(EventCode.SUBMISSION_PURGED, actor=None, subject=purged)
        files = [submission.image, submission.thumbnail]
        if submission.original and not shared.exists():
            files.append(submission.original)
        for file in files:
            # After the commit: a file whose row is gone is litter, a row without its file a fault.
            transaction.on_commit(partial(file.delete, save=False))
