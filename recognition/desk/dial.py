"""How many readings stand without a person at each setting of the error dial, and how many err.

Measured on this bank's own items: those that two people settled, each without seeing the other's
answer, so that what they agreed on is the truth the machine is held against. Each value counts
once, as the machine read it. They are the larger items and a sample of the rest, not a fair sample
of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from recognition.desk.models import KEYED_FIELDS, Item, Policy, State
from recognition.desk.policies import is_certain
from recognition.models import FieldReading
from recognition.rates import wilson

SETTINGS = tuple(Decimal(one) for one in ("1", "0.5", "0.2", "0.1", "0.05"))  # per cent
LATEST = 2_000  # items; older ones say little of today's networks


@dataclass(frozen=True, slots=True)
class Rate:
    """A share that was counted, with its 95 % confidence interval when shown."""

    count: int
    total: int

    def __str__(self) -> str:
        low, high = wilson(self.count, self.total)
        return _("%(share).1f %% (%(low).1f to %(high).1f), %(count)d of %(total)d") % {
            "share": 100 * self.count / self.total if self.total else 0,
            "low": 100 * low,
            "high": 100 * high,
            "count": self.count,
            "total": self.total,
        }


@dataclass(frozen=True, slots=True)
class Setting:
    """What one setting of the dial would have meant."""

    max_error: Decimal
    alone: Rate
    wrong: Rate


def measure(bank: str) -> Sequence[Setting]:
    """Return each setting with its rates; empty where two people settled nothing yet."""
    settled = Item.objects.filter(state=State.APPROVED).exclude(checker=None)
    if bank:
        settled = settled.filter(bank=bank)
    else:  # the policy of all who have none of their own
        settled = settled.exclude(bank__in=Policy.objects.exclude(bank="").values("bank"))
    truth = dict(settled.order_by("-settled_at").values_list("run", "values")[:LATEST])
    readings = [
        (one, truth[one.run_id].get(one.name, ""))
        for one in FieldReading.objects.filter(run__in=truth, name__in=KEYED_FIELDS)
    ]
    if not readings:
        return ()
    settings = []
    for max_error in SETTINGS:
        policy = Policy(max_error=max_error)
        alone = [(one.value, value) for one, value in readings if is_certain(policy, one)]
        wrong = sum(read != value for read, value in alone)
        settings.append(
            Setting(max_error, Rate(len(alone), len(readings)), Rate(wrong, len(alone)))
        )
    return settings
