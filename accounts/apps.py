"""The accounts application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who may come in, and as what."""

    name = "accounts"
    verbose_name = _("Accounts")
