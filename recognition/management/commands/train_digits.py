"""Train, measure, export and activate the digit network: ``manage.py train_digits VERSION``."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.training.datasets import DataFolders, DataMissingError
from recognition.training.digits.plan import DEFAULT_PLAN, load_plan
from recognition.training.digits.publish import NAME, evaluation_text, publish
from recognition.training.report import replace_section


class Command(BaseCommand):
    help = (
        "Train the digit network on the registered data sets, evaluate it once, write its card"
        " and make the new version active. A run that was stopped goes on where it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("version", help="name of the new version, such as 3")
        parser.add_argument("--data", type=Path, action="append", default=[], metavar="DIR")
        parser.add_argument("--cache", type=Path, default=Path("var/datasets"), metavar="DIR")
        parser.add_argument("--config", type=Path, default=DEFAULT_PLAN, metavar="TOML")
        parser.add_argument("--work", type=Path, help="folder of the run, to go on with it")
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)
        parser.add_argument("--docs", type=Path, help="document whose section `digits` is replaced")

    def handle(self, **options: Any) -> None:
        version = options["version"]
        try:
            facts = publish(
                models_dir=options["models"],
                version=version,
                folders=DataFolders(options["data"], options["cache"]),
                plan=load_plan(options["config"]),
                work=options["work"] or Path(f"var/training/digits-{version}"),
                progress=1 if self.stdout.isatty() else 2,
            )
        except DataMissingError as error:
            raise CommandError(str(error)) from error
        if options["docs"]:
            replace_section(options["docs"], NAME, evaluation_text(version, facts))
        self.stdout.write(json.dumps(facts, indent=2, ensure_ascii=False))
