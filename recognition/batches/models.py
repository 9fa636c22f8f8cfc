"""Batches of cheques and drafts: what came in, what became of each item, and when it was closed.

Only what people decide is stored of a batch's state; how far the reading is follows from the runs,
so it is never out of date.
"""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recognition.models import Kind, RunState, Source, Submission

MAX_ITEMS = 1000
KINDS = (Kind.CHEQUE, Kind.DEMAND_DRAFT)
KIND_CHOICES = [(kind.value, kind.label) for kind in KINDS]


def random_file_name(_received: "ReceivedFile", _name: str) -> str:
    """Return where a received file waits: nothing of a name that a person gave is in it."""
    return f"batches/{uuid.uuid4().hex}"


class BatchState(models.TextChoices):
    """What people decided about a batch. The last two are final."""

    OPEN = "open", _("open")
    PAUSED = "paused", _("paused")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


class Stage(models.TextChoices):
    """Where a batch stands, as people are told: its state, and how far the reading is."""

    OPEN = "open", _("being taken in")
    READING = "reading", _("being read")
    PAUSED = "paused", _("paused")
    IN_REVIEW = "in_review", _("in review")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


class Outcome(models.TextChoices):
    """What became of one item."""

    ACCEPTED = "accepted", _("taken")
    DUPLICATE = "duplicate", _("sent before")
    REFUSED = "refused", _("not taken")
    WITHDRAWN = "withdrawn", _("taken out")


class BatchQuerySet(models.QuerySet["Batch"]):
    """Reads of batches."""

    def visible_to(self, user: User) -> Self:
        """Keep what this person may see: their own, and everything for moderators."""
        return self if user.is_staff else self.filter(owner=user)

    def with_stage(self) -> Self:
        """Annotate ``stage``, one of ``Stage``."""
        coming = ReceivedFile.objects.filter(batch=OuterRef("pk"))
        at_work = BatchItem.objects.filter(batch=OuterRef("pk")).at_work()
        return self.annotate(
            stage=Case(
                When(~Q(state=BatchState.OPEN), then=F("state")),
                When(Exists(coming), then=Value(Stage.OPEN)),
                When(Exists(at_work), then=Value(Stage.READING)),
                default=Value(Stage.IN_REVIEW),
                output_field=models.CharField(),
            )
        )

    def with_counts(self) -> Self:
        """Annotate ``item_count`` and ``work_count``, those that are still to be read."""
        items = BatchItem.objects.filter(batch=OuterRef("pk")).order_by()

        def count(counted: "BatchItemQuerySet") -> Coalesce:
            per_batch = counted.values("batch").annotate(n=Count("pk")).values("n")
            return Coalesce(Subquery(per_batch), 0)

        return self.annotate(item_count=count(items), work_count=count(items.at_work()))


class Batch(models.Model):
    """Items of one kind that were handed in together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="batches")
    bank = models.CharField(_("bank"), max_length=120, blank=True)
    name = models.CharField(_("name"), max_length=120)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=KIND_CHOICES)
    source = models.CharField(_("source"), max_length=8, choices=Source.choices)
    control_total = models.DecimalField(
        _("control total"), max_digits=17, decimal_places=2, null=True, blank=True
    )
    control_count = models.PositiveSmallIntegerField(_("number of items"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=BatchState.choices, default=BatchState.OPEN
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    went_on_at = models.DateTimeField(
        default=timezone.now, help_text=_("When reading began, or was last resumed.")
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_total = models.DecimalField(
        _("total when closed"), max_digits=17, decimal_places=2, null=True, blank=True
    )
    closing_note = models.CharField(_("note"), max_length=300, blank=True)

    objects = BatchQuerySet.as_manager()
    stage: str  # where it was read with its stage

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("owner", "-created_at"), name="batches_of_an_owner"),)
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="batch_kind_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=BatchState.values), name="batch_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_batch_has_a_name"),
            models.CheckConstraint(
                condition=Q(control_total=None) | Q(control_total__gte=0),
                name="control_total_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(control_count=None) | Q(control_count__lte=MAX_ITEMS),
                name="control_count_is_possible",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=BatchState.CLOSED,
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    closed_total__isnull=False,
                )
                | Q(
                    ~Q(state=BatchState.CLOSED),
                    closed_at__isnull=True,
                    closed_by__isnull=True,
                    closed_total__isnull=True,
                ),
                name="closing_facts_if_and_only_if_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state=BatchState.CLOSED)
                | Q(control_total=None)
                | Q(control_total=F("closed_total"))
                | ~Q(closing_note=""),
                name="a_difference_is_explained",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_final(self) -> bool:
        """Nothing will change any more."""
        return self.state in {BatchState.CLOSED, BatchState.CANCELLED}


class ReceivedFile(models.Model):
    """A file as it came in, waiting to be unpacked; gone as soon as that is done."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="received")
    file = models.FileField(upload_to=random_file_name)
    name = models.CharField(max_length=120)
    members = models.PositiveSmallIntegerField(
        default=1, help_text=_("How many files are in it, as far as is known.")
    )
    next_member = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class BatchItemQuerySet(models.QuerySet["BatchItem"]):
    """Reads of items."""

    def standing(self) -> Self:
        """Keep what counts: taken, not taken out again, and not deleted by its owner."""
        return self.filter(
            outcome=Outcome.ACCEPTED, submission__isnull=False, submission__deleted_at=None
        )

    def at_work(self) -> Self:
        """Keep what waits to be read, or is being read."""
        return self.standing().filter(
            submission__latest_run__state__in=(RunState.QUEUED, RunState.RUNNING)
        )

    def with_reading(self) -> Self:
        """Bring submission, run, readings and corrections, in three queries in all."""
        return self.select_related(
            "submission__latest_run", "submission__item", "duplicate_of"
        ).prefetch_related("submission__latest_run__readings__corrections")


class BatchItem(models.Model):
    """One page of one file of a batch, and what became of it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    submission = models.OneToOneField(
        Submission, models.SET_NULL, null=True, blank=True, related_name="batch_item"
    )
    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    file_name = models.CharField(_("file name"), max_length=120)
    page = models.PositiveSmallIntegerField(_("page"), default=1)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    error_code = models.CharField(_("error code"), max_length=40, blank=True)
    error_message = models.CharField(_("why it was not taken"), max_length=300, blank=True)
    booked_amount = models.DecimalField(
        _("amount when the batch was closed"), max_digits=17, decimal_places=2, null=True
    )

    objects = BatchItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a batch")
        verbose_name_plural = _("items of batches")
        ordering = ("batch", "position")
        constraints = (
            models.UniqueConstraint(fields=("batch", "position"), name="one_item_a_position"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MAX_ITEMS),
                name="a_batch_has_at_most_1000_items",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="item_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.REFUSED) & ~Q(error_code="")
                | ~Q(outcome=Outcome.REFUSED) & Q(error_code=""),
                name="a_refusal_has_a_code",
            ),
            models.CheckConstraint(
                condition=Q(submission=None) | ~Q(outcome__in=(Outcome.REFUSED, Outcome.DUPLICATE)),
                name="what_is_not_taken_has_no_submission",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}: {self.file_name}"
