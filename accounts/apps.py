"""The accounts application."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who may come in, and as what."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Register the system checks, and hear of logins and second factors."""
        # Both need models, which are loaded only now.
        from allauth.mfa.signals import authenticator_added  # noqa: PLC0415

        from accounts import checks, events  # noqa: F401, PLC0415 - checks register themselves

        events.connect()
        authenticator_added.connect(_end_other_sessions, dispatch_uid="accounts.second_factor")


def _end_other_sessions(request: Any, user: Any, **_kwargs: object) -> None:
    """End the sessions that were opened without the factor just added (allauth has no hook)."""
    from accounts import people  # noqa: PLC0415 - needs models

    people.end_sessions(user=user, keep=request.session.session_key)
