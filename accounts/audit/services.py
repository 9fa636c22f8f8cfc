"""Write an event: ``record`` is what everybody calls."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from accounts.audit import chain
from accounts.audit.codes import EventCode
from accounts.audit.models import ChainHead, Event


@transaction.atomic
def record(
    event: EventCode,
    *,
    actor: models.Model | None,
    subject: models.Model | None = None,
    **details: Any,
) -> Event:
    """Add an event to the chain, in the caller's transaction: it stands if what it tells stands.

    ``actor`` is who did it (an account; ``None``: the site itself, or somebody unknown),
    ``subject`` what it was done to, and ``details`` what else to tell: strings, whole numbers,
    truth values, and lists and objects of them; dates, ids and amounts become strings. Nothing in
    them may name a person or bear an account number: a row is never erased.

    Call it last in a transaction: it locks the end of the chain until the commit.

    Raises:
        TypeError: details that do not come back from the database as they went in.
    """
    plain = json.loads(json.dumps(details, cls=DjangoJSONEncoder))
    _refuse_floats(plain)
    head = _locked_head()
    row = Event(
        sequence=head.sequence + 1,
        made_at=timezone.now(),
        actor=None if actor is None else actor.pk,
        code=EventCode(event),
        subject_type="" if subject is None else subject._meta.label_lower,  # noqa: SLF001 - public
        subject_id="" if subject is None else str(subject.pk),
        details=plain,
        scheme=chain.current_scheme(),
        previous=head.hash,
    )
    row.hash = chain.seal(row)
    row.save()
    head.sequence, head.hash = row.sequence, row.hash
    head.save(update_fields=("sequence", "hash"))
    return row


def _locked_head() -> ChainHead:
    # On SQLite the transaction itself holds the one lock there is.
    heads = ChainHead.objects.select_for_update()
    head = heads.first()
    if head is None:
        ChainHead.objects.bulk_create([ChainHead(hash=chain.GENESIS)], ignore_conflicts=True)
        head = heads.get()
    return head


def _refuse_floats(value: Any) -> None:
    """Floats differ by how a database writes them, and the seal with them."""
    if isinstance(value, float):
        raise TypeError("tell fractions as strings")
    for part in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        _refuse_floats(part)
