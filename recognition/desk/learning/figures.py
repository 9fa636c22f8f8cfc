"""How often the machine is right, by what people keyed: counts and rates of many judgements.

All rates come from independent judgements alone: see ``judging``. The database counts them in a few
small groups; what is shown is sums of those.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, QuerySet, Sum, Value, When
from django.utils.translation import gettext as _

from recognition.desk.models import Basis, Confusion, Found, Judgement
from recognition.models import FieldName, Source
from recognition.rates import wilson

LEVELS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995)
"""Where a level of confidence begins; those of the dial's settings are among them."""

_PARTS = ("field", "bank", "source", "networks", "basis")
"""What the errors are told by."""

NO_CHARACTER = "\N{EM DASH}"


@dataclass(frozen=True, slots=True)
class Rate:
    """A share that was counted, with its 95 % confidence interval (Wilson)."""

    count: int
    total: int

    @property
    def share(self) -> float:
        """The share itself, 0 to 1; 0 of nothing."""
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The interval's ends, 0 to 1."""
        return wilson(self.count, self.total)

    @property
    def short(self) -> str:
        """The share and its interval, without the counts."""
        low, high = self.interval
        return _("%(share).1f %% (%(low).1f to %(high).1f)") % {
            "share": 100 * self.share,
            "low": 100 * low,
            "high": 100 * high,
        }

    def __str__(self) -> str:
        if not self.total:
            return _("nothing counted yet")
        low, high = self.interval
        return _("%(share).2f %% (%(low).2f to %(high).2f), %(count)d of %(total)d") % {
            "share": 100 * self.share,
            "low": 100 * low,
            "high": 100 * high,
            "count": self.count,
            "total": self.total,
        }


@dataclass(frozen=True, slots=True)
class Group:
    """Judgements that have all of this in common."""

    name: str
    level: int
    was_accepted: bool
    found: str
    count: int
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Level:
    """What lies between two levels of confidence: what the machine said, and what people found."""

    begins: float
    ends: float
    said: float
    right: Rate

    @property
    def label(self) -> str:
        """Its ends in per cent."""
        return _("%(low)s to %(high)s %%") % {
            "low": f"{100 * self.begins:g}",
            "high": f"{100 * self.ends:g}",
        }

    @property
    def said_percent(self) -> str:
        """The mean confidence in per cent."""
        return f"{100 * self.said:.2f} %"


@dataclass(frozen=True, slots=True)
class Threshold:
    """What would stand without a person from a confidence on, and how much of that is wrong."""

    at: float
    read: Rate
    wrong: Rate

    @property
    def promise(self) -> float:
        """The share of errors that calibrated confidences allow at most."""
        return 1 - self.at

    @property
    def at_percent(self) -> str:
        """The confidence in per cent."""
        return f"{100 * self.at:g} %"

    @property
    def promise_percent(self) -> str:
        """The promise in per cent."""
        return f"{100 * self.promise:.4g} %"


@dataclass(frozen=True, slots=True)
class Errors:
    """How the machine did with one kind of value."""

    name: str
    wrong: Rate
    unread: Rate
    accepted_wrong: Rate


@dataclass(frozen=True, slots=True)
class ConfusionRow:
    """How often one written character was read as which other."""

    written: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Figures:
    """All that is told of some judgements."""

    judgements: QuerySet[Judgement]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The counts by level of confidence, and by why people keyed twice."""
        whens = [
            When(confidence__gte=begins, then=Value(number))
            for number, begins in reversed(list(enumerate(LEVELS)))
        ]
        rows = (
            self.judgements.order_by()
            .annotate(level=Case(*whens, default=Value(0)))
            .values_list("basis", "level", "was_accepted", "found")
            .annotate(n=Count("pk"), said=Sum("confidence"))
        )
        return tuple(Group(*row) for row in rows)

    @cached_property
    def parted(self) -> tuple[tuple[Any, ...], ...]:
        """The counts by ``_PARTS``, whether accepted, what was found; and the characters keyed.

        One pass over the judgements for all tables of errors, where a pass each took four times as
        long.
        """
        rows = self.judgements.order_by().values_list(*_PARTS, "was_accepted", "found")
        return tuple(rows.annotate(n=Count("pk"), written=Sum("characters")))

    @property
    def total(self) -> int:
        """How many values were judged, by what is counted already: a page needs one of the two."""
        if "groups" in vars(self):
            return sum(one.count for one in self.groups)
        return sum(count for *_parts, count, _written in self.parted)

    @property
    def levels(self) -> Sequence[Level]:
        """The machine's confidence against how often it was right, where anything was read."""
        read = [one for one in self.groups if one.found != Found.UNREAD]
        found = []
        for number, (begins, ends) in enumerate(zip(LEVELS, (*LEVELS[1:], 1.0), strict=True)):
            here = [one for one in read if one.level == number]
            if total := sum(one.count for one in here):
                said = sum(one.confidence for one in here) / total
                found.append(Level(begins, ends, said, _rate(here, Found.RIGHT)))
        return found

    @property
    def of_all_items(self) -> Sequence[Group]:
        """Leave out the audited sample, unless there is nothing else: all of it had been read."""
        others = [one for one in self.groups if one.name != Basis.AUDIT]
        return others or self.groups

    @property
    def thresholds(self) -> Sequence[Threshold]:
        """What would stand from each level of confidence on, where anything would."""
        total = sum(one.count for one in self.of_all_items)
        read = [one for one in self.of_all_items if one.found != Found.UNREAD]
        found = []
        for number, begins in enumerate(LEVELS):
            sure = [one for one in read if one.level >= number]
            if count := sum(one.count for one in sure):
                found.append(Threshold(begins, Rate(count, total), _rate(sure, Found.WRONG)))
        return found

    def at(self, max_error: float) -> Threshold:
        """Return what a setting of the dial means: what was accepted, and is so sure."""
        level = max(number for number, one in enumerate(LEVELS) if one <= 1 - max_error + 1e-9)
        total = sum(one.count for one in self.of_all_items)
        alone = [one for one in self.of_all_items if one.was_accepted and one.level >= level]
        count = sum(one.count for one in alone)
        return Threshold(1 - max_error, Rate(count, total), _rate(alone, Found.WRONG))

    @property
    def audited(self) -> Rate:
        """Return what was wrong in the audited sample: all of it would have stood alone.

        Only this answers whether the promise is kept: it was drawn at random from the very values
        that no person looks at.
        """
        return _rate([one for one in self.groups if one.name == Basis.AUDIT], Found.WRONG)

    def by_field(self) -> Sequence[Errors]:
        """Return what is wrong by field."""
        return self._by("field", dict(FieldName.choices))

    def by_bank(self) -> Sequence[Errors]:
        """Return what is wrong by bank."""
        return self._by("bank", {"": _("no bank")})

    def by_source(self) -> Sequence[Errors]:
        """Return what is wrong by the way in which items came in."""
        return self._by("source", dict(Source.choices))

    def by_networks(self) -> Sequence[Errors]:
        """Return what is wrong by the networks that read."""
        return self._by("networks", {"": _("none")})

    def by_basis(self) -> Sequence[Errors]:
        """Return what is wrong by why two people keyed it."""
        return self._by("basis", dict(Basis.choices))

    def by_rule(self) -> Sequence[tuple[str, Rate]]:
        """Return for each rule how much was wrong in the items against which it spoke."""
        failed = self.judgements.order_by().filter(run__verdicts__verdict="failed")
        found = failed.values_list("run__verdicts__rule", "found").annotate(n=Count("pk"))
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for rule, what, count in found:
            counts[rule][what] += count
        return [
            (rule, Rate(counts[rule][Found.WRONG], counts[rule].total())) for rule in sorted(counts)
        ]

    @cached_property
    def confused(self) -> dict[tuple[str, str], int]:
        """How often a character was read as another: (written, read), ``""`` for none."""
        wrong = self.judgements.order_by().filter(found=Found.WRONG)
        pairs = Confusion.objects.filter(judgement__in=wrong.values("pk"))
        rows = pairs.values_list("written", "read").annotate(n=Count("pk"))
        return {(written, read): count for written, read, count in rows}

    @property
    def characters(self) -> int:
        """How many characters people keyed where anything was read."""
        return sum(written for *_parts, found, _n, written in self.parted if found != Found.UNREAD)

    def confusion_head(self) -> tuple[str, ...]:
        """Return the columns of ``confusion_rows``."""
        return tuple(read or NO_CHARACTER for read in self._confused_characters())

    def confusion_rows(self) -> Sequence[ConfusionRow]:
        """Return written characters by what they were read as."""
        characters = self._confused_characters()
        return [
            ConfusionRow(
                written or NO_CHARACTER,
                tuple(self.confused.get((written, read), 0) for read in characters),
            )
            for written in characters
        ]

    def worst_confusions(self, most: int = 10) -> Sequence[tuple[str, str, Rate]]:
        """Return the most frequent confusions, with their rate among all characters keyed."""
        worst = sorted(self.confused.items(), key=lambda pair: (-pair[1], pair[0]))
        return [
            (written or NO_CHARACTER, read or NO_CHARACTER, Rate(count, self.characters))
            for (written, read), count in worst[:most]
        ]

    def _confused_characters(self) -> tuple[str, ...]:
        seen = {one for pair in self.confused for one in pair}
        return (*sorted(seen - {""} | set("0123456789")), "")

    def _by(self, column: str, labels: Mapping[str, object]) -> Sequence[Errors]:
        place = _PARTS.index(column)
        groups = [Group(row[place], 0, *row[len(_PARTS) : -1]) for row in self.parted]
        return _errors(groups, labels)


def selected(
    judgements: QuerySet[Judgement],
    *,
    bank: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    basis: str = "",
) -> Figures:
    """Return the figures of the judgements that match; days are whole days, both included."""
    if bank:
        judgements = judgements.filter(bank=bank)
    if since:
        judgements = judgements.filter(judged_at__date__gte=since)
    if until:
        judgements = judgements.filter(judged_at__date__lte=until)
    if basis:
        judgements = judgements.filter(basis=basis)
    return Figures(judgements)


def _rate(groups: Iterable[Group], found: Found) -> Rate:
    groups = list(groups)
    count = sum(one.count for one in groups if one.found == found)
    return Rate(count, sum(one.count for one in groups))


def _errors(groups: Iterable[Group], labels: Mapping[str, object]) -> list[Errors]:
    parts: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        parts[str(labels.get(group.name, group.name))].append(group)
    return [
        Errors(
            name,
            wrong=_rate([one for one in part if one.found != Found.UNREAD], Found.WRONG),
            unread=_rate(part, Found.UNREAD),
            accepted_wrong=_rate([one for one in part if one.was_accepted], Found.WRONG),
        )
        for name, part in sorted(parts.items())
    ]
