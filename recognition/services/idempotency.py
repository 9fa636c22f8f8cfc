"""A request that is sent twice with one ``Idempotency-Key`` is carried out once.

After the IETF's draft-ietf-httpapi-idempotency-key-header.
"""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from recognition.models import IdempotentAnswer

ABANDONED_AFTER = timedelta(minutes=5)  # no request lasts so long: its process must be gone


class KeyReused(Exception):  # noqa: N818 - it says what is the case
    """The key belongs to another request."""


class StillAtWork(Exception):  # noqa: N818 - it says what is the case
    """The first request with this key is not answered yet."""


def begin(*, owner: User, key: str, fingerprint: str) -> IdempotentAnswer:
    """Return the answer of this key: without a status, it is for the caller to carry out.

    Raises:
        KeyReused, StillAtWork: as they say.
    """
    abandoned = timezone.now() - ABANDONED_AFTER
    mine = IdempotentAnswer.objects.filter(owner=owner, key=key)
    mine.filter(status=None, created_at__lt=abandoned).delete()
    try:
        with transaction.atomic():
            return IdempotentAnswer.objects.create(owner=owner, key=key, fingerprint=fingerprint)
    except IntegrityError:
        answer = mine.get()
    if answer.fingerprint != fingerprint:
        raise KeyReused
    if answer.status is None:
        raise StillAtWork
    return answer


def finish(answer: IdempotentAnswer, *, status: int, body: Any, location: str) -> None:
    """Keep what was answered."""
    answer.status, answer.body, answer.location = status, body, location
    answer.save(update_fields=("status", "body", "location"))


def abandon(answer: IdempotentAnswer) -> None:
    """Forget a key whose request failed: it may be tried again."""
    answer.delete()
