"""Read crops of single fields without a server: ``manage.py read_string --as amount FILE...``."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.engine.backends.litert import LiteRtSession
from recognition.engine.digits import DigitReader
from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.image import decode, split_planes
from recognition.engine.line_recogniser import LineRecogniser
from recognition.engine.policy import Policy
from recognition.engine.serialise import candidate_as_dict, character_as_dict
from recognition.engine.strings import Grammar, StringReader, StringReading
from recognition.engine.weights import find_weights


class Command(BaseCommand):
    help = "Read crops of one field each and print a JSON object a line; 1 if any was unreadable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--as", dest="grammar", choices=[each.value for each in Grammar], default="number"
        )
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)
        parser.add_argument(
            "--two-readers", action="store_true", help="faster: the third reader is not asked"
        )
        parser.add_argument("--accept-at", type=float, default=Policy().accept_at)

    def handle(self, **options: Any) -> None:
        try:
            strings, digits = (
                LiteRtSession(find_weights(options["models"], name).path)
                for name in ("strings", "digits")
            )
            third = None if options["two_readers"] else LineRecogniser()
        except EngineError as error:
            raise CommandError(error.message) from error
        reader = StringReader(strings, DigitReader(digits))
        grammar = Grammar(options["grammar"])
        failures = 0
        for file in options["files"]:
            line: dict[str, Any] = {"file": str(file)}
            try:
                grey = split_planes(decode(file.read_bytes())).grey
                line |= _as_dict(reader.read(grey, grammar, third), options["accept_at"])
            except EngineError as error:
                line["error"] = {"code": error.code.value, "message": error.message}
            except OSError as error:
                message = f"The file cannot be opened: {error.strerror}."
                line["error"] = {"code": ErrorCode.UNREADABLE_IMAGE.value, "message": message}
            failures += "error" in line
            self.stdout.write(json.dumps(line, ensure_ascii=False))
        if failures:
            raise SystemExit(1)


def _as_dict(reading: StringReading, accept_at: float) -> dict[str, Any]:
    return {
        "value": reading.value,
        "raw_text": reading.raw_text,
        "confidence": round(reading.confidence, 4),
        "accepted": reading.value is not None and reading.confidence >= accept_at,
        "alternatives": [candidate_as_dict(candidate) for candidate in reading.alternatives],
        "characters": [character_as_dict(character) for character in reading.characters],
        "notes": list(reading.notes),
    }
