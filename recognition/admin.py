"""Moderation of submissions. Nothing that the machine read, or a person said of it, is edited."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin_bulk import Bulk, ReasonForm, preview_or_do
from accounts.admin_site import WaitingQueue
from recognition import access
from recognition.masking import is_secret, masked
from recognition.models import (
    Correction,
    FieldReading,
    LegalHold,
    ModelVersion,
    RecognitionRun,
    RuleVerdict,
    RunState,
    Submission,
    SubmissionQuerySet,
    WorkerSign,
)
from recognition.services import comparisons, intake, moderation, networks, stuck
from recognition.services.queue import queue_state

REFUSALS: Mapping[type[Exception], str] = dict.fromkeys(
    (
        intake.WrongState,
        moderation.CannotRestore,
        moderation.AlreadyHeld,
        moderation.NotHeld,
        stuck.NotStuck,
    ),
    "",
)


class ReadOnly:
    """Looked at, never edited."""

    def has_add_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Refuse."""
        return False


class RunInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg] # not generic at run time
    """The runs of a submission, the newest first."""

    model = RecognitionRun
    fk_name = "submission"
    fields = ("state", "attempts", "worker", "queued_at", "finished_at", "error_code")
    readonly_fields = fields
    show_change_link = True
    extra = 0


class ReadingInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg] # not generic at run time
    """What was read in a run."""

    model = FieldReading
    fields = ("name", "masked_value", "confidence", "is_accepted", "notes")
    readonly_fields = fields
    show_change_link = True
    extra = 0

    @admin.display(description=_("value"))
    def masked_value(self, reading: FieldReading) -> str:
        """Show what was read, but of an account number the last digits alone."""
        return masked(reading.name, reading.value)


class VerdictInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg] # not generic at run time
    """What the rules said about a run."""

    model = RuleVerdict
    fields = ("rule", "verdict", "reason", "return_code")
    readonly_fields = fields
    extra = 0


class CorrectionInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg] # not generic at run time
    """What people said about a reading, the newest first."""

    model = Correction
    fields = ("masked_value", "taken_from", "made_by", "made_at")
    readonly_fields = fields
    extra = 0

    @admin.display(description=_("value"))
    def masked_value(self, correction: Correction) -> str:
        """Show what was said, but of an account number the last digits alone."""
        return masked(correction.reading.name, correction.value)


_bulk = partial(Bulk[Submission], describe=lambda one: f"{one}, {one.owner}")


@admin.register(Submission)
class SubmissionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """What was submitted, and what became of it."""

    list_display = (
        "thumbnail_image",
        "file_name",
        "kind",
        "owner",
        "state",
        "values_read",
        "networks_used",
        "created_at",
        "is_flagged",
        "is_hidden",
        "deleted_at",
    )
    list_display_links = ("thumbnail_image", "file_name")
    list_filter = (
        "kind",
        "latest_run__state",
        "is_flagged",
        "is_hidden",
        ("deleted_at", admin.EmptyFieldListFilter),
        ("hold", admin.EmptyFieldListFilter),
        "source",
        "created_at",
    )
    list_per_page = 50
    search_fields = ("id", "file_name", "owner__email", "latest_run__readings__value")
    search_help_text = _("Id, file name, owner or any value that was read")
    date_hierarchy = "created_at"
    fields = (
        "full_image",
        "file_name",
        "page",
        "kind",
        "source",
        "owner",
        "state",
        "values_read",
        "networks_used",
        "duplicate_of",
        "created_at",
        "is_flagged",
        "is_hidden",
        "deleted_at",
        "moderation_reason",
        "legal_hold",
        "sha256",
    )
    inlines = (RunInline,)
    actions = (
        "read_again",
        "flag",
        "remove_flag",
        "hide_with_reason",
        "delete_with_reason",
        "restore",
        "hold_with_reason",
        "end_hold",
    )

    def get_queryset(self, _request: HttpRequest) -> QuerySet[Submission]:
        """Bring what the columns show, in a fixed number of queries."""
        submissions: SubmissionQuerySet = Submission.objects.all()
        return submissions.with_outcome().select_related("owner", "latest_run", "duplicate_of")

    def queue(self) -> WaitingQueue:
        """Count what was flagged for another look."""
        count = Submission.objects.filter(is_flagged=True, deleted_at=None).count()
        text = ngettext("%(count)d item is flagged", "%(count)d items are flagged", count)
        return WaitingQueue(
            count, text % {"count": count}, "is_flagged__exact=1&deleted_at__isempty=1"
        )

    @admin.display(description=_("legal hold"))
    def legal_hold(self, submission: Submission) -> str:
        """Say why it must be kept."""
        hold = LegalHold.objects.filter(submission=submission).select_related("set_by").first()
        return "" if hold is None else f"{hold.reason} ({hold.set_by}, {hold.set_at:%Y-%m-%d})"

    @admin.display(description=_("image"))
    def thumbnail_image(self, submission: Submission) -> SafeString:
        """Show the thumbnail."""
        address = reverse("api:thumbnail", args=[submission.pk])
        name = _("Image of %(item)s") % {"item": submission}
        return format_html('<img src="{}" alt="{}" width="96" loading="lazy">', address, name)

    @admin.display(description=_("image"))
    def full_image(self, submission: Submission) -> SafeString:
        """Show the thumbnail, which leads to the image."""
        address = reverse("api:image", args=[submission.pk])
        return format_html('<a href="{}">{}</a>', address, self.thumbnail_image(submission))

    @admin.display(description=_("state"), ordering="latest_run__state")
    def state(self, submission: Submission) -> str:
        """Say where the latest run stands, and why it failed."""
        run = submission.latest_run
        if run is None:
            return ""
        return f"{run.get_state_display()} {run.error_code}".strip()

    @admin.display(description=_("values"))
    def values_read(self, submission: Submission) -> SafeString:
        """List each field: as read, its confidence, and what a person made of it."""
        run = submission.latest_run
        readings = () if run is None else run.readings.all()
        return format_html_join(
            mark_safe("<br>"),
            "{}: {} ({}){}",
            (
                (
                    reading.get_name_display(),
                    masked(reading.name, reading.value) or _("nothing"),
                    f"{reading.confidence:.0%}",
                    ""
                    if reading.correction is None
                    else f" → {masked(reading.name, reading.correction.value) or _('nothing')}",
                )
                for reading in readings
            ),
        )

    @admin.display(description=_("networks"))
    def networks_used(self, submission: Submission) -> str:
        """Name the networks that took part."""
        run = submission.latest_run
        used = [] if run is None else run.models_used
        return ", ".join(f"{network['name']} {network['version']}" for network in used)

    @admin.action(description=_("Read again"))
    def read_again(
        self, request: HttpRequest, queryset: QuerySet[Submission]
    ) -> HttpResponse | None:
        """Queue another run of each."""
        by = access.person(request)
        effect = _("Each is read once more; what was read before stays.")
        bulk = _bulk(effect, lambda one, _why: intake.rerun(one, by=by), REFUSALS)
        return preview_or_do(self, request, queryset, bulk)

    @admin.action(description=_("Flag"))
    def flag(self, request: HttpRequest, queryset: QuerySet[Submission]) -> HttpResponse | None:
        """Mark each for another look."""
        return self._set_flag(request, queryset, is_flagged=True)

    @admin.action(description=_("Remove flag"))
    def remove_flag(
        self, request: HttpRequest, queryset: QuerySet[Submission]
    ) -> HttpResponse | None:
        """Take the mark away."""
        return self._set_flag(request, queryset, is_flagged=False)

    def _set_flag(
        self, request: HttpRequest, queryset: QuerySet[Submission], *, is_flagged: bool
    ) -> HttpResponse | None:
        by = access.person(request)
        needless = _("It is flagged already.") if is_flagged else _("It is not flagged.")
        bulk = _bulk(
            _("Moderators find them by the flag; nobody else sees it."),
            lambda one, _why: moderation.set_flag(one, is_flagged=is_flagged, by=by),
            needless=lambda one: needless if one.is_flagged == is_flagged else "",
        )
        return preview_or_do(self, request, queryset, bulk)

    @admin.action(description=_("Hide, with a reason"))
    def hide_with_reason(
        self, request: HttpRequest, queryset: QuerySet[Submission]
    ) -> HttpResponse | None:
        """Hide each from everyone but moderators."""
        by = access.person(request)
        bulk = _bulk(
            _("Only moderators see them until they are shown again."),
            lambda one, why: moderation.hide(one, reason=why, by=by),
            form=ReasonForm,
            needless=lambda one: _("It is hidden already.") if one.is_hidden else "",
        )
        return preview_or_do(self, request, queryset, bulk)

    @admin.action(description=_("Delete, with a reason"))
    def delete_with_reason(
        self, request: HttpRequest, queryset: QuerySet[Submission]
    ) -> HttpResponse | None:
        """Delete each; it is purged after the retention time."""
        by = access.person(request)
        bulk = _bulk(
            _("They leave every list now, and are purged after the retention time."),
            lambda one, why: intake.delete(one, reason=why, by=by),
            REFUSALS,
            ReasonForm,
            needless=lambda one: _("It is deleted already.") if one.deleted_at else "",
        )
        return preview_or_do(self, request, queryset, bulk)

    @admin.action(description=_("Show or bring back"))
    def restore(self, request: HttpRequest, queryset: QuerySet[Submission]) -> HttpResponse | None:
        """Undo hiding and deleting."""
        by = access.person(request)
        bulk = _bulk(
            _("Their owners see them again."),
            lambda one, _why: moderation.restore(one, by=by),
            REFUSALS,
            needless=lambda one: (
                "" if one.is_hidden or one.deleted_at else _("It is neither hidden nor deleted.")
            ),
        )
        return preview_or_do(self, request, queryset, bulk)

    @admin.action(description=_("Legal hold, with a reason: keep from being purged"))
    def hold_with_reason(
        self, request: HttpRequest, queryset: QuerySet[Submission]
    ) -> HttpResponse | None:
        """Keep each until the hold ends."""
        by = access.person(request)
        bulk = _bulk(
            _("Nothing purges them, nor the accounts of their owners, until the hold ends."),
            lambda one, why: moderation.set_hold(one, reason=why, by=by),
            REFUSALS,
            ReasonForm,
        )
        return preview_or_do(self, request, queryset, bulk)

    @admin.action(description=_("End the legal hold"))
    def end_hold(self, request: HttpRequest, queryset: QuerySet[Submission]) -> HttpResponse | None:
        """Let each be purged when its time has come."""
        by = access.person(request)
        effect = _("They are purged when their time has come, which may be tonight.")
        bulk = _bulk(effect, lambda one, _why: moderation.end_hold(one, by=by), REFUSALS)
        return preview_or_do(self, request, queryset, bulk)


class StuckFilter(admin.SimpleListFilter):
    """Shows what no worker will end by itself."""

    title = _("stuck")
    parameter_name = "stuck"

    def lookups(self, _request: HttpRequest, _model_admin: object) -> list[tuple[str, Any]]:
        """Offer one choice beside all."""
        return [("yes", _("stuck"))]

    def queryset(
        self, _request: HttpRequest, queryset: QuerySet[RecognitionRun]
    ) -> QuerySet[RecognitionRun]:
        """Keep what is stuck where that was chosen."""
        return queryset.filter(pk__in=stuck.stuck().values("pk")) if self.value() else queryset


class ValueOrNoneFilter(admin.AllValuesFieldListFilter):
    """Offers each value that occurs, and gives a name to there being none."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Return the choices with a display each: a link must say where it leads."""
        for choice in super().choices(changelist):
            yield choice if choice["display"] else {**choice, "display": _("none")}


@admin.register(RecognitionRun)
class RecognitionRunAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Every attempt to read, with how long each stage took; what is stuck is seen to here."""

    list_display = (
        "submission",
        "state",
        "age",
        "cause",
        "attempts",
        "worker",
        "queued_at",
        "started_at",
        "finished_at",
    )
    list_filter = (
        StuckFilter,
        "state",
        ("error_code", ValueOrNoneFilter),
        ("engine_version", ValueOrNoneFilter),
        "queued_at",
    )
    list_select_related = ("submission",)
    list_per_page = 50
    search_fields = ("id", "submission__id", "submission__file_name", "worker")
    fields = (
        *list_display,
        "error_code",
        "error_message",
        "engine_version",
        "layout",
        "models_used",
        "quality",
        "milliseconds",
    )
    inlines = (ReadingInline, VerdictInline)
    actions = ("requeue", "give_up")

    @admin.display(description=_("for"))
    def age(self, run: RecognitionRun) -> str:
        """Say for how long it has been as it is."""
        since = {RunState.QUEUED: run.queued_at, RunState.RUNNING: run.started_at}
        return timesince(since.get(RunState(run.state), run.finished_at) or run.queued_at)

    @admin.display(description=_("cause"), ordering="error_code")
    def cause(self, run: RecognitionRun) -> str | Promise:
        """Say why it has not been read, as far as the run itself tells."""
        if run.state == RunState.QUEUED:
            return _("held back") if run.is_held else _("no worker has taken it")
        if run.state == RunState.RUNNING:
            return _("its worker has not ended it")
        return f"{run.error_code} {run.error_message}".strip()

    def queue(self) -> WaitingQueue:
        """Count what is stuck."""
        count = stuck.stuck().count()
        text = ngettext("%(count)d reading is stuck", "%(count)d readings are stuck", count)
        return WaitingQueue(count, text % {"count": count}, "stuck=yes")

    @admin.action(description=_("Requeue what is stuck"))
    def requeue(
        self, request: HttpRequest, queryset: QuerySet[RecognitionRun]
    ) -> HttpResponse | None:
        """Have each read after all."""
        by = access.person(request)
        bulk = Bulk[RecognitionRun](
            _("Each is sent to the workers now; what failed is read in a new run."),
            lambda one, _why: stuck.requeue(one, by=by),
            REFUSALS,
            describe=self._described,
        )
        return preview_or_do(self, request, queryset, bulk)

    @admin.action(description=_("Give up what is stuck, with a reason"))
    def give_up(
        self, request: HttpRequest, queryset: QuerySet[RecognitionRun]
    ) -> HttpResponse | None:
        """End each as failed."""
        by = access.person(request)
        bulk = Bulk[RecognitionRun](
            _("Each ends as failed and leaves this queue; its owner can have it read again."),
            lambda one, why: stuck.give_up(one, reason=why, by=by),
            REFUSALS,
            ReasonForm,
            describe=self._described,
        )
        return preview_or_do(self, request, queryset, bulk)

    def _described(self, run: RecognitionRun) -> str:
        since = _("for %(time)s") % {"time": self.age(run)}
        return f"{run.submission}, {run.get_state_display()} {since}: {self.cause(run)}"


@admin.register(FieldReading)
class FieldReadingAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Every field that was read, with what people said of it."""

    list_display = ("run", "name", "masked_value", "confidence", "is_accepted")
    list_filter = ("name", "is_accepted")
    list_select_related = ("run",)
    search_fields = ("value", "raw_text")
    inlines = (CorrectionInline,)

    def get_fields(self, _request: HttpRequest, obj: FieldReading | None = None) -> tuple[str, ...]:
        """Leave out what would tell a masked value after all."""
        if obj is not None and is_secret(obj):
            return (*self.list_display, "box", "notes")
        return (*self.list_display, "raw_text", "box", "characters", "alternatives", "notes")

    def get_readonly_fields(
        self, request: HttpRequest, obj: FieldReading | None = None
    ) -> tuple[str, ...]:
        """Show, never edit."""
        return self.get_fields(request, obj)

    @admin.display(description=_("value"), ordering="value")
    def masked_value(self, reading: FieldReading) -> str:
        """Show what was read, but of an account number the last digits alone."""
        return masked(reading.name, reading.value)


@admin.register(Correction)
class CorrectionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Every correction, beside what the machine read."""

    list_display = ("field", "read", "masked_value", "taken_from", "made_by", "made_at")
    list_filter = ("reading__name", "made_at")
    list_select_related = ("reading", "made_by")
    search_fields = ("value", "reading__value", "made_by__email")
    fields = ("reading", *list_display)

    @admin.display(description=_("field"), ordering="reading__name")
    def field(self, correction: Correction) -> str:
        """Name the field."""
        return correction.reading.get_name_display()

    @admin.display(description=_("as read"))
    def read(self, correction: Correction) -> str:
        """Say what the machine read."""
        return masked(correction.reading.name, correction.reading.value)

    @admin.display(description=_("value"), ordering="value")
    def masked_value(self, correction: Correction) -> str:
        """Show what was said, but of an account number the last digits alone."""
        return masked(correction.reading.name, correction.value)


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Versions of the networks: which one reads, since when, and who said so."""

    list_display = ("name", "version", "is_active", "activated_at", "activated_by")
    list_filter = ("name", "is_active")
    list_select_related = ("activated_by",)
    fields = (*list_display, "compare_with", "sha256", "card_text")
    actions = ("activate", "roll_back", "compare")

    @admin.display(description=_("card"))
    def card_text(self, row: ModelVersion) -> SafeString:
        """Show the card as it was written."""
        text = json.dumps(row.card, indent=2, ensure_ascii=False)
        return format_html("<pre>{}</pre>", text)

    @admin.display(description=_("comparison"))
    def compare_with(self, row: ModelVersion) -> SafeString | str:
        """Lead to the page that has both versions read the same images."""
        if row.name not in comparisons.KINDS:
            return ""
        address = f"{reverse('compare')}?with={row.pk}"
        return format_html('<a href="{}">{}</a>', address, _("Compare with the one that reads"))

    @admin.action(description=_("Compare: let both versions read the same images"))
    def compare(
        self, request: HttpRequest, queryset: QuerySet[ModelVersion]
    ) -> HttpResponse | None:
        """Have the workers read with the two selected versions."""
        rows = list(queryset.order_by("-is_active", "pk"))
        if len(rows) != 2:  # noqa: PLR2004 - to compare is to compare two
            self.message_user(request, _("Choose two versions to compare."), messages.ERROR)
            return None
        try:
            begun = comparisons.begin(*rows, by=access.person(request))
        except comparisons.CannotCompare as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return None
        return redirect("comparison", begun.pk)

    @admin.action(description=_("Activate: let it read from now on"))
    def activate(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        """Activate the selected versions, at most one a network."""
        rows = list(queryset)
        if len({row.name for row in rows}) < len(rows):
            text = _("Choose one version of each network.")
            self.message_user(request, text, messages.ERROR)
            return
        for row in rows:
            networks.activate(row, by=access.person(request))
            self.log_change(request, row, "activated")
            self.message_user(request, _("%s reads now.") % row, messages.SUCCESS)

    @admin.action(description=_("Roll back: what was active before reads again"))
    def roll_back(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        """Bring back the version before, for each network of the selection."""
        for name in sorted({row.name for row in queryset}):
            try:
                row = networks.roll_back(name, by=access.person(request))
            except networks.NoOlderVersion as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                self.log_change(request, row, "rolled back to")
                self.message_user(request, _("%s reads now.") % row, messages.SUCCESS)


@admin.register(WorkerSign)
class WorkerSignAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """The workers, and the state of the queue."""

    list_display = ("worker", "seen_at")
    ordering = ("-seen_at",)
    change_list_template = "admin/recognition/workersign/change_list.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the queue above the workers."""
        state = {"queue": queue_state()}
        response: HttpResponse = super().changelist_view(request, state | (extra_context or {}))
        return response
