"""The admin site: allauth's login in front of it, and what waits on its first page."""

from dataclasses import dataclass
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class WaitingQueue:
    """What waits for moderators in one list, and the query that shows just that."""

    count: int
    text: str
    query: str


class AdminSite(admin.AdminSite):
    """Has no login of its own: its rate limits and second factors are those of the site."""

    site_header = _("hdr administration")
    site_title = _("hdr")
    index_title = _("Moderation")

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send strangers to the site's login, and refuse whoever is no moderator."""
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response

    def password_change(  # type: ignore[override] # any response will do
        self,
        request: HttpRequest,  # noqa: ARG002 - Django's signature
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - Django's signature
    ) -> HttpResponse:
        """Send to the site's own page, which limits guesses and tells the owner by mail."""
        return redirect("account_change_password")

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show what waits in each list that has a ``queue``."""
        waiting = []
        for model, of_model in self._registry.items():
            queue = of_model.queue() if hasattr(of_model, "queue") else None
            if isinstance(queue, WaitingQueue) and queue.count:
                name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"  # noqa: SLF001 - Django's public API
                waiting.append((queue.text, f"{reverse(name)}?{queue.query}"))
        return super().index(request, {"waiting": waiting} | (extra_context or {}))
