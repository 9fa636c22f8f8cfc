"""Read images of one digit each without a server: ``manage.py read_digit FILE...``."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.engine.backends.litert import LiteRtSession
from recognition.engine.digit_image import read_digit_image
from recognition.engine.digits import DigitReader
from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.image import decode, split_planes
from recognition.engine.policy import Policy
from recognition.engine.serialise import field_as_dict
from recognition.engine.weights import find_weights


class Command(BaseCommand):
    help = (
        "Read images of one digit each: a JSON object a line; exit status 1 if any is unreadable."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)

    def handle(self, **options: Any) -> None:
        try:
            reader = DigitReader(LiteRtSession(find_weights(options["models"], "digits").path))
        except EngineError as error:
            raise CommandError(error.message) from error
        lines = [_read(file, reader) for file in options["files"]]
        for line in lines:
            self.stdout.write(json.dumps(line, ensure_ascii=False))
        if any("error" in line for line in lines):
            raise SystemExit(1)


def _read(file: Path, reader: DigitReader) -> dict[str, Any]:
    try:
        planes = split_planes(decode(file.read_bytes()))
    except EngineError as error:
        return _failure(file, error.code, error.message)
    except OSError as error:
        message = f"The file cannot be opened: {error.strerror}."
        return _failure(file, ErrorCode.UNREADABLE_IMAGE, message)
    field = field_as_dict(read_digit_image(planes.grey, reader, Policy().accept_at))
    (character,) = field["characters"] or [{}]
    return {
        "file": str(file),
        "value": field["value"],
        "confidence": field["confidence"],
        "accepted": field["accepted"],
        "alternatives": field["alternatives"],
        "shape": character.get("shape"),
        "box": field["box"],
        "notes": field["notes"],
    }


def _failure(file: Path, code: ErrorCode, message: str) -> dict[str, Any]:
    return {"file": str(file), "error": {"code": code.value, "message": message}}
