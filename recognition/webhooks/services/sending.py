"""Send what is due. A worker that dies loses nothing: it noted the next attempt before its own.

So a message comes at least once, and may come twice: receivers tell by ``webhook-id``.
"""

import http.client
import random
import time
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from recognition.webhooks import posting, signing
from recognition.webhooks.models import Delivery, Endpoint, State

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(days=5)
A_ROUND_SECONDS = 20.0


def send_due() -> None:
    """Send for some seconds what is due, the longest due first."""
    until = time.monotonic() + A_ROUND_SECONDS
    while time.monotonic() < until:
        delivery = Delivery.objects.due().select_related("endpoint").first()
        if delivery is None:
            return
        if _claim(delivery):
            _send(delivery)


def resend(delivery: Delivery) -> None:
    """Send once more, from the beginning of the waits."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.PENDING, attempts=0, next_attempt_at=timezone.now()
    )


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait: doubled each time, and a half more or less, so that not all come."""
    wait = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
    return wait * random.uniform(0.5, 1.5)  # noqa: S311 - nothing is kept secret by it


def _claim(delivery: Delivery) -> bool:
    """Take it, of several workers one; a dead one's comes again after the wait."""
    seen = Delivery.objects.filter(
        pk=delivery.pk, state=State.PENDING, next_attempt_at=delivery.next_attempt_at
    )
    again_at = timezone.now() + wait_after(delivery.attempts + 1)
    return bool(seen.update(attempts=F("attempts") + 1, next_attempt_at=again_at))


def _send(delivery: Delivery) -> None:
    endpoint, body, code, error = delivery.endpoint, delivery.body.encode(), None, ""
    signed = signing.headers(endpoint, str(delivery.pk), int(time.time()), body)
    try:
        code = posting.post(endpoint.url, body, signed)
    except posting.RefusedError as refused:
        error = str(refused)
    except (OSError, http.client.HTTPException) as failure:
        error = type(failure).__name__
    now = timezone.now()
    is_taken = code is not None and code // 100 == 2  # noqa: PLR2004 - RFC 9110: successful
    changes: dict[str, object] = {"last_code": code, "last_error": error}
    if is_taken:
        changes["state"] = State.DELIVERED
    elif delivery.created_at < now - GIVEN_UP_AFTER:
        changes["state"] = State.FAILED
    Delivery.objects.filter(pk=delivery.pk).update(**changes)
    _note(endpoint, now, is_taken=is_taken)


def _note(endpoint: Endpoint, now: datetime, *, is_taken: bool) -> None:
    """Note since when an endpoint fails, and switch it off after days of nothing else."""
    this = Endpoint.objects.filter(pk=endpoint.pk)
    if is_taken:
        this.update(failing_since=None)
        return
    this.filter(failing_since=None).update(failing_since=now)
    this.filter(failing_since__lt=now - GIVEN_UP_AFTER).update(is_active=False)
