"""Read the amount in words without a server: ``manage.py read_words FILE...``."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.pipeline import Reader
from recognition.engine.policy import Policy, ReadWords
from recognition.engine.serialise import reading_as_dict
from recognition.engine.types import FieldName, Kind
from recognition.engine.words.grammar import parse_words
from recognition.engine.words.reconcile import RULE


class Command(BaseCommand):
    help = (
        "Read the amounts of cheques in words and in figures, hold them against each other, and "
        "print one JSON object a line; 1 if any could not be read. With --text, parse words alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument("--text", action="append", default=[], help="words to parse")
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)

    def handle(self, **options: Any) -> None:
        if not options["files"] and not options["text"]:
            raise CommandError("Name files, or give words with --text.")
        for text in options["text"]:
            self._print(_parsed(text))
        failures = 0
        if options["files"]:
            try:
                reader = Reader(options["models"], policy=Policy(words=ReadWords.ALWAYS))
            except EngineError as error:
                raise CommandError(error.message) from error
            for file in options["files"]:
                line = _read(reader, file)
                failures += "error" in line
                self._print(line)
        if failures:
            raise SystemExit(1)

    def _print(self, line: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(line, ensure_ascii=False))


def _parsed(text: str) -> dict[str, Any]:
    found = [
        {"value": one.value, "score": round(one.score, 4), "words": one.words}
        for one in parse_words(text)
    ]
    return {"text": text, "amounts": found}


def _read(reader: Reader, file: Path) -> dict[str, Any]:
    line: dict[str, Any] = {"file": str(file)}
    try:
        reading = reading_as_dict(reader.read(file.read_bytes(), Kind.CHEQUE))
    except EngineError as error:
        return line | {"error": {"code": error.code.value, "message": error.message}}
    except OSError as error:
        message = f"The file cannot be opened: {error.strerror}."
        return line | {"error": {"code": ErrorCode.UNREADABLE_IMAGE.value, "message": message}}
    amounts = (FieldName.COURTESY_AMOUNT.value, FieldName.LEGAL_AMOUNT.value)
    line["fields"] = {name: reading["fields"][name] for name in amounts}
    line["checks"] = [check for check in reading["checks"] if check["rule"] == RULE]
    return line
