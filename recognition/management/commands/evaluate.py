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
from recognition.training.cheques.evaluate import as_pages, as_photos, as_tables, evaluate
from recognition.training.cheques.field_crops import field_crops_table
from recognition.training.report import replace_section

_DOCUMENT = settings.BASE_DIR / "docs" / "accuracy.md"

_TITLE = "Real Indian cheques, flatbed scans at 300 dpi"
_TITLES = {
    "photos": "Photographs of these cheques, drawn by chance (evaluate --as-photos {} --words {})",
    "pages": "A4 scans of these cheques, laid by chance (evaluate --as-pages {} --words {})",
}
_FORMS = {"photos": as_photos, "pages": as_pages}


def _form_of(options: dict[str, Any]) -> tuple[str, int] | None:
    """Return in what form the scans are shown, and its seed; ``None``: as they are."""
    seeds = {form: options[f"as_{form}"] for form in _FORMS}
    return next(((form, seed) for form, seed in seeds.items() if seed is not None), None)


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
        parser.add_argument(
            "--as-pages",
            type=int,
            metavar="SEED",
            help="read a scanned A4 page on which each cheque lies, instead of the scan",
        )
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)

    def handle(self, **options: Any) -> None:
        tables = self._crops(options) if options["crops"] else self._cheques(options)
        self.stdout.write(tables)
        section, form = options["section"], _form_of(options)
        if section is None:
            section = "cheques" if form is None else f"cheques-as-{form[0]}"
        if section:
            replace_section(options["document"], section, tables)

    def _cheques(self, options: dict[str, Any]) -> str:
        try:
            policy = Policy(words=ReadWords(options["words"]))
            reader = Reader(options["models"], policy=policy)
            form = _form_of(options)
            shown = None if form is None else _FORMS[form[0]](form[1])
            result = evaluate(reader, options["data"], self.stderr.write, shown)
        except EngineError as error:
            raise CommandError(error.message) from error
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
        title = _TITLE if form is None else _TITLES[form[0]].format(form[1], policy.words.value)
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
