"""The recognition application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecognitionConfig(AppConfig):
    """Submissions, their readings, and people's corrections."""

    name = "recognition"
    verbose_name = _("Recognition")
