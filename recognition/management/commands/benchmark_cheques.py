"""Measure whole cheques as they are exchanged: ``manage.py benchmark_cheques --drawn 60``."""

from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.engine.errors import EngineError
from recognition.engine.pipeline import Reader
from recognition.engine.policy import Policy, ReadWords
from recognition.training.cheques.benchmark import drawn, rates_table, real, run, speed_table
from recognition.training.report import replace_section

_RATES = settings.BASE_DIR / "docs" / "accuracy.md"
_SPEED = settings.BASE_DIR / "docs" / "performance.md"


class Command(BaseCommand):
    help = (
        "Read cheques at 300 dpi in colour, 100 dpi in grey and 200 dpi in black and white: drawn "
        "ones on forms that nothing is tuned on, or the labelled 300 dpi scans of a folder."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--drawn", type=int, default=40, metavar="N")
        source.add_argument(
            "--data", type=Path, help="a folder with labels.csv, or its parent, instead"
        )
        parser.add_argument("--seed", type=int, default=5, help="of what is drawn")
        parser.add_argument(
            "--peers", type=int, default=0, metavar="N", help="RapidOCR reads the first N as well"
        )
        parser.add_argument(
            "--words",
            choices=[when.value for when in ReadWords],
            default=ReadWords.NEVER.value,
            help="rates alone, with amounts in words read, which may choose among figures",
        )
        parser.add_argument("--docs", action="store_true", help="write the tables into docs/")
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)

    def handle(self, **options: Any) -> None:
        if options["data"]:
            name, title = "real", "Real Indian scans, as they come and as they are exchanged"
            cheques = partial(real, options["data"])
        else:
            count, seed = options["drawn"], options["seed"]
            name = "drawn"
            title = f"Drawn on forms kept for tests (--drawn {count} --seed {seed})"
            cheques = partial(drawn, count, seed)
        words = ReadWords(options["words"])
        if words is not ReadWords.NEVER:
            if options["peers"]:
                raise CommandError("The peer reads no words: leave --peers out, or --words.")
            name, title = f"{name}-with-words", f"{title}, --words {words.value}"
        try:
            reader = Reader(options["models"], policy=Policy(words=words))
            result = run(reader, cheques, options["peers"], self.stderr.write)
        except EngineError as error:
            raise CommandError(error.message) from error
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
        tables = [(_RATES, f"exchanged-{name}", rates_table(result, title))]
        if words is ReadWords.NEVER:
            tables.append((_SPEED, f"cheques-{name}", speed_table(result, title)))
        self.stdout.write("\n\n".join(table for _, _, table in tables))
        if options["docs"]:
            for document, section, table in tables:
                replace_section(document, section, table)
