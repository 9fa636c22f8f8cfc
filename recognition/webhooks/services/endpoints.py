"""Change endpoints: each change lets data out, or stops it, and is an event of the audit log."""

from urllib.parse import urlsplit

from django.db import transaction

from accounts.audit.codes import EventCode
from accounts.audit.services import record
from accounts.models import User
from recognition.webhooks.models import Endpoint, new_salt


@transaction.atomic
def add(endpoint: Endpoint, by: User) -> None:
    """Store a new one."""
    endpoint.save()
    record(
        EventCode.WEBHOOK_ADDED, actor=by, subject=endpoint, host=urlsplit(endpoint.url).hostname
    )


@transaction.atomic
def rotate(endpoint: Endpoint, by: User) -> None:
    """Give it a new secret; the old one signs nothing any more."""
    endpoint.salt = new_salt()
    endpoint.save(update_fields=["salt"])
    record(EventCode.WEBHOOK_SECRET_RENEWED, actor=by, subject=endpoint)


@transaction.atomic
def switch(endpoint: Endpoint, by: User) -> None:
    """Switch it on where it is off, and off where it is on."""
    endpoint.is_active = not endpoint.is_active
    endpoint.failing_since = None
    endpoint.save(update_fields=["is_active", "failing_since"])
    record(EventCode.WEBHOOK_SWITCHED, actor=by, subject=endpoint, is_on=endpoint.is_active)
