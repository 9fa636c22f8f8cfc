"""Measure the string reader on labelled crops, beside its peers."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from numpy.typing import NDArray

from recognition.engine.confidence import Evidence
from recognition.engine.errors import EngineError
from recognition.engine.weights import find_weights
from recognition.training.datasets import DataFolders, DataMissingError
from recognition.training.report import replace_section
from recognition.training.strings.bench import Bench, measure
from recognition.training.strings.calibrate import cross_fitted, fit
from recognition.training.strings.crops import Crop, labelled, written
from recognition.training.strings.figures import draw_reliability, draw_risk
from recognition.training.strings.measures import TABLE_HEAD, Answer, table_row
from recognition.training.strings.peers import available

_CACHE = settings.BASE_DIR / "var" / "datasets"
_DOCUMENT = settings.BASE_DIR / "docs" / "accuracy.md"


class Command(BaseCommand):
    help = "Read every crop that labels.tsv names with our reader and, with --peers, with others."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--data", type=Path, required=True, help="a folder with labels.tsv, or its parent"
        )
        parser.add_argument("--peers", action="store_true")
        parser.add_argument(
            "--ablate", action="store_true", help="our reader without each of its parts as well"
        )
        parser.add_argument(
            "--cross-fit",
            action="store_true",
            help="for crops that the confidence was fitted on: fit it anew without each fifth",
        )
        parser.add_argument(
            "--synthetic", type=int, metavar="N", help="N strings by hands that training never saw"
        )
        parser.add_argument(
            "--clear", action="store_true", help="of those, clear hands on plain paper alone"
        )
        parser.add_argument(
            "--nothing", type=int, metavar="N", help="N crops of each kind that hold no number"
        )
        parser.add_argument("--title", help="of the table")
        parser.add_argument("--section", default="strings", help="of the document; '' writes none")
        parser.add_argument("--document", type=Path, default=_DOCUMENT)
        parser.add_argument(
            "--figures", action="store_true", help="draw SECTION-*.svg beside the document"
        )
        parser.add_argument("--models", type=Path, default=settings.MODELS_DIR)

    def handle(self, **options: Any) -> None:
        try:
            strings, digits = (
                find_weights(options["models"], name) for name in ("strings", "digits")
            )
        except EngineError as error:
            raise CommandError(error.message) from error
        cv2.setNumThreads(1)
        bench = Bench(strings, digits)
        if options["nothing"]:
            text = bench.nothing(options["nothing"])
        else:
            text = self._measured(bench, _crops(options), options)
        self.stdout.write(text)
        if options["section"]:
            replace_section(options["document"], options["section"], text)

    def _measured(self, bench: "Bench", crops: list[Crop], options: dict[str, Any]) -> str:
        readers = bench.ours() | (bench.ablations() if options["ablate"] else {})
        readers |= available(bench.digits) if options["peers"] else {}
        answers = {name: measure(read, crops) for name, read in readers.items()}
        for name, evidence in bench.evidence.items():
            right = np.array([answer.is_right for answer in answers[name]])
            if options["cross_fit"]:
                answers[name] = _cross_fitted(answers[name], evidence, right)
            if name.startswith(bench.name):
                read = [i for i, each in enumerate(evidence) if each is not None]
                weights = fit([each for each in evidence if each is not None], right[read])
                self.stdout.write(
                    f"Weights of the confidence, fitted on all of these, {name}: {weights}"
                )
        rows = [table_row(name, each) for name, each in answers.items()]
        note = _NOTE + (_DEV_NOTE if options["cross_fit"] else "") + bench.pass_note()
        parts = [
            f"## {options['title'] or _title(options)}, n = {len(crops)}",
            "",
            TABLE_HEAD,
            *rows,
            "",
            note,
        ]
        if options["figures"] and options["section"]:
            name = options["section"]
            folder = options["document"].parent
            draw_risk(answers, folder / f"{name}-risk.svg")
            draw_reliability(answers, folder / f"{name}-reliability.svg")
            parts += [
                "",
                f"![What is wrong among the surest answers, by share accepted]({name}-risk.svg)",
                f"![How often answers are right, by their confidence]({name}-reliability.svg)",
            ]
        return "\n".join(parts)


_NOTE = (
    "Intervals are 95 %: Wilson for exact, bootstrap for read rates. The threshold of a read rate "
    "is chosen on the same crops, for every reader alike. ms: median a crop, one thread, all steps."
)
_DEV_NOTE = (
    " Our confidence is fitted without each fifth. What to synthesise, which views vote and how "
    "far the second reader is trusted was chosen while looking at these crops, so our rows "
    "flatter us."
)


def _title(options: dict[str, Any]) -> str:
    if not options["synthetic"]:
        return "Real Chilean cheque amounts (ORAND-CAR-A)"
    kind = "in clear hands on plain paper" if options["clear"] else "in all hands on all papers"
    return f"Fresh written strings, by writers that training never saw, {kind}"


def _crops(options: dict[str, Any]) -> list[Crop]:
    try:
        if options["synthetic"]:
            folders = DataFolders([options["data"]], _CACHE)
            return written(folders, options["synthetic"], is_clear=options["clear"])
        return labelled(options["data"])
    except (DataMissingError, FileNotFoundError) as error:
        raise CommandError(str(error)) from error


def _cross_fitted(
    answers: list[Answer], evidence: list[Evidence | None], right: NDArray[np.bool_]
) -> list[Answer]:
    """Return the answers with confidences from weights that never saw the answer's fold."""
    read = [i for i, each in enumerate(evidence) if each is not None]
    fitted = cross_fitted([each for each in evidence if each is not None], right[read])
    sure = dict(zip(read, fitted, strict=True))
    return [replace(answer, confidence=sure.get(i, 0.0)) for i, answer in enumerate(answers)]
