"""The application of the audit log."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """What was done, by whom and when: rows that are only ever added. It knows nobody above it."""

    name = "accounts.audit"
    label = "audit"
    verbose_name = _("audit log")
