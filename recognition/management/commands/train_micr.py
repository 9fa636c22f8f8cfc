"""Train, calibrate, measure and publish the E-13B network: ``manage.py train_micr 2``."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from recognition.training.micr.publish import publish
from recognition.training.micr.train import TrainingPlan

_PLAN = TrainingPlan()


class Command(BaseCommand):
    help = "Draw E-13B cells, train the network that reads them, and make the new version active."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("version", help="name of the new version, such as 2")
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)
        parser.add_argument("--cells", type=int, default=_PLAN.cells)
        parser.add_argument("--epochs", type=int, default=_PLAN.epochs)
        parser.add_argument("--seed", type=int, default=_PLAN.seed)

    def handle(self, **options: Any) -> None:
        plan = TrainingPlan(options["cells"], options["epochs"], seed=options["seed"])
        facts = publish(options["models"], options["version"], plan)
        self.stdout.write(json.dumps(facts, indent=2))
