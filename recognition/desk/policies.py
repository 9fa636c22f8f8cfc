"""What a bank's policy says of one item."""

import math
from datetime import timedelta
from decimal import Decimal

from django.utils.crypto import salted_hmac

from recognition.desk.models import Item, Policy
from recognition.models import FieldReading

HEAD_START = timedelta(minutes=15)
"""How much earlier an item's turn comes for each digit of its worth."""

_DRAWS = 10_000  # hundredths of a per cent


def policy_of(bank: str) -> Policy:
    """Return the bank's policy, else the one for every other bank, else the defaults."""
    found = {policy.bank: policy for policy in Policy.objects.filter(bank__in={bank, ""})}
    return found.get(bank) or found.get("") or Policy()


def is_drawn(item: Item, share: Decimal, purpose: str) -> bool:
    """Tell whether an item is in a random sample: always the same answer, foreseen by nobody."""
    digest = salted_hmac(f"desk.{purpose}", str(item.pk), algorithm="sha256").digest()
    return int.from_bytes(digest[:8], "big") % _DRAWS < share * 100


def needs_two_keys(policy: Policy, item: Item, worth: Decimal | None) -> bool:
    """Tell whether two people must agree; an amount that nobody knows may be any amount."""
    if worth is None or worth >= policy.two_keys_from:
        return True
    return is_drawn(item, policy.two_keys_share, "two-keys")


def is_certain(policy: Policy, reading: FieldReading) -> bool:
    """Tell whether a reading may stand without a person's look.

    The engine takes nothing that is less certain than 99 %, or against a rule; a bank can only ask
    for more. Confidences are calibrated: of readings with 0.995 and more, at most 0.5 % are wrong.
    """
    return reading.is_accepted and reading.confidence >= 1 - float(policy.max_error) / 100


def head_start(worth: Decimal | None) -> timedelta:
    """Return how much earlier than its due time would say an item's turn comes.

    >>> head_start(Decimal(1000)), head_start(None)
    (datetime.timedelta(seconds=2700), datetime.timedelta(0))
    """
    return HEAD_START * math.log10(max(float(worth or 0), 1))
