"""What must hold for every request of somebody who is logged in."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic.base import View

from accounts import second_factor
from accounts.models import User

STARTED_AT = "session_started_at"
SEEN_AT = "session_seen_at"
# Noting each request would be a write a request; this is exact enough for limits of minutes.
SEEN_PRECISION_SECONDS = 30

# Where somebody may go who must set up a second factor first: there, and out.
PAGES_BEFORE_THE_FACTOR = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_confirm_email",
        "account_email_verification_sent",
        "account_email",
        "alive",
        "ready",
    }
)


class WholePageLoginMiddleware:
    """Reloads the page when one of its fragments meets the login instead of its content."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer htmx with its own word for "load the page again", which then redirects."""
        response = self.get_response(request)
        if "HX-Request" not in request.headers or not 300 <= response.status_code < 400:  # noqa: PLR2004 - HTTP's redirects
            return response
        if urlsplit(response["Location"]).path not in {
            resolve_url(settings.LOGIN_URL),
            reverse("mfa_index"),
        }:
            return response
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})


class SessionLimitsMiddleware:
    """Ends a session that was idle too long, or is too old (seconds in the settings)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Log out before the view sees the request; the view then answers a stranger."""
        if isinstance(request.user, User):
            self._hold_to_limits(request, request.user)
        return self.get_response(request)

    def _hold_to_limits(self, request: HttpRequest, user: User) -> None:
        group = "bank_staff" if user.is_bank_staff else "individual"
        idle_limit = settings.SESSION_IDLE_SECONDS[group]
        now = time.time()
        session = request.session
        seen_at = session.get(SEEN_AT, now)
        if now - seen_at > idle_limit:
            minutes = idle_limit // 60
            reason = ngettext(
                "You were logged out after %(minutes)d minute without activity.",
                "You were logged out after %(minutes)d minutes without activity.",
                minutes,
            ) % {"minutes": minutes}
        elif now - session.get(STARTED_AT, now) > settings.SESSION_ABSOLUTE_SECONDS[group]:
            reason = _("Your session has reached its longest duration. Please log in again.")
        else:
            session.setdefault(STARTED_AT, now)
            if SEEN_AT not in session or now - seen_at > SEEN_PRECISION_SECONDS:
                session[SEEN_AT] = now
            return
        auth.logout(request)
        messages.info(request, reason)


class SecondFactorMiddleware:
    """Sends who lacks a required second factor to set one up, whatever page they ask for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Go on; the decision needs the resolved address."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_args: Any
    ) -> HttpResponseBase | None:
        """Redirect, or let the view answer. The API answers for itself, in its own shape."""
        if not isinstance(request.user, User) or _is_api_view(view):
            return None
        match = request.resolver_match
        name = match.url_name if match is not None else None
        if name is not None and (name in PAGES_BEFORE_THE_FACTOR or name.startswith("mfa_")):
            return None
        if not second_factor.is_missing(request.user):
            return None
        messages.warning(
            request,
            _("Your role needs a second factor. Set up an authenticator app or a passkey first."),
        )
        return HttpResponseRedirect(reverse("mfa_index"))


def _is_api_view(view: Callable[..., HttpResponseBase]) -> bool:
    """Recognise DRF's views: `accounts.api_auth` decides for them."""
    return hasattr(view, "cls") and issubclass(view.cls, View)
