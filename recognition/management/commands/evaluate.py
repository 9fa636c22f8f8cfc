"""Measure the reading of labelled cheques: ``manage.py evaluate --data ../shared/data``."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.engine.backends.litert import LiteRtSession
from recognition.engine.digits import DigitReader
from recognition.engine.errors import EngineError
from recognition.engine.pipeline import Reader
from recognition.engine.policy import Policy, ReadWords
from recognition.engine.strings import StringReader
from recognition.engine.weights import find_weights
from recognition.training.cheques.evaluate import as_photos, as_tables, evaluate
from recognition.training.cheques.field_crops import field_crops_table
from recognition.training.report import replace_section

_DOCUMENT = settings.BASE_DIR / "docs" / "accuracy.md"

_TITLE = "Real Indian cheques, flatbed scans at 300 dpi"
_TITLE_OF_PHOTOS = (
    "Photographs of these cheques, drawn by chance (evaluate --as-photos {} --words {})"
)


class Command(BaseCommand):
    help = "Read labelled cheques, print exact rates and times, and write them into a document."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--data", type=Path, required=True, help="a folder with labels.csv, or its parent"
        )
        parser.add_argument("--title", help="of the tables; else what the images are")
        parser.add_argument("--section", help="of the document; '' writes none")
        parser.add_argument("--document", type=Path, default=_DOCUMENT)
        words = [when.value for when in ReadWords]
        parser.add_argument("--words", choices=words, default=settings.READ_WORDS)
        parser.add_argument(
            "--crops",
            action="store_true",
            help="read single fields from the crops that boxes.json names, instead of cheques",
        )
        parser.add_argument(
            "--as-photos",
            type=int,
            metavar="SEED",
            help="read a photograph of each scan, drawn by chance, instead of the scan",
        )
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)

    def handle(self, **options: Any) -> None:
        tables = self._crops(options) if options["crops"] else self._cheques(options)
        self.stdout.write(tables)
        section = options["section"]
        if section is None:
            section = "cheques" if options["as_photos"] is None else "cheques-as-photos"
        if section:
            replace_section(options["document"], section, tables)

    def _cheques(self, options: dict[str, Any]) -> str:
        try:
            policy = Policy(words=ReadWords(options["words"]))
            reader = Reader(options["models"], policy=policy)
            seed = options["as_photos"]
            shown = None if seed is None else as_photos(seed)
            result = evaluate(reader, options["data"], self.stderr.write, shown)
        except EngineError as error:
            raise CommandError(error.message) from error
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
        title = _TITLE if seed is None else _TITLE_OF_PHOTOS.format(seed, policy.words.value)
        return as_tables(result, options["title"] or title)

    def _crops(self, options: dict[str, Any]) -> str:
        try:
            strings, digits = (
                LiteRtSession(find_weights(options["models"], name).path)
                for name in ("strings", "digits")
            )
            reader = StringReader(strings, DigitReader(digits))
            return field_crops_table(reader, options["data"], Policy().accept_at, self.stderr.write)
        except EngineError as error:
            raise CommandError(error.message) from error
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
