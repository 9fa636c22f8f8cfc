"""Measure versions of the digit network on the same test sets: ``manage.py evaluate_digits``."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.engine.errors import EngineError
from recognition.engine.weights import find_weights
from recognition.training.datasets import DataFolders, DataMissingError
from recognition.training.digits.evaluate import evaluate
from recognition.training.digits.plan import DEFAULT_PLAN, load_plan
from recognition.training.digits.publish import NAME, evaluation_facts, evaluation_text
from recognition.training.report import replace_section


class Command(BaseCommand):
    help = "Read every test set with one or more versions of the digit network, and compare them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("versions", nargs="*", help="the active one unless named")
        parser.add_argument("--data", type=Path, action="append", default=[], metavar="DIR")
        parser.add_argument("--cache", type=Path, default=Path("var/datasets"), metavar="DIR")
        parser.add_argument("--config", type=Path, default=DEFAULT_PLAN, metavar="TOML")
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)
        parser.add_argument("--docs", type=Path, help="document whose section `digits` is replaced")

    def handle(self, **options: Any) -> None:
        folders = DataFolders(options["data"], options["cache"])
        split = load_plan(options["config"]).split
        texts = []
        try:
            for version in options["versions"] or [None]:
                weights = find_weights(options["models"], NAME, version)
                facts = evaluation_facts(evaluate(weights.path, folders, split))
                texts.append(evaluation_text(weights.identity.version, facts))
        except DataMissingError as error:
            raise CommandError(str(error)) from error
        except EngineError as error:
            raise CommandError(error.message) from error
        text = "\n\n".join(texts)
        self.stdout.write(text)
        if options["docs"]:
            replace_section(options["docs"], NAME, text)
