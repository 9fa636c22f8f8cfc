"""How well single fields are read from crops of them, without a cheque about them to help.

``boxes.json`` beside the images says where the fields are, loosely: ``{file: {"Amt": {"x1", "x2",
"y1", "y2"}, "DateIss": {...}}}`` in pixels, as the IDRBT cheque image data set names them.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.line_recogniser import LineRecogniser
from recognition.engine.strings import Grammar, StringReader, StringReading
from recognition.engine.types import FieldName
from recognition.training.cheques.truth import load_labelled
from recognition.training.report import rate_with_interval

BOXES = "boxes.json"
_NAMES = {FieldName.COURTESY_AMOUNT: "Amt", FieldName.DATE: "DateIss"}


@dataclass(frozen=True, slots=True)
class _Row:
    """One way to read one field; ``truth_of`` turns its canonical value into what is expected."""

    title: str
    field: FieldName
    grammar: Grammar
    truth_of: Callable[[str], str]


_ROWS = (
    _Row("amount", FieldName.COURTESY_AMOUNT, Grammar.AMOUNT, lambda truth: truth),
    _Row(
        "amount, its digits without the grammar of amounts",
        FieldName.COURTESY_AMOUNT,
        Grammar.NUMBER,
        lambda truth: truth.removesuffix(".00").replace(".", ""),
    ),
    _Row(
        "date",
        FieldName.DATE,
        Grammar.DATE,
        lambda truth: "".join(reversed(truth.split("-"))),
    ),
)


def field_crops_table(
    reader: StringReader, data: Path, accept_at: float, report: Callable[[str], None]
) -> str:
    """Return rates over the field crops of a folder of cheques; ``report`` hears of the wrong.

    Raises:
        FileNotFoundError: there are no labels, or no boxes beside them.
    """
    recogniser = LineRecogniser()
    rows = []
    for row in _ROWS:
        readings, wrong, spent = [], 0, []
        for name, crop, canonical in _crops(data, row.field):
            start = perf_counter()
            reading = reader.read(crop, row.grammar, recogniser)
            spent.append((perf_counter() - start) * 1000)
            truth = row.truth_of(canonical)
            readings.append((reading, reading.value == truth))
            if reading.value != truth:
                wrong += _is_accepted(reading, accept_at)
                report(f"{name}: {row.title} {truth} read as {reading.value} ({reading.raw_text})")
        count = len(readings)
        exact = sum(is_right for _, is_right in readings)
        accepted = sum(_is_accepted(reading, accept_at) for reading, _ in readings)
        rows.append(
            f"| {row.title} | {count} | {rate_with_interval(exact, count)} | {accepted} | {wrong} "
            f"| {median(spent):.1f} |"
        )
    return "\n".join(
        [
            "### Fields of these cheques from loose crops, as `read_string` reads them",
            "",
            "| field | n | exact % | accepted | accepted and wrong | ms |",
            "|---|--:|--:|--:|--:|--:|",
            *rows,
        ]
    )


def _is_accepted(reading: StringReading, accept_at: float) -> bool:
    return reading.value is not None and reading.confidence >= accept_at


def _crops(data: Path, field: FieldName) -> Iterator[tuple[str, NDArray[np.uint8], str]]:
    """Yield each cheque's file name, the grey crop of a field, and its canonical value."""
    cheques = load_labelled(data)
    boxes = json.loads((cheques[0].file.parent / BOXES).read_text(encoding="utf-8"))
    for cheque in cheques:
        box = boxes[cheque.file.name][_NAMES[field]]
        left, right, top, bottom = (max(0, round(box[edge])) for edge in ("x1", "x2", "y1", "y2"))
        image = cv2.imread(str(cheque.file), cv2.IMREAD_GRAYSCALE)
        if image is None:
            message = f"{cheque.file.name} cannot be opened."
            raise FileNotFoundError(message)
        yield cheque.file.name, np.asarray(image[top:bottom, left:right]), cheque.truth[field]
