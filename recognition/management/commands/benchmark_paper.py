"""Measure digits and numbers photographed on paper: ``manage.py benchmark_paper --data DIR``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.engine.errors import EngineError
from recognition.engine.pipeline import Reader
from recognition.engine.types import Kind
from recognition.engine.weights import find_weights
from recognition.training.datasets import DataFolders, DataMissingError, PenDigit, load_pen_test
from recognition.training.paper import PENS_MM, Paper, Sheet, photograph
from recognition.training.report import rate_with_interval, replace_section

_DOCUMENT = settings.BASE_DIR / "docs" / "accuracy.md"
_LONGEST = 6  # digits of a number


class Command(BaseCommand):
    help = "Photograph digits and numbers of the UCI pen test on paper, and count what is read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, action="append", default=[], metavar="DIR")
        parser.add_argument("--cache", type=Path, default=Path("var/datasets"), metavar="DIR")
        parser.add_argument("--count", type=int, default=200, help="sheets of each sort")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--docs", action="store_true", help="write it into docs/accuracy.md")
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)

    def handle(self, **options: Any) -> None:
        try:
            digits = load_pen_test(DataFolders(options["data"], options["cache"]))
            reader = Reader(options["models"])
        except DataMissingError as error:
            raise CommandError(str(error)) from error
        except EngineError as error:
            raise CommandError(error.message) from error
        title = f"## Photographs of paper: {_networks(options['models'])}"
        lines = _lines(reader, digits, options["count"], options["seed"])
        text = "\n".join((title, "", *lines))
        self.stdout.write(text)
        if options["docs"]:
            replace_section(_DOCUMENT, "paper", text)


def _networks(models_dir: Path) -> str:
    identities = [find_weights(models_dir, name).identity for name in ("strings", "digits")]
    return ", ".join(f"{identity.name}/{identity.version}" for identity in identities)


def _lines(reader: Reader, digits: list[PenDigit], count: int, seed: int) -> Iterator[str]:
    yield f"""\
Made by `manage.py benchmark_paper --count {count} --seed {seed}`: hands of the UCI pen test, which no
training sees, drawn with a fine and a thick pen and photographed tilted, shaded, blurred and grained;
numbers have 2 to {_LONGEST} digits. Right on empty paper is that there is no value.

| paper | pen, mm | n | digits right % | none read % | numbers right % | none read % | empty paper right % |
|---|--:|--:|--:|--:|--:|--:|--:|"""  # noqa: E501 - a line of Markdown
    rng = np.random.default_rng(seed)
    for paper in Paper:
        for pen in PENS_MM:
            cells = []
            for kind, longest in ((Kind.DIGIT, 1), (Kind.NUMBER, _LONGEST)):
                right, none = 0, 0
                for _ in range(count):
                    length = 1 if longest == 1 else int(rng.integers(2, longest + 1))
                    picked = [digits[at] for at in rng.integers(0, len(digits), length)]
                    sheet = Sheet(picked, paper, pen)
                    value = _read(reader, sheet, kind, rng)
                    right += value == sheet.text
                    none += value is None
                cells += [rate_with_interval(right, count), rate_with_interval(none, count)]
            empty = sum(
                _read(reader, Sheet((), paper, pen), kind, rng) is None
                for kind in (Kind.DIGIT, Kind.NUMBER)
                for _ in range(count // 2)
            )
            cells.append(rate_with_interval(empty, count // 2 * 2))
            yield f"| {paper} | {pen} | {count} | {' | '.join(cells)} |"


def _read(reader: Reader, sheet: Sheet, kind: Kind, rng: np.random.Generator) -> str | None:
    data = cv2.imencode(".png", photograph(sheet, rng))[1].tobytes()
    (field,) = reader.read(data, kind).fields
    return field.value
