"""The layouts application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LayoutsConfig(AppConfig):
    """Paper that moderators describe beside what the engine knows, and what each country asks."""

    name = "recognition.layouts"
    label = "layouts"
    verbose_name = _("Layouts")
