"""Measure who sees an altered amount: ``manage.py benchmark_alterations 100``."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.engine.errors import EngineError
from recognition.engine.pipeline import Reader
from recognition.training.cheques.alterations import alterations_table
from recognition.training.cheques.layouts import Part, layouts_of
from recognition.training.report import replace_section

_DOCUMENT = settings.BASE_DIR / "docs" / "accuracy.md"


class Command(BaseCommand):
    help = "Draw altered and unaltered amounts and print how many of each are flagged."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int, help="drawn cheques of each sort")
        parser.add_argument("--data", type=Path, help="real cheques, counted beside them")
        parts = [part.value for part in Part]
        parser.add_argument("--part", choices=parts, default=Part.TEST.value, help="of the forms")
        parser.add_argument("--section", default="", help="of the document; '' writes none")
        parser.add_argument("--document", type=Path, default=_DOCUMENT)
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)

    def handle(self, **options: Any) -> None:
        try:
            reader = Reader(options["models"])
            table = alterations_table(
                reader, layouts_of(Part(options["part"])), options["count"], options["data"]
            )
        except EngineError as error:
            raise CommandError(error.message) from error
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(table)
        if options["section"]:
            replace_section(options["document"], options["section"], table)
