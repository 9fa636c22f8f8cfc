"""The application of batches."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BatchesConfig(AppConfig):
    """Many cheques or drafts at once, with a control total. It stands on ``recognition``."""

    name = "recognition.batches"
    label = "batches"
    verbose_name = _("batches")
