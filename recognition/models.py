"""What people submitted, what the machine read in it, and what people corrected.

A reading is never edited: corrections are rows of their own that point at it.
"""

import uuid
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recognition.messages import FAILURES, PASSING


class Kind(models.TextChoices):
    """What an image shows, as its owner says. The values are the engine's."""

    DIGIT = "digit", _("single digit")
    NUMBER = "number", _("number")
    CHEQUE = "cheque", _("cheque")
    DEMAND_DRAFT = "demand_draft", _("demand draft")


class FieldName(models.TextChoices):
    """The fields that are read. The values are the engine's."""

    DIGIT = "digit", _("digit")
    NUMBER = "number", _("number")
    COURTESY_AMOUNT = "courtesy_amount", _("amount in figures")
    LEGAL_AMOUNT = "legal_amount", _("amount in words")
    DATE = "date", _("date")
    ACCOUNT_NUMBER = "account_number", _("account number")
    CHEQUE_NUMBER = "cheque_number", _("cheque number")
    MICR_LINE = "micr_line", _("MICR line")


AMOUNTS = (FieldName.COURTESY_AMOUNT, FieldName.LEGAL_AMOUNT)


class Source(models.TextChoices):
    """The way a submission came in."""

    UPLOAD = "upload", _("page")
    DRAWING = "drawing", _("drawing")
    API = "api", _("API")


def random_file_name(_submission: "Submission", name: str) -> str:
    """Return where a file is stored: nothing of a name that a person gave is in it."""
    stem = uuid.uuid4().hex
    return f"submissions/{stem[:2]}/{stem}{PurePosixPath(name).suffix}"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Reads of submissions."""

    def visible_to(self, user: User) -> Self:
        """Keep what this person may see: their own, and everything for moderators."""
        if user.is_staff:
            return self
        return self.filter(owner=user, deleted_at=None, is_hidden=False)

    def history_of(self, user: User) -> Self:
        """Keep what this person's own list shows."""
        return self.filter(owner=user, deleted_at=None, is_hidden=False)

    def with_outcome(self) -> Self:
        """Bring the latest run, its readings and their corrections, in three queries in all."""
        return self.select_related("latest_run").prefetch_related(
            "latest_run__readings__corrections"
        )

    def expired(self, *, older_than: timedelta) -> Self:
        """Keep those deleted so long ago that they are to be purged, unless there is a hold."""
        return self.filter(deleted_at__lt=timezone.now() - older_than, hold=None)

    def outdated(self, *, older_than: timedelta) -> Self:
        """Keep those submitted longer ago than anything is kept, unless there is a hold."""
        return self.filter(
            created_at__lt=timezone.now() - older_than,
            deleted_at=None,
            hold=None,
            latest_run__state__in=TERMINAL_STATES,
        )


class Submission(models.Model):
    """One image of one item. A page of a TIFF or PDF is a submission of its own.

    So is each of several cheques on one page: they are its ``parts``, share the ``original`` they
    were found on, and each keeps in ``lie`` where on it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="submissions")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    source = models.CharField(_("source"), max_length=8, choices=Source.choices)
    image = models.FileField(_("image"), upload_to=random_file_name)
    thumbnail = models.FileField(upload_to=random_file_name, editable=False)
    original = models.FileField(
        upload_to=random_file_name,
        editable=False,
        blank=True,
        help_text=_("What was sent, where the image was turned, flattened or cut out of it."),
    )
    lie = models.JSONField(
        null=True,
        editable=False,
        help_text=_("How the image lies in what was sent, as the engine found it."),
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    file_name = models.CharField(
        _("file name"), max_length=120, help_text=_("As the owner named it; shown, never opened.")
    )
    page = models.PositiveSmallIntegerField(_("page"), default=1)
    part = models.PositiveSmallIntegerField(_("part of the page"), default=1, editable=False)
    parts = models.PositiveSmallIntegerField(_("parts of the page"), default=1, editable=False)
    sha256 = models.CharField(max_length=64, help_text=_("Of the file as it was received."))
    stored_bytes = models.PositiveBigIntegerField(
        default=0, editable=False, help_text=_("What its own files take.")
    )
    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="duplicates"
    )
    latest_run = models.ForeignKey(
        "RecognitionRun", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    # What its fields finally hold, kept by ``services.standing``: to find one item among a hundred
    # thousand by them takes tenths of a second where readings and corrections are to be joined.
    amount = models.DecimalField(max_digits=17, decimal_places=2, null=True, editable=False)
    dated = models.DateField(null=True, editable=False)
    cheque_number = models.CharField(max_length=80, blank=True, editable=False)
    sort_code = models.CharField(max_length=9, blank=True, editable=False)
    searched = models.TextField(
        blank=True,
        editable=False,
        help_text=_("File name and values, a line each, in lower case."),
    )
    needs_person = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("submitted"), default=timezone.now, db_index=True)
    is_flagged = models.BooleanField(_("flagged"), default=False)
    is_hidden = models.BooleanField(_("hidden"), default=False)
    moderation_reason = models.CharField(_("reason"), max_length=300, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(
                fields=("owner", "-created_at", "-id"),
                condition=Q(deleted_at=None, is_hidden=False),
                name="history_of_an_owner",
            ),
            models.Index(fields=("owner", "sha256", "page"), name="duplicates_of_an_owner"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="kind_is_known"),
            models.UniqueConstraint(
                fields=("owner", "sha256", "page", "part", "kind"),
                condition=Q(duplicate_of=None, deleted_at=None),
                name="one_first_of_each_content",
            ),
            models.UniqueConstraint(
                fields=("original", "part"), condition=~Q(original=""), name="one_of_each_part"
            ),
            models.CheckConstraint(
                condition=Q(part__gte=1, part__lte=F("parts")), name="part_is_one_of_the_parts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_name}"

    @property
    def as_taken_in(self) -> FieldFile:
        """The image as it was before any reading turned or flattened it: what is read."""
        return self.original or self.image

    @property
    def page_parts(self) -> SubmissionQuerySet:
        """All that was found on the same page and is still there, this one too, in order."""
        if self.parts == 1:
            return Submission.objects.none()
        return Submission.objects.filter(
            original=self.original.name, deleted_at=None, is_hidden=False
        ).order_by("part")


class RunState(models.TextChoices):
    """Where a run stands. The last three are terminal."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("being read")
    SUCCEEDED = "succeeded", _("read")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


TERMINAL_STATES = (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED)


class RunQuerySet(models.QuerySet["RecognitionRun"]):
    """Reads of runs, and the conditional updates that decide who holds one."""

    def claim(self, run_id: uuid.UUID, *, worker: str) -> uuid.UUID | None:
        """Take a queued run and return the claim; ``None`` where another worker was first."""
        claim = uuid.uuid4()
        taken = self.filter(pk=run_id, state=RunState.QUEUED, is_held=False).update(
            state=RunState.RUNNING,
            claim=claim,
            worker=worker,
            attempts=F("attempts") + 1,
            started_at=timezone.now(),
        )
        return claim if taken else None

    def held(self, run_id: uuid.UUID, claim: uuid.UUID) -> Self:
        """Keep the run only while this claim holds it."""
        return self.filter(pk=run_id, state=RunState.RUNNING, claim=claim)

    def unsent(self, *, older_than: timedelta) -> Self:
        """Keep queued runs that were never sent, or whose message must be lost by now."""
        overdue = Q(sent_at=None) | Q(sent_at__lt=timezone.now() - older_than)
        return self.filter(overdue, state=RunState.QUEUED, is_held=False)

    def lost(self, *, older_than: timedelta) -> Self:
        """Keep runs whose worker must be gone: running past every time limit."""
        return self.filter(state=RunState.RUNNING, started_at__lt=timezone.now() - older_than)

    def stuck(self, *, waiting: timedelta, running: timedelta) -> Self:
        """Keep the latest runs of items that wait or run for longer, or failed without a fault.

        What has its figures already is left to the sweeper, which ends it with them.
        """
        now = timezone.now()
        waits = Q(state=RunState.QUEUED, is_held=False, queued_at__lt=now - waiting)
        runs = Q(state=RunState.RUNNING, figures_at=None, started_at__lt=now - running)
        failed = Q(state=RunState.FAILED, error_code__in=PASSING)
        return self.filter(
            waits | runs | failed, submission__latest_run=F("pk"), submission__deleted_at=None
        )


class RecognitionRun(models.Model):
    """One attempt to read one submission. It ends with exactly one outcome."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="runs")
    state = models.CharField(
        _("state"), max_length=10, choices=RunState.choices, default=RunState.QUEUED, db_index=True
    )
    is_held = models.BooleanField(
        _("held"), default=False, help_text=_("Not to be started until it is let go again.")
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claim = models.UUIDField(null=True, editable=False)
    worker = models.CharField(_("worker"), max_length=120, blank=True)
    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    figures_at = models.DateTimeField(
        _("figures read"),
        null=True,
        blank=True,
        help_text=_("When all but the amount in words was stored, where that takes longer."),
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    error_code = models.CharField(_("error code"), max_length=40, blank=True)
    error_message = models.CharField(_("what went wrong"), max_length=300, blank=True)
    image_sha256 = models.CharField(
        max_length=64, blank=True, editable=False, help_text=_("Of the very bytes that were read.")
    )
    circumstances = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text=_("What else a reading depends on: the day, and when words are read."),
    )
    engine_version = models.CharField(_("engine"), max_length=40, blank=True)
    layout = models.CharField(
        _("layout"),
        max_length=60,
        blank=True,
        help_text=_("What said where the fields of a cheque or draft stand."),
    )
    models_used = models.JSONField(_("networks"), default=list, blank=True)
    quality = models.JSONField(_("image quality"), default=list, blank=True)
    milliseconds = models.JSONField(_("milliseconds a stage"), default=dict, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ("-queued_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("submission",),
                condition=Q(state__in=(RunState.QUEUED, RunState.RUNNING)),
                name="one_open_run_a_submission",
            ),
            models.CheckConstraint(
                condition=Q(state__in=TERMINAL_STATES, finished_at__isnull=False)
                | Q(state__in=(RunState.QUEUED, RunState.RUNNING), finished_at__isnull=True),
                name="finished_if_and_only_if_terminal",
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.FAILED) | ~Q(error_code=""),
                name="a_failure_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission_id} {self.get_state_display()}"

    @property
    def is_terminal(self) -> bool:
        """Nothing will change any more."""
        return self.state in TERMINAL_STATES

    @property
    def awaits_words(self) -> bool:
        """All but the amount in words is stored; what depends on the words is not decided yet."""
        return self.state == RunState.RUNNING and self.figures_at is not None

    @property
    def failure(self) -> str:
        """Why it failed, in a sentence in the reader's language; empty unless it failed."""
        return str(FAILURES.get(self.error_code, self.error_message))


class FieldReading(models.Model):
    """What the machine read in one field. Never edited."""

    run = models.ForeignKey(RecognitionRun, models.CASCADE, related_name="readings")
    name = models.CharField(_("field"), max_length=20, choices=FieldName.choices)
    value = models.CharField(_("value"), max_length=80, blank=True, db_index=True)
    raw_text = models.CharField(_("as written"), max_length=120, blank=True)
    amount = models.DecimalField(max_digits=17, decimal_places=2, null=True, db_index=True)
    date = models.DateField(null=True, db_index=True)
    confidence = models.FloatField(_("confidence"))
    is_accepted = models.BooleanField(_("accepted"))
    box = models.JSONField(null=True)
    characters = models.JSONField(default=list)
    alternatives = models.JSONField(default=list)
    notes = models.JSONField(default=list)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("run", "name"), name="one_reading_a_field"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1),
                name="confidence_is_a_probability",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.run_id}"  # no value: headings and logs show it

    @property
    def correction(self) -> "Correction | None":
        """The last word of a person on this field, if there is one."""
        return next(iter(self.corrections.all()), None)

    @property
    def final(self) -> str:
        """The value as last corrected, else as read; empty where there is nothing to read."""
        return self.value if self.correction is None else self.correction.value


class RuleVerdictQuerySet(models.QuerySet["RuleVerdict"]):
    """Reads of verdicts."""

    def for_person(self, user: User) -> Self:
        """Bring ``shown_earlier``: the earlier item's id, where this person may see that item."""
        theirs = Submission.objects.visible_to(user)
        return self.annotate(
            shown_earlier=Case(When(earlier__in=theirs.values("pk"), then=F("earlier")))
        )


class RuleVerdict(models.Model):
    """What one rule said about one run; ``earlier`` is the item that a duplicate repeats."""

    shown_earlier: uuid.UUID | None = None

    run = models.ForeignKey(RecognitionRun, models.CASCADE, related_name="verdicts")
    rule = models.CharField(_("rule"), max_length=40)
    verdict = models.CharField(_("verdict"), max_length=8)
    reason = models.CharField(_("reason"), max_length=300)
    return_code = models.CharField(_("return code"), max_length=4, blank=True)
    earlier = models.ForeignKey(
        Submission, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects = RuleVerdictQuerySet.as_manager()

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("run", "rule"), name="one_verdict_a_rule"),
            models.CheckConstraint(
                condition=Q(verdict__in=("passed", "failed", "unknown")),
                name="verdict_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule}: {self.verdict}"


class ItemIdentity(models.Model):
    """By what an item is known again among those of one bank's officials.

    ``number`` is what is unique to a cheque or draft, from its MICR line: cheque number, sort code
    or routing number, account digits. Empty where the line was not read. The first of two rows of
    one item is the one recorded first.
    """

    submission = models.OneToOneField(Submission, models.CASCADE, related_name="identity")
    bank = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=60, blank=True)
    fingerprint = models.CharField(max_length=128, blank=True)

    class Meta:
        verbose_name = _("identity of an item")
        verbose_name_plural = _("identities of items")
        indexes = (models.Index(fields=("number", "bank"), name="items_of_one_number"),)

    def __str__(self) -> str:
        return f"{self.submission_id}"  # no number: headings and logs show it


class Correction(models.Model):
    """What a person says a field holds. An empty value says: there is nothing to read."""

    reading = models.ForeignKey(FieldReading, models.PROTECT, related_name="corrections")
    value = models.CharField(_("value"), max_length=80, blank=True)
    amount = models.DecimalField(max_digits=17, decimal_places=2, null=True, editable=False)
    date = models.DateField(null=True, editable=False)
    taken_from = models.CharField(
        _("taken from"),
        max_length=20,
        blank=True,
        choices=FieldName.choices,
        help_text=_("The field whose value was taken over; empty: it was given by the person."),
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return f"{self.reading_id} {self.made_at:%Y-%m-%d %H:%M}"


class LegalHold(models.Model):
    """While there is one, an item can't be purged, whatever its age: the key refuses too."""

    submission = models.OneToOneField(
        Submission, models.PROTECT, primary_key=True, related_name="hold"
    )
    reason = models.CharField(_("reason"), max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set"), default=timezone.now)

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="a_legal_hold_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.reason}"


class SavedSearch(models.Model):
    """Filters of the history that somebody wants to use again, as the address has them."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("owner", "name"), name="one_saved_search_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class ModelVersion(models.Model):
    """One version of a network in the models folder. The active one of each name is what reads."""

    name = models.CharField(_("network"), max_length=40)
    version = models.CharField(_("version"), max_length=40)
    sha256 = models.CharField(max_length=64)
    card = models.JSONField(_("card"), default=dict, blank=True)
    is_active = models.BooleanField(_("active"), default=False)
    activated_at = models.DateTimeField(_("activated"), null=True, blank=True)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("activated by"),
        help_text=_("Empty: as the models folder says."),
    )

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        ordering = ("name", "-activated_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("name", "version"), name="one_row_a_version"),
            models.UniqueConstraint(
                fields=("name",), condition=Q(is_active=True), name="one_active_version_a_network"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class NetworkComparison(models.Model):
    """Two versions of a network, both of which the workers let read the same stored images.

    ``answers`` has an object an image: ``submission`` (its id), and ``first`` and ``second``, each
    with ``value`` (empty: nothing to read) and ``confidence``. It is kept for a while only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    network = models.CharField(_("network"), max_length=40)
    first = models.CharField(_("first version"), max_length=40)
    second = models.CharField(_("second version"), max_length=40)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("asked for"), default=timezone.now, db_index=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    failure = models.CharField(_("what went wrong"), max_length=300, blank=True)
    answers = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("comparison of networks")
        verbose_name_plural = _("comparisons of networks")
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"{self.network} {self.first} / {self.second}"


class WorkerSign(models.Model):
    """When a worker was last heard of: it took a run, or did the sweeper's round."""

    worker = models.CharField(primary_key=True, max_length=120)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("sign of a worker")
        verbose_name_plural = _("signs of workers")

    def __str__(self) -> str:
        return f"{self.worker} {self.seen_at:%H:%M:%S}"


class IdempotentAnswer(models.Model):
    """What was answered to a request with an ``Idempotency-Key``; no status: still at work."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64, help_text=_("SHA-256 of what was asked."))
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    location = models.CharField(max_length=4000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owner", "key"), name="one_answer_a_key"),)

    def __str__(self) -> str:
        return self.key
