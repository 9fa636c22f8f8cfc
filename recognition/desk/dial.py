"""What each setting of the error dial means: how much is read, how much of it errs, what is keyed.

Measured on this bank's own items: those that two people settled, each without seeing the other's
answer, so that what they agreed on is the truth the machine is held against. They are the larger
items and a random sample of the rest; the audited sample is left out, as all of it had been read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from django.db.models import Case, Count, Min, Q, QuerySet, Value, When
from django.utils import timezone

from recognition.desk.learning.figures import Figures, Rate
from recognition.desk.models import Basis, Item, Judgement, Key, Policy

SETTINGS = tuple(Decimal(one) for one in ("1", "0.5", "0.2", "0.1", "0.05"))  # per cent
RECENT = timedelta(days=180)  # what is older says little of today's networks

SHIPPED = {
    Decimal(1): Rate(101, 200),
    Decimal("0.5"): Rate(82, 200),
    Decimal("0.1"): Rate(82, 200),
}
"""How many of 200 real amounts ``manage.py benchmark_strings`` read at these errors.

As in docs/accuracy.md. They are amounts alone, which are the hardest to read: an item is taken to
stand where its amount does."""
ENOUGH_ITEMS = 200
"""From so many of a bank's own on, they are believed rather than the shipped curve."""

ASSUMED_SECONDS = 25
"""For a key, until enough were timed here."""
ENOUGH_KEYS, LATEST_KEYS = 50, 500


@dataclass(frozen=True, slots=True)
class Keying:
    """How long a key takes: the median of the latest, or what is assumed until there are enough."""

    seconds: float
    timed: int

    @property
    def is_measured(self) -> bool:
        """These are this bank's own keys."""
        return self.timed >= ENOUGH_KEYS


@dataclass(frozen=True, slots=True)
class Setting:
    """What one setting of the dial means.

    ``alone`` and ``wrong`` count values, ``items`` those of which every value stands, as far as it
    is known; ``minutes`` of keying for a thousand items.
    """

    max_error: Decimal
    alone: Rate
    wrong: Rate
    items: Rate | None
    minutes: float | None


@dataclass(frozen=True, slots=True)
class Dial:
    """The settings of a bank's dial, and what they were worked out from."""

    settings: Sequence[Setting]
    keying: Keying
    is_own: bool


def measure(policy: Policy) -> Dial:
    """Return what each setting would mean for the bank of this policy, all else as it says."""
    since = timezone.now() - RECENT
    judged = Judgement.objects.filter(_of_bank(policy), judged_at__gte=since)
    judged = judged.exclude(basis=Basis.AUDIT)
    figures = Figures(judged)
    items = _items_alone(judged)
    is_own = items[SETTINGS[0]].total >= ENOUGH_ITEMS
    keying = _keying(policy)
    large = _large(policy, since)
    settings = []
    for max_error in SETTINGS:
        found = figures.at(float(max_error) / 100)
        expected = items[max_error] if is_own else SHIPPED.get(max_error)
        keys = None if expected is None else keys_an_item(policy, expected.share, large.share)
        minutes = None if keys is None else 1000 * keys * keying.seconds / 60
        settings.append(Setting(max_error, found.read, found.wrong, expected, minutes))
    return Dial(settings, keying, is_own)


def keys_an_item(policy: Policy, read: float, large: float) -> float:
    """Return how many keys an item takes on average; third keys and returns are not counted.

    ``read``: the share of items that would stand without a person; ``large``: the share that two
    people key for its amount. Of the others two key the sample, and one what is not read; of what
    is read two key the audited share.

    >>> policy = Policy(two_keys_share=Decimal(10), audit_share=Decimal(5))
    >>> keys_an_item(policy, read=0.0, large=1.0), round(keys_an_item(policy, 0.5, 0.2), 2)
    (2.0, 0.96)
    """
    sample, audit = float(policy.two_keys_share) / 100, float(policy.audit_share) / 100
    one_or_none = (1 - read) + read * audit * 2
    return 2 * large + (1 - large) * (2 * sample + (1 - sample) * one_or_none)


def _of_bank(policy: Policy, bank: str = "bank") -> Q:
    if policy.bank:
        return Q(**{bank: policy.bank})
    # the policy of all who have none of their own
    return ~Q(**{f"{bank}__in": Policy.objects.exclude(bank="").values("bank")})


def _items_alone(judged: QuerySet[Judgement]) -> dict[Decimal, Rate]:
    """Return for each setting of how many items every value was accepted and is so sure."""
    accepted = Min(Case(When(was_accepted=True, then=Value(1)), default=Value(0)))
    runs = judged.order_by().values("run").annotate(least=Min("confidence"), accepted=accepted)
    counts = runs.aggregate(
        total=Count("run"),
        **{
            f"at_{number}": Count("run", Q(accepted=1, least__gte=1 - float(one) / 100))
            for number, one in enumerate(SETTINGS)
        },
    )
    return {
        one: Rate(counts[f"at_{number}"], counts["total"]) for number, one in enumerate(SETTINGS)
    }


def _keying(policy: Policy) -> Keying:
    timed = Key.objects.filter(_of_bank(policy, "item__bank"), seconds__isnull=False)
    latest = timed.order_by("-created_at").values_list("seconds", flat=True)[:LATEST_KEYS]
    seconds = [one for one in latest if one is not None]
    if len(seconds) < ENOUGH_KEYS:
        return Keying(ASSUMED_SECONDS, len(seconds))
    return Keying(median(seconds), len(seconds))


def _large(policy: Policy, since: datetime) -> Rate:
    items = Item.objects.filter(_of_bank(policy), created_at__gte=since)
    is_large = Q(worth=None) | Q(worth__gte=policy.two_keys_from)
    counts = items.aggregate(total=Count("pk"), large=Count("pk", is_large))
    return Rate(counts["large"], counts["total"])
