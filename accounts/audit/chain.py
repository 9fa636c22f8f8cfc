"""How an event is sealed with the one before it, and whether all of them still are.

A seal is the SHA-256 of the row's canonical JSON (keys sorted, no spaces, ASCII), the seal before
it included; with ``AUDIT_KEYS`` set it is the HMAC-SHA256 (RFC 2104) under the first of them, which
somebody who can write to the database, but has no key, can't make again.
"""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from accounts.audit.models import ChainHead, Event

GENESIS = "0" * 64  # what the first event has for the seal before it
_PLAIN = "sha256"
_KEYED = "hmac-sha256:"


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain does not hold, and how."""

    sequence: int
    what: str


def current_scheme() -> str:
    """Return how new events are sealed."""
    return f"{_KEYED}{_key_id(settings.AUDIT_KEYS[0])}" if settings.AUDIT_KEYS else _PLAIN


def seal(event: Event) -> str:
    """Return the seal that this event should bear, by the scheme it names.

    Raises:
        KeyError: no such scheme, or its key is not in ``AUDIT_KEYS``.
    """
    text = _canonical(event)
    if event.scheme == _PLAIN:
        return hashlib.sha256(text).hexdigest()
    keys = {f"{_KEYED}{_key_id(key)}": key for key in settings.AUDIT_KEYS}
    return hmac.new(keys[event.scheme].encode(), text, hashlib.sha256).hexdigest()


def faults(kept: tuple[int, str] | None = None) -> Iterator[Fault]:
    """Walk the chain from its start and yield what is wrong in it, in order.

    ``kept`` is the number and seal of a last event that was noted down elsewhere: against it, a
    chain that was cut, or written anew as a whole, is found too.
    """
    previous, expected, was_keyed = GENESIS, 1, False
    for event in Event.objects.order_by("sequence").iterator(chunk_size=2000):
        if event.sequence != expected:
            yield Fault(expected, f"missing up to {event.sequence - 1}")
        if event.previous != previous:
            yield Fault(event.sequence, "does not follow the event before it")
        yield from _faults_of(event, was_keyed=was_keyed)
        if kept is not None and event.sequence == kept[0] and event.hash != kept[1]:
            yield Fault(event.sequence, "is not the event that was noted down")
        was_keyed = was_keyed or event.scheme.startswith(_KEYED)
        previous, expected = event.hash, event.sequence + 1
    last = expected - 1
    if kept is not None and kept[0] > last:
        yield Fault(expected, f"missing up to {kept[0]}, which was noted down")
    head = ChainHead.objects.first()
    if head is None:
        if last:
            yield Fault(last, "the head of the chain is gone")
    elif (head.sequence, head.hash) != (last, previous):
        yield Fault(last, f"is the last event, but the head of the chain says {head.sequence}")


def _faults_of(event: Event, *, was_keyed: bool) -> Iterator[Fault]:
    if was_keyed and event.scheme == _PLAIN:
        yield Fault(event.sequence, "is sealed without a key, after events with one")
    try:
        is_sealed = hmac.compare_digest(seal(event), event.hash)
    except KeyError:
        yield Fault(event.sequence, f"can't be checked: no key for {event.scheme}")
    else:
        if not is_sealed:
            yield Fault(event.sequence, "was changed: its seal does not fit")


def _canonical(event: Event) -> bytes:
    content = {
        "sequence": event.sequence,
        "made_at": event.made_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "actor": None if event.actor is None else str(event.actor),
        "code": event.code,
        "subject_type": event.subject_type,
        "subject_id": event.subject_id,
        "details": event.details,
        "scheme": event.scheme,
        "previous": event.previous,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")


def _key_id(key: str) -> str:
    """Name a key without telling it."""
    return hashlib.sha256(b"accounts.audit:" + key.encode()).hexdigest()[:12]
