"""The application of notifications."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """What people are told of: in the page, and by e-mail. It stands on desk and batches."""

    name = "recognition.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        """Hear of what was decided, and of people who take their data away or go."""
        # Models can't be imported before all applications are there.
        from accounts.applications import application_decided  # noqa: PLC0415
        from accounts.erasure import erasing  # noqa: PLC0415
        from recognition.desk.signals import item_returned  # noqa: PLC0415
        from recognition.signals import exporting, purging  # noqa: PLC0415

        item_returned.connect(_tell_of_return, dispatch_uid="notifications")
        application_decided.connect(_tell_of_decision, dispatch_uid="notifications")
        erasing.connect(_forget, dispatch_uid="notifications")
        exporting.connect(_export, dispatch_uid="notifications")
        purging.connect(_purge, dispatch_uid="notifications")


def _tell_of_return(item: Any, **_signal: Any) -> None:
    from recognition.notifications.services import telling  # noqa: PLC0415 - see ready

    telling.tell_of_return(item)


def _tell_of_decision(application: Any, **_signal: Any) -> None:
    from recognition.notifications.services import telling  # noqa: PLC0415 - see ready

    telling.tell_of_decision(application)


def _forget(user: Any, **_signal: Any) -> None:
    from recognition.notifications.services import keeping  # noqa: PLC0415 - see ready

    keeping.forget(user)


def _export(user: Any, **_signal: Any) -> tuple[str, object]:
    from recognition.notifications.services import keeping  # noqa: PLC0415 - see ready

    return "notifications.json", keeping.export_of(user)


def _purge(**_signal: Any) -> None:
    from recognition.notifications.services import keeping  # noqa: PLC0415 - see ready

    keeping.purge()
