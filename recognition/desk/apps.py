"""The desk application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """The bank's work on what was read: review, two keys, and the policy of each bank."""

    name = "recognition.desk"
    label = "desk"
    verbose_name = _("Desk")
