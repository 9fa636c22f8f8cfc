"""The recognition application."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecognitionConfig(AppConfig):
    """Submissions, their readings, and people's corrections."""

    name = "recognition"
    verbose_name = _("Recognition")

    def ready(self) -> None:
        """Check the settings, keep the networks as the models folder says, hear of erasures."""
        from accounts.erasure import erasing  # noqa: PLC0415 - models are loaded only by now
        from recognition import checks  # noqa: F401, PLC0415 - registers itself

        post_migrate.connect(_sync_networks, sender=self)
        erasing.connect(_remove_items, dispatch_uid="recognition")


def _remove_items(user: Any, **_kwargs: Any) -> None:
    from recognition.services import personal_data  # noqa: PLC0415 - models are loaded only by now

    personal_data.remove_items(user)


def _sync_networks(**_kwargs: Any) -> None:
    from recognition.services import networks  # noqa: PLC0415 - models are loaded only by now

    networks.sync(settings.MODELS_DIR)
