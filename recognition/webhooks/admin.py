"""The log of webhooks for moderators: what was given up is sent again or dropped, nothing edited.

Nothing of what was sent is shown.
"""

from collections.abc import Mapping

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin_bulk import Bulk, ReasonForm, preview_or_do
from accounts.admin_site import WaitingQueue
from recognition import access
from recognition.webhooks.models import Delivery, State
from recognition.webhooks.services import stuck

REFUSALS: Mapping[type[Exception], str] = {stuck.CannotSend: ""}


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """What was sent where, and what came of it."""

    list_display = (
        "created_at",
        "age",
        "event",
        "endpoint",
        "state",
        "attempts",
        "last_code",
        "last_error",
    )
    list_filter = ("state", "event")
    list_select_related = ("endpoint",)
    list_per_page = 50
    exclude = ("body",)
    actions = ("requeue", "give_up")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        """Events make deliveries."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        """Keep the log as it is."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        """Keep the log as it is."""
        return False

    @admin.display(description=_("for"), ordering="-created_at")
    def age(self, delivery: Delivery) -> str:
        """Say how long ago it was to be told."""
        return timesince(delivery.created_at)

    def queue(self) -> WaitingQueue:
        """Count what was given up and nobody has seen to."""
        count = Delivery.objects.filter(state=State.FAILED).count()
        text = ngettext(
            "%(count)d message of a webhook was given up",
            "%(count)d messages of webhooks were given up",
            count,
        )
        return WaitingQueue(count, text % {"count": count}, f"state__exact={State.FAILED}")

    @admin.action(description=_("Requeue what was given up"))
    def requeue(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> HttpResponse | None:
        """Send each once more."""
        by = access.person(request)
        bulk = Bulk[Delivery](
            _("Each is sent within seconds, and again as long as it is not taken."),
            lambda one, _why: stuck.requeue(one, by=by),
            REFUSALS,
            describe=self._described,
        )
        return preview_or_do(self, request, queryset, bulk)

    @admin.action(description=_("Give up for good, with a reason"))
    def give_up(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> HttpResponse | None:
        """Drop each."""
        by = access.person(request)
        bulk = Bulk[Delivery](
            _("None is sent any more, and none waits for anybody."),
            lambda one, _why: stuck.give_up(one, by=by),
            REFUSALS,
            ReasonForm,
            describe=self._described,
        )
        return preview_or_do(self, request, queryset, bulk)

    def _described(self, delivery: Delivery) -> str:
        came = delivery.last_error or delivery.last_code or _("no answer")
        words = (delivery.get_event_display(), delivery.endpoint, delivery.get_state_display())
        return f"{', '.join(map(str, words))} ({self.age(delivery)}): {came}"
