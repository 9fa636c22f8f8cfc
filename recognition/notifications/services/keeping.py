"""How long notices are kept, and what becomes of them when a person goes."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from recognition.notifications import access
from recognition.notifications.models import Notice, Wish

READ_KEPT = timedelta(days=90)
KEPT = timedelta(days=365)


def purge() -> None:
    """Remove what was read long ago, and what nobody ever read."""
    now = timezone.now()
    Notice.objects.filter(Q(read_at__lt=now - READ_KEPT) | Q(made_at__lt=now - KEPT)).delete()


def forget(person: User) -> None:
    """Remove everything a person was told of, and what they wished."""
    Notice.objects.of(person).delete()
    Wish.objects.filter(person=person).delete()


def export_of(person: User) -> dict[str, Any]:
    """Return all that is kept about a person here."""
    return {
        "by_email": access.wish_of(person).mail,
        "notifications": [
            {
                "what": one.text,
                "when": one.made_at,
                "read": one.read_at,
                "mailed": one.mailed_at,
            }
            for one in access.notices_of(person)
        ],
    }
