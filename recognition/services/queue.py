"""The queue: hand a run to the workers, and tell whether they answer.

The queue is only a hint to the database's truth. A message that could not be sent, or is lost, is
sent again by the sweeper; one that arrives twice is ignored at the claim.
"""

import logging
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from recognition.models import Kind, RecognitionRun, RunState, WorkerSign

logger = logging.getLogger(__name__)

RECOGNISE = "recognition.tasks.recognise"
SILENCE = timedelta(seconds=45)  # three missed signs; workers give one every 15 seconds
_PAUSE_SECONDS = 5.0
_resting_until = 0.0


@dataclass(frozen=True, slots=True)
class QueueState:
    """How the queue stands."""

    waiting: int
    running: int
    oldest_waiting: timedelta | None
    last_sign: datetime | None

    @property
    def is_answered(self) -> bool:
        """A worker was heard of lately. If not, nothing will be read for now."""
        return self.last_sign is not None and timezone.now() - self.last_sign < SILENCE


def queue_state() -> QueueState:
    """Return what waits and runs, and when a worker was last heard of, in two queries."""
    now = timezone.now()
    waiting = Q(state=RunState.QUEUED, is_held=False)
    runs = RecognitionRun.objects.filter(state__in=(RunState.QUEUED, RunState.RUNNING)).aggregate(
        waiting=Count("pk", filter=waiting),
        running=Count("pk", filter=Q(state=RunState.RUNNING)),
        oldest=Min("queued_at", filter=waiting),
    )
    return QueueState(
        waiting=runs["waiting"],
        running=runs["running"],
        oldest_waiting=None if runs["oldest"] is None else now - runs["oldest"],
        last_sign=WorkerSign.objects.aggregate(last=Max("seen_at"))["last"],
    )


def send(run_id: uuid.UUID, kind: str) -> bool:
    """Hand a queued run to the workers; ``False`` where Redis is away, and the sweeper will.

    Single digits and numbers have a queue of their own: a person who draws waits for the answer,
    and must not stand behind a batch of cheques.
    """
    global _resting_until  # noqa: PLW0603 - one process's memory of a broker that is away
    if time.monotonic() >= _resting_until:
        queue = "drawing" if kind in {Kind.DIGIT, Kind.NUMBER} else "reading"
        try:
            current_app.send_task(RECOGNISE, args=[str(run_id)], queue=queue)
        except OperationalError as error:
            # Each try costs a connection timeout, which a batch must not pay for every file.
            _resting_until = time.monotonic() + _PAUSE_SECONDS
            logger.warning("Redis is away (%s); the sweeper will send what waits.", error)
        else:
            return True
    RecognitionRun.objects.filter(pk=run_id, state=RunState.QUEUED).update(sent_at=None)
    return False
