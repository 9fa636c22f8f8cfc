"""The application of webhooks."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """A bank's own systems are told of what happened. It stands on desk and batches."""

    name = "recognition.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        """Hear of what was read, decided and closed, inside the transaction that stores it."""
        # Models can't be imported before all applications are there.
        from django.db.models.signals import post_save  # noqa: PLC0415

        from recognition.signals import purging, run_succeeded  # noqa: PLC0415

        run_succeeded.connect(_note_read, dispatch_uid="webhooks")
        post_save.connect(_note_item, sender="desk.Item", dispatch_uid="webhooks.item")
        post_save.connect(_note_batch, sender="batches.Batch", dispatch_uid="webhooks.batch")
        purging.connect(_purge, dispatch_uid="webhooks")


def _note_read(run: Any, **_signal: Any) -> None:
    from recognition.webhooks.services import outbox  # noqa: PLC0415 - see ready

    outbox.note_read(run)


def _note_item(instance: Any, **_signal: Any) -> None:
    from recognition.webhooks.services import outbox  # noqa: PLC0415 - see ready

    outbox.note_item(instance)


def _note_batch(instance: Any, **_signal: Any) -> None:
    from recognition.webhooks.services import outbox  # noqa: PLC0415 - see ready

    outbox.note_batch(instance)


def _purge(**_signal: Any) -> None:
    from recognition.webhooks.services import outbox  # noqa: PLC0415 - see ready

    outbox.purge()
