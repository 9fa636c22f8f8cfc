"""Train, calibrate, measure and publish the print network: ``manage.py train_print 2``."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.training.print.publish import publish
from recognition.training.print.train import TrainingPlan

_PLAN = TrainingPlan()
_FONTS = [Path("/usr/share/fonts/truetype/dejavu"), Path("/usr/share/fonts/truetype/liberation")]


class Command(BaseCommand):
    help = "Draw lines of print, train the network that reads them, and make the version active."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("version", help="name of the new version, such as 2")
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)
        parser.add_argument("--fonts", type=Path, nargs="+", default=_FONTS)
        parser.add_argument("--work", type=Path, help="folder of the run, to go on with it")
        parser.add_argument("--lines", type=int, default=_PLAN.lines)
        parser.add_argument("--epochs", type=int, default=_PLAN.epochs)
        parser.add_argument("--seed", type=int, default=_PLAN.seed)

    def handle(self, **options: Any) -> None:
        plan = TrainingPlan(options["lines"], options["epochs"], seed=options["seed"])
        work = options["work"] or settings.BASE_DIR / "var" / "print" / options["version"]
        try:
            facts = publish(
                options["models"],
                options["version"],
                plan,
                options["fonts"],
                work,
                self.stdout.write,
            )
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(facts, indent=2))
