"""Measure the string reader on labelled crops, beside its peers."""

import csv
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from numpy.typing import NDArray

from recognition.engine.backends.litert import LiteRtSession
from recognition.engine.confidence import Evidence
from recognition.engine.digits import DigitReader
from recognition.engine.errors import EngineError
from recognition.engine.strings import Grammar, StringReader
from recognition.engine.weights import find_weights
from recognition.training.datasets import DataFolders, DataMissingError
from recognition.training.report import replace_section
from recognition.training.strings.calibrate import cross_fitted, fit
from recognition.training.strings.glyphs import font_files, testing_pool
from recognition.training.strings.measures import TABLE_HEAD, Answer, table_row
from recognition.training.strings.papers import Stationery
from recognition.training.strings.peers import available
from recognition.training.strings.synthesis import Synthesiser

_CACHE = settings.BASE_DIR / "var" / "datasets"
_TEST_SEED = 20_000
_LONGEST = 9
_DOCUMENT = settings.BASE_DIR / "docs" / "accuracy.md"


class Command(BaseCommand):
    help = "Read every crop that labels.tsv names with our reader and, with --peers, with others."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--data", type=Path, required=True, help="a folder with labels.tsv, or its parent"
        )
        parser.add_argument("--peers", action="store_true")
        parser.add_argument(
            "--cross-fit",
            action="store_true",
            help="for crops that the confidence was fitted on: fit it anew without each fifth",
        )
        parser.add_argument(
            "--synthetic", type=int, metavar="N", help="N strings by hands that training never saw"
        )
        parser.add_argument("--title", default="Real Chilean cheque amounts (ORAND-CAR-A)")
        parser.add_argument("--section", default="strings", help="of the document; '' writes none")
        parser.add_argument("--document", type=Path, default=_DOCUMENT)
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)

    def handle(self, **options: Any) -> None:
        count = options["synthetic"]
        crops = _written(options["data"], count) if count else _labelled(options["data"])
        try:
            weights = find_weights(options["models"], "strings")
            digit_weights = find_weights(options["models"], "digits")
        except EngineError as error:
            raise CommandError(error.message) from error
        cv2.setNumThreads(1)
        digits = DigitReader(LiteRtSession(digit_weights.path))
        reader = StringReader(LiteRtSession(weights.path), digits)

        evidence: list[Evidence | None] = []

        def ours(grey: NDArray[np.uint8]) -> tuple[str, float]:
            reading = reader.read(grey, Grammar.NUMBER)
            evidence.append(reading.evidence)
            return reading.value or "", reading.confidence

        def one_pass(grey: NDArray[np.uint8]) -> tuple[str, float]:
            return reader.read_once(grey)

        readers = {
            f"ours, strings/{weights.identity.version}": ours,
            "ours, one pass without votes": one_pass,
            **(available() if options["peers"] else {}),
        }
        answers = {name: _measure(read, crops) for name, read in readers.items()}
        mine = next(iter(answers))
        known = evidence[1:]  # the first is of the call that allocates
        right = np.array([answer.is_right for answer in answers[mine]])
        if options["cross_fit"]:
            answers[mine] = _cross_fitted(answers[mine], known, right)
        rows = [table_row(name, each) for name, each in answers.items()]
        read = [i for i, each in enumerate(known) if each is not None]
        weights_here = fit([each for each in known if each is not None], right[read])
        self.stdout.write(
            f"Weights of the confidence, fitted on all of these crops: {weights_here}"
        )
        note = _NOTE + (_DEV_NOTE if options["cross_fit"] else "")
        text = "\n".join(
            [f"## {options['title']}, n = {len(crops)}", "", TABLE_HEAD, *rows, "", note]
        )
        self.stdout.write(text)
        if options["section"]:
            replace_section(options["document"], options["section"], text)


_NOTE = (
    "Intervals are 95 %: Wilson for exact, bootstrap for read rates. The threshold of a read rate "
    "is chosen on the same crops, for every reader alike. ms: median a crop, one thread, all steps."
)
_DEV_NOTE = (
    " Our confidence is fitted without each fifth. What to synthesise and which views vote was "
    "chosen while looking at these crops, so our row flatters us."
)


def _cross_fitted(
    answers: list[Answer], evidence: list[Evidence | None], right: NDArray[np.bool_]
) -> list[Answer]:
    """Return the answers with confidences from weights that never saw the answer's fold."""
    read = [i for i, each in enumerate(evidence) if each is not None]
    fitted = cross_fitted([each for each in evidence if each is not None], right[read])
    sure = dict(zip(read, fitted, strict=True))
    return [replace(answer, confidence=sure.get(i, 0.0)) for i, answer in enumerate(answers)]


def _labelled(folder: Path) -> list[tuple[NDArray[np.uint8], str]]:
    """Return crops and their digits.

    Raises:
        CommandError: there is no table of labels, or a crop can't be opened.
    """
    found = [place for place in (folder, folder / "amounts") if (place / "labels.tsv").exists()]
    if not found:
        raise CommandError(f"There is no labels.tsv in {folder}.")
    crops = []
    with (found[0] / "labels.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            image = cv2.imread(str(found[0] / row["file"]), cv2.IMREAD_GRAYSCALE)
            if image is None:
                raise CommandError(f"{row['file']} cannot be opened.")
            crops.append((np.asarray(image, np.uint8), row["digits"]))
    return crops


def _written(folder: Path, count: int) -> list[tuple[NDArray[np.uint8], str]]:
    """Return fresh strings that hold digits, by writers and a seed of the test's own."""
    try:
        pool = testing_pool(DataFolders([folder], _CACHE))
    except DataMissingError as error:
        raise CommandError(str(error)) from error
    stationery = Stationery.make(np.random.default_rng(_TEST_SEED), font_files())
    synthesiser = Synthesiser(pool, stationery, _TEST_SEED)
    crops: list[tuple[NDArray[np.uint8], str]] = []
    while len(crops) < count:
        sample = synthesiser.sample()
        digits = "".join(character for character in sample.text if character.isdigit())
        if digits and len(digits) <= _LONGEST:
            crops.append((sample.image, digits))
    return crops


def _measure(
    read: Callable[[NDArray[np.uint8]], tuple[str, float]],
    crops: list[tuple[NDArray[np.uint8], str]],
) -> list[Answer]:
    read(crops[0][0])  # the first call allocates
    answers = []
    for grey, truth in crops:
        start = time.perf_counter()
        text, confidence = read(grey)
        answers.append(Answer(truth, text, confidence, (time.perf_counter() - start) * 1000))
    return answers
