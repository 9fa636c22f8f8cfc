"""Celery's entry points: an id in, one call. Each may run twice; the claim makes that harmless."""

import logging
import os
import time
import uuid
from typing import Any

from celery import Task, shared_task
from celery.signals import heartbeat_sent, worker_process_init, worker_ready
from django.db import DatabaseError, connection

from recognition import readers
from recognition.engine.errors import EngineError
from recognition.services import layout_trials, processing, trials, upkeep

logger = logging.getLogger(__name__)

SIGN_SECONDS = 15.0
_last_sign = -SIGN_SECONDS


@shared_task(
    bind=True, autoretry_for=(OSError,), retry_backoff=2, retry_backoff_max=30, max_retries=2
)
def recognise(self: Task, run_id: str) -> None:
    """Read one run."""
    processing.execute_run(uuid.UUID(run_id), worker=f"{self.request.hostname}/{os.getpid()}")


@shared_task
def score(answer_to: str, shape: list[int], packed: str) -> None:
    """Score images for a caller who waits; kept nowhere."""
    processing.score(answer_to, shape, packed)


@shared_task
def compare(comparison_id: str) -> None:
    """Read stored images with two versions of a network."""
    trials.compare(uuid.UUID(comparison_id))


@shared_task
def try_layout(layout_id: int, revision: int) -> None:
    """Read a layout's sample by it."""
    layout_trials.try_layout(layout_id, revision)


@shared_task
def sweep() -> None:
    """Send what was not sent, take back what was lost."""
    upkeep.sweep()


@shared_task
def purge_deleted() -> None:
    """Remove what was deleted long ago."""
    upkeep.purge()


@worker_process_init.connect
def load_reader(**_: Any) -> None:
    """Load the networks before the first run asks for them."""
    try:
        readers.get_reader()
    except (EngineError, DatabaseError) as error:
        logger.warning("The reader can't be loaded yet: %s", error)


@worker_ready.connect
@heartbeat_sent.connect
def give_sign(**_: Any) -> None:
    """Say that this worker is there: it reaches the broker, and it reaches the database."""
    global _last_sign  # noqa: PLW0603 - Celery's heart beats every two seconds
    if time.monotonic() - _last_sign < SIGN_SECONDS:
        return
    _last_sign = time.monotonic()
    try:
        processing.give_sign(os.uname().nodename)
    except DatabaseError as error:
        logger.warning("No sign could be given: %s", error)
    finally:
        connection.close()  # the pool forks from this process
