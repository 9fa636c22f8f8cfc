"""The desk application."""

import uuid
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from recognition import signals


class DeskConfig(AppConfig):
    """The bank's work on what was read: review, two keys, and the policy of each bank."""

    name = "recognition.desk"
    label = "desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        """Hear of what was read and of what owners would change."""
        signals.run_succeeded.connect(_open_item, dispatch_uid="desk")
        signals.changing.connect(_refuse_change, dispatch_uid="desk")


def _open_item(run: Any, **_kwargs: Any) -> None:
    from recognition.desk.services import arrivals  # noqa: PLC0415 - models are loaded only by now

    run.refresh_from_db()
    arrivals.open_item(run)


def _refuse_change(submission_id: uuid.UUID, **_kwargs: Any) -> None:
    from recognition.desk.services import arrivals  # noqa: PLC0415 - models are loaded only by now

    arrivals.refuse_change(submission_id)
