"""Read files made to hurt: ``manage.py fuzz_reading --count 10000 --seed 1``."""

import faulthandler
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.engine.errors import EngineError
from recognition.engine.pipeline import Reader
from recognition.engine.types import Kind
from recognition.services.uploads import RefusedUpload, receive
from recognition.training.hostile import Hostile, hostile_files
from recognition.training.memory import peak_mib
from recognition.training.report import replace_section

_DOCUMENT = settings.BASE_DIR / "docs" / "performance.md"
_KINDS = (Kind.CHEQUE, Kind.CHEQUE, Kind.DEMAND_DRAFT, Kind.NUMBER, Kind.DIGIT)
_UPLOADED = 0.1  # of the files go the whole way, as a person's upload does
_STANDARD_ERROR = 2  # itself, whatever stands in for it
_TOLD = 500  # files after which progress is told
_STUCK = 120.0  # seconds beyond those allowed, after which the process ends with a traceback


class Command(BaseCommand):
    help = (
        "Give the engine, and the upload before it, damaged and hostile files in one process; fail "
        "if any of them ends without a reading or a code, takes too long, or too much memory."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", type=int, default=1000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--seconds", type=float, default=30.0, help="at most for one file")
        parser.add_argument("--memory", type=int, default=1536, help="MiB of the process at most")
        parser.add_argument("--keep", type=Path, help="a folder for the files that failed")
        parser.add_argument("--docs", action="store_true", help="write the outcome into docs/")
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)

    def handle(self, **options: Any) -> None:
        try:
            reader = Reader(options["models"])
        except EngineError as error:
            raise CommandError(error.message) from error
        rng = np.random.default_rng(options["seed"])
        outcomes: Counter[str] = Counter()
        failed: list[str] = []
        slowest: list[tuple[float, str]] = []
        for number, file in enumerate(hostile_files(options["count"], options["seed"])):
            kind = _KINDS[rng.integers(len(_KINDS))]
            is_upload = ", PDF" in file.name or rng.random() < _UPLOADED
            faulthandler.dump_traceback_later(
                _STUCK + options["seconds"], exit=True, file=_STANDARD_ERROR
            )
            start = time.perf_counter()
            try:
                outcome = _read(reader, file, kind, is_upload=is_upload)
            except Exception as error:  # noqa: BLE001 - any at all is what is looked for
                outcome = f"FAILED: {type(error).__name__}"
                failed.append(f"{number} ({file.name}): {type(error).__name__}: {error}")
                _keep(options["keep"], number, file)
            finally:
                faulthandler.cancel_dump_traceback_later()
            spent = time.perf_counter() - start
            outcomes[outcome] += 1
            if number % _TOLD == _TOLD - 1:
                self.stderr.write(f"{number + 1} files, {len(failed)} failed")
            slowest = sorted([*slowest, (spent, f"{number} ({file.name})")], reverse=True)[:5]
            if spent > options["seconds"]:
                failed.append(f"{number} ({file.name}): took {spent:.1f} s")
                _keep(options["keep"], number, file)
        peak = peak_mib()
        if peak > options["memory"]:
            failed.append(f"The process took {peak:.0f} MiB.")
        text = _report(options, outcomes, slowest, peak, len(failed))
        self.stdout.write(text)
        if options["docs"]:
            replace_section(_DOCUMENT, "hostile", text)
        if failed:
            raise CommandError("\n".join(failed[:50]))


def _read(reader: Reader, file: Hostile, kind: Kind, *, is_upload: bool) -> str:
    """Return what became of a file: a reading, or the code of what was said about it."""
    try:
        pages = [file.data]
        if is_upload:
            upload = receive(SimpleUploadedFile("upload", file.data))
            pages = [page.data for page in upload.pages]
        for page in pages:
            reader.read(page, kind)
    except (EngineError, RefusedUpload) as error:
        return str(error.code)
    return "read"


def _keep(folder: Path | None, number: int, file: Hostile) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.bin").write_bytes(file.data)


def _report(
    options: dict[str, Any],
    outcomes: Counter[str],
    slowest: list[tuple[float, str]],
    peak: float,
    failed: int,
) -> str:
    return "\n".join(
        [
            "### Damaged and hostile files",
            "",
            f"`manage.py fuzz_reading --count {options['count']} --seed {options['seed']}`:",
            f"{failed} failed. Peak memory of the process: {peak:.0f} MiB. Slowest:",
            "",
            *(f"- {spent:.1f} s: {name}" for spent, name in slowest[:3]),
            "",
            "| outcome | files |",
            "|---|--:|",
            *(f"| {name} | {count} |" for name, count in outcomes.most_common()),
        ]
    )
