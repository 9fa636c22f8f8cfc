"""Two versions of a network beside each other: ask the workers, and sum up what they answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import current_app
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts.models import User
from recognition.models import Correction, Kind, ModelVersion, NetworkComparison, Submission
from recognition.rates import wilson
from recognition.services.queue import queue_state

KINDS = {"digits": Kind.DIGIT, "strings": Kind.NUMBER}
"""Networks whose reading is the whole answer, and what they read. Others only help to read."""

COMPARE = "recognition.tasks.compare"
KEPT = timedelta(days=7)
_PATIENCE = timedelta(minutes=3)  # longer than any task may take


class CannotCompare(Exception):  # noqa: N818 - it says what is the case, and callers show it
    """Why these two can't be compared now, in a sentence."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, with the 95 % interval of the rate in per cent."""

    count: int
    of: int

    @property
    def percent(self) -> float:
        """The rate; 0 where nothing was counted."""
        return 100 * self.count / self.of if self.of else 0.0

    @property
    def low(self) -> float:
        """The lower bound."""
        return 100 * wilson(self.count, self.of)[0]

    @property
    def high(self) -> float:
        """The upper bound."""
        return 100 * wilson(self.count, self.of)[1]


@dataclass(frozen=True, slots=True)
class Row:
    """One image, read by both; ``truth`` is a person's word where there is one."""

    submission: Submission
    first: dict[str, Any]
    second: dict[str, Any]
    truth: str | None

    @property
    def differs(self) -> bool:
        """The two versions read different values."""
        return bool(self.first["value"] != self.second["value"])


@dataclass(frozen=True, slots=True)
class Summary:
    """What both versions read, where they differ first, and how often they and people agree."""

    rows: tuple[Row, ...]
    agreement: Rate
    first_right: Rate
    second_right: Rate


def begin(first: ModelVersion, second: ModelVersion, *, by: User) -> NetworkComparison:
    """Ask the workers to read with both, and return the row in which they will answer.

    Raises:
        CannotCompare: the versions are of different networks, or one and the same, or of a network
            that reads nothing by itself; or no worker answers.
    """
    if first.name != second.name:
        raise CannotCompare(_("Choose two versions of the same network."))
    if first.pk == second.pk:
        raise CannotCompare(_("Choose two different versions."))
    if first.name not in KINDS:
        raise CannotCompare(_("“%s” reads nothing by itself that could be compared.") % first.name)
    if not queue_state().is_answered:
        raise CannotCompare(_("No worker is answering. Try again later."))
    comparison = NetworkComparison.objects.create(
        network=first.name, first=first.version, second=second.version, made_by=by
    )
    try:
        current_app.send_task(COMPARE, args=[str(comparison.pk)])
    except OperationalError as error:
        comparison.delete()
        raise CannotCompare(_("No worker is answering. Try again later.")) from error
    return comparison


def is_open(comparison: NetworkComparison) -> bool:
    """Tell whether an answer may still come."""
    if comparison.finished_at is not None:
        return False
    return timezone.now() - comparison.made_at < _PATIENCE


def versions_of(comparison: NetworkComparison) -> list[ModelVersion]:
    """Return the rows of both versions, as far as they are still in the models folder."""
    names = (comparison.first, comparison.second)
    known = ModelVersion.objects.filter(name=comparison.network, version__in=names)
    return sorted(known, key=lambda row: names.index(row.version))


def summarise(comparison: NetworkComparison) -> Summary:
    """Sum up what was answered for images that are still there, in four queries at most."""
    by_id = {answer["submission"]: answer for answer in comparison.answers}
    shown = Submission.objects.filter(pk__in=by_id, deleted_at=None, is_hidden=False)
    truths = _said_by_people(shown, KINDS[comparison.network])
    rows = [
        Row(
            submission,
            by_id[str(submission.pk)]["first"],
            by_id[str(submission.pk)]["second"],
            truths.get(submission.pk),
        )
        for submission in shown
    ]
    rows.sort(key=lambda row: (not row.differs, row.truth is None))
    judged = [row for row in rows if row.truth is not None]
    return Summary(
        rows=tuple(rows),
        agreement=Rate(sum(not row.differs for row in rows), len(rows)),
        first_right=Rate(sum(row.first["value"] == row.truth for row in judged), len(judged)),
        second_right=Rate(sum(row.second["value"] == row.truth for row in judged), len(judged)),
    )


def _said_by_people(submissions: Iterable[Submission], kind: Kind) -> dict[Any, str]:
    """Return each submission's value as last corrected, where anybody corrected it."""
    corrections = Correction.objects.filter(
        reading__run__submission__in=submissions, reading__name=kind.value
    ).order_by("made_at", "pk")
    return dict(corrections.values_list("reading__run__submission", "value"))
