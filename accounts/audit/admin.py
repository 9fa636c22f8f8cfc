"""Search in what was done. Nothing can be changed here, or anywhere."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.audit.codes import EventCode
from accounts.audit.models import Event


class CodeFilter(admin.SimpleListFilter):
    """What happened, in words."""

    title = _("what")
    parameter_name = "code"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Sequence[tuple[str, Any]]:
        """Offer every code."""
        return EventCode.choices

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Keep events of the one chosen."""
        return queryset.filter(code=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Events, the last one first."""

    list_display = ("sequence", "made_at", "what", "who", "subject_type", "subject_id", "told")
    list_filter = (CodeFilter, "made_at", "subject_type")
    search_fields = ("subject_id",)
    search_help_text = _("A person's whole e-mail address, or an id of a person or object.")
    date_hierarchy = "made_at"
    show_full_result_count = False
    fields = (*list_display, "actor", "scheme", "previous", "hash")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Fetch with each event what its actor is called today."""
        actors = get_user_model().objects.filter(pk=OuterRef("actor"))
        found: QuerySet[Event] = super().get_queryset(request)
        return found.annotate(_actor_email=Subquery(actors.values("email")[:1]))

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002 - Django's signature
        queryset: QuerySet[Event],
        search_term: str,
    ) -> tuple[QuerySet[Event], bool]:
        """Find what a person did and what was done to them, or all about one id."""
        term = search_term.strip()
        if not term:
            return queryset, False
        people = get_user_model().objects
        if "@" in term:
            ids = [user.pk for user in people.filter(email__iexact=term)]
        else:
            ids = [one for one in (_uuid(term),) if one is not None]
        texts = [term, *map(str, ids)]
        return queryset.filter(actor__in=ids) | queryset.filter(subject_id__in=texts), False

    @admin.display(description=_("what"), ordering="code")
    def what(self, event: Event) -> str:
        """Say what happened."""
        return event.label

    @admin.display(description=_("by"), ordering="actor")
    def who(self, event: Any) -> str:
        """Name the account as it is called today."""
        return str(event._actor_email or event.actor or "")  # noqa: SLF001 - annotated above

    @admin.display(description=_("details"))
    def told(self, event: Event) -> SafeString | str:
        """Show the details as they were written."""
        return format_html("<code>{}</code>", json.dumps(event.details, ensure_ascii=False))

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Refuse."""
        return False


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
