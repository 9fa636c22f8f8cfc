"""Bring the list of networks in line with the models folder; ``migrate`` does so by itself."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from recognition.models import ModelVersion
from recognition.services import networks


class Command(BaseCommand):
    help = "Bring the list of networks in line with models/manifest.json, and print it."

    def handle(self, **_: Any) -> None:
        networks.sync(settings.MODELS_DIR)
        for row in ModelVersion.objects.order_by("name", "version"):
            self.stdout.write(f"{row.name} {row.version}{' (active)' if row.is_active else ''}")
