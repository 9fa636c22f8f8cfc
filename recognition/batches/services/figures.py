"""What a batch adds up to, and how far its reading is."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from recognition.batches.models import Batch, BatchState, Outcome
from recognition.desk.models import SETTLED, State
from recognition.desk.models import Item as DeskItem
from recognition.models import TERMINAL_STATES, FieldName, FieldReading, RunState
from recognition.services import queue

RATE_WINDOW = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Amount:
    """What one item counts for."""

    item_id: int
    amount: Decimal | None
    is_doubtful: bool
    is_settled: bool
    is_rejected: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """The sum of the amounts beside what the official said it should be."""

    total: Decimal
    count: int
    without_amount: int
    doubtful: int
    unsettled: int
    rejected: int
    control_total: Decimal | None
    control_count: int | None

    @property
    def difference(self) -> Decimal | None:
        """The sum less the control total."""
        return None if self.control_total is None else self.total - self.control_total

    @property
    def count_difference(self) -> int | None:
        """The number of items less the number that was entered."""
        return None if self.control_count is None else self.count - self.control_count


@dataclass(frozen=True, slots=True)
class Progress:
    """How many items there are and are done, and how fast it goes."""

    total: int
    done: int
    running: int
    failed: int
    refused: int
    duplicate: int
    withdrawn: int
    coming: int
    per_minute: float | None
    time_left: timedelta | None
    is_answered: bool

    @property
    def listed(self) -> int:
        """How many items have a row by now."""
        return self.total - self.coming


def settled() -> Exists:
    """Return the condition on an item under which its decision is final: the desk has made it."""
    return Exists(DeskItem.objects.settled().filter(submission=OuterRef("submission")))


def rejected() -> Exists:
    """Return the condition on an item under which it is not paid. It counts: its paper is there."""
    refused = DeskItem.objects.filter(state=State.REJECTED)
    return Exists(refused.filter(submission=OuterRef("submission")))


def amounts_of(batch: Batch) -> list[Amount]:
    """Return what each item counts for, in one query; of a closed batch, as it was closed."""
    if batch.state == BatchState.CLOSED:
        counted = batch.items.filter(outcome=Outcome.ACCEPTED).annotate(is_rejected=rejected())
        return [
            Amount(pk, amount, is_doubtful=False, is_settled=True, is_rejected=is_rejected)
            for pk, amount, is_rejected in counted.values_list("pk", "booked_amount", "is_rejected")
        ]
    rows = batch.items.standing().values_list(
        "pk", "submission__latest_run", "submission__item__state"
    )
    figures = _figures_of(batch)
    nothing = (None, False)
    return [
        Amount(
            item_id=item_id,
            amount=figures.get(run_id, nothing)[0],
            is_doubtful=figures.get(run_id, nothing)[1] and state not in SETTLED,
            is_settled=state in SETTLED,
            is_rejected=state == State.REJECTED,
        )
        for item_id, run_id, state in rows
    ]


def _figures_of(batch: Batch) -> dict[uuid.UUID, tuple[Decimal | None, bool]]:
    """Return, by run, the amount as it finally stands, and whether it is doubtful.

    One pass over plain joins: a subquery an item costs ten times as much in a batch of a thousand.
    """
    readings = FieldReading.objects.filter(
        name=FieldName.COURTESY_AMOUNT,
        run__submission__batch_item__batch=batch,
        run__submission__latest_run=F("run"),
    ).order_by("corrections__made_at", "corrections__id")
    found: dict[uuid.UUID, tuple[Decimal | None, bool]] = {}
    for run_id, amount, is_accepted, correction, corrected in readings.values_list(
        "run", "amount", "is_accepted", "corrections", "corrections__amount"
    ):
        # The last row of a run wins, and with it the last correction.
        is_corrected = correction is not None
        found[run_id] = (
            corrected if is_corrected else amount,
            not is_accepted and not is_corrected,
        )
    return found


def totals_of(batch: Batch) -> Totals:
    """Return the sum, exact to the hundredth whatever the database makes of decimals."""
    amounts = amounts_of(batch)
    known = [one.amount for one in amounts if one.amount is not None]
    return Totals(
        total=sum(known, Decimal("0.00")),
        count=len(amounts),
        without_amount=len(amounts) - len(known),
        doubtful=sum(one.is_doubtful for one in amounts),
        unsettled=sum(not one.is_settled for one in amounts),
        rejected=sum(one.is_rejected for one in amounts),
        control_total=batch.control_total,
        control_count=batch.control_count,
    )


def progress_of(batch: Batch) -> Progress:
    """Return how far a batch is, in three queries."""
    now = timezone.now()
    since = max(batch.went_on_at, now - RATE_WINDOW)
    run = "submission__latest_run__"
    accepted = Q(outcome=Outcome.ACCEPTED, submission__deleted_at=None, submission__isnull=False)
    over = accepted & Q(**{f"{run}state__in": TERMINAL_STATES})
    counts = batch.items.aggregate(
        all=Count("pk"),
        accepted=Count("pk", filter=accepted),
        over=Count("pk", filter=over),
        running=Count("pk", filter=accepted & Q(**{f"{run}state": RunState.RUNNING})),
        failed=Count("pk", filter=accepted & Q(**{f"{run}state": RunState.FAILED})),
        refused=Count("pk", filter=Q(outcome=Outcome.REFUSED)),
        duplicate=Count("pk", filter=Q(outcome=Outcome.DUPLICATE)),
        withdrawn=Count("pk", filter=Q(outcome=Outcome.WITHDRAWN)),
        lately=Count("pk", filter=over & Q(**{f"{run}finished_at__gte": since})),
    )
    coming = batch.received.aggregate(n=Sum(F("members") - F("next_member")))["n"] or 0
    is_moving = batch.state == BatchState.OPEN
    left = counts["accepted"] - counts["over"] + coming
    minutes = (now - since).total_seconds() / 60
    rate = counts["lately"] / minutes if is_moving and counts["lately"] and minutes else None
    return Progress(
        total=counts["all"] + coming,
        done=counts["all"] - counts["accepted"] + counts["over"],
        running=counts["running"],
        failed=counts["failed"],
        refused=counts["refused"],
        duplicate=counts["duplicate"],
        withdrawn=counts["withdrawn"],
        coming=coming,
        per_minute=rate if left else None,
        time_left=timedelta(minutes=left / rate) if rate and left else None,
        is_answered=queue.queue_state().is_answered if is_moving and left else True,
    )
