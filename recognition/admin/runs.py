"""Every attempt to read, the workers, and what neither will end by itself."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin_bulk import Bulk, ReasonForm, preview_or_do
from accounts.admin_site import WaitingQueue
from recognition import access
from recognition.admin.read_only import ReadOnly
from recognition.admin.refusals import REFUSALS
from recognition.masking import masked
from recognition.models import (
    FieldReading,
    RecognitionRun,
    RuleVerdict,
    RunState,
    WorkerSign,
)
from recognition.services import stuck
from recognition.services.queue import queue_state


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
