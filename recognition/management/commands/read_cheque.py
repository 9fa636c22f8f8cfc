"""Read cheques or demand drafts without a server: ``manage.py read_cheque FILE...``."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.pipeline import Reader
from recognition.engine.policy import Policy, ReadWords
from recognition.engine.serialise import reading_as_dict
from recognition.engine.types import Kind


class Command(BaseCommand):
    help = "Read images of cheques and print one JSON object a line; 1 if any could not be read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--kind",
            choices=[Kind.CHEQUE.value, Kind.DEMAND_DRAFT.value],
            default=Kind.CHEQUE.value,
        )
        words = [when.value for when in ReadWords]
        parser.add_argument("--words", choices=words, default=settings.READ_WORDS)
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)

    def handle(self, **options: Any) -> None:
        try:
            policy = Policy(words=ReadWords(options["words"]))
            reader = Reader(options["models"], policy=policy)
        except EngineError as error:
            raise CommandError(error.message) from error
        failures = 0
        for file in options["files"]:
            line: dict[str, Any] = {"file": str(file)}
            try:
                reading = reader.read(file.read_bytes(), Kind(options["kind"]))
                line |= reading_as_dict(reading)
            except EngineError as error:
                line["error"] = {"code": error.code.value, "message": error.message}
            except OSError as error:
                message = f"The file cannot be opened: {error.strerror}."
                line["error"] = {"code": ErrorCode.UNREADABLE_IMAGE.value, "message": message}
            failures += "error" in line
            self.stdout.write(json.dumps(line, ensure_ascii=False))
        if failures:
            raise SystemExit(1)
