"""Moderation of submissions. Nothing that the machine read, or a person said of it, is edited."""

from functools import partial

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin_bulk import Bulk, ReasonForm, preview_or_do
from accounts.admin_site import WaitingQueue
from recognition import access
from recognition.admin.read_only import ReadOnly
from recognition.admin.refusals import REFUSALS
from recognition.masking import masked
from recognition.models import (
    LegalHold,
    RecognitionRun,
    Submission,
    SubmissionQuerySet,
)
from recognition.services import intake, moderation


class RunInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg] # not generic at run time
    """The runs of a submission, the newest first."""

    model = RecognitionRun
    fk_name = "submission"
    fields = ("state", "attempts", "worker", "queued_at", "finished_at", "error_code")
    readonly_fields = fields
    show_change_link = True
    extra = 0


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
