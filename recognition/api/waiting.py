"""``Prefer: wait=N`` (RFC 7240): answer with the result if it is ready in time."""

import re
import threading
import time
import uuid
from collections.abc import Collection

from rest_framework.request import Request

from recognition.models import TERMINAL_STATES, RecognitionRun
from recognition.services.queue import queue_state

MAX_SECONDS = 30.0
MAX_WAITING = 6  # of the 8 threads of a web process: the others go on serving
FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 0.01, 0.25, 1.3  # seconds; a drawn digit takes about 0.05

_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_places = threading.BoundedSemaphore(MAX_WAITING)


def preferred_wait(request: Request) -> float:
    """Return for how many seconds the caller would wait, 0 to 30."""
    found = _WAIT.search(request.headers.get("Prefer", ""))
    return min(float(found[1]), MAX_SECONDS) if found else 0.0


def wait_until_read(run_ids: Collection[uuid.UUID], seconds: float) -> bool:
    """Return whether all runs are over, after at most so many seconds.

    Nobody waits for a queue that no worker answers, nor where too many wait already.
    """
    if not run_ids or _all_over(run_ids):
        return True
    if seconds <= 0 or not queue_state().is_answered or not _places.acquire(blocking=False):
        return False
    try:
        return _poll(run_ids, time.monotonic() + seconds)
    finally:
        _places.release()


def _poll(run_ids: Collection[uuid.UUID], deadline: float) -> bool:
    pause = FIRST_PAUSE
    while (left := deadline - time.monotonic()) > 0:
        time.sleep(min(pause, left))
        if _all_over(run_ids):
            return True
        pause = min(pause * GROWTH, LONGEST_PAUSE)
    return False


def _all_over(run_ids: Collection[uuid.UUID]) -> bool:
    runs = RecognitionRun.objects.filter(pk__in=run_ids)
    return not runs.exclude(state__in=TERMINAL_STATES).exists()
