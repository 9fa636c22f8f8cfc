"""Versions of the networks: activate one, compare two, roll back."""

import json

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from recognition import access
from recognition.admin.read_only import ReadOnly
from recognition.models import (
    ModelVersion,
)
from recognition.services import comparisons, networks


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
