"""RapidOCR over a whole cheque with simple rules for its fields: what one can install instead.

It runs as shipped (PP-OCRv6 small for finding and reading lines), on one thread. The rules know
where each country's cheques have their fields, as shares of the image's width and height.
"""

import importlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from recognition.engine.micr.grammar import Country
from recognition.engine.types import FieldName

_Window = tuple[float, float, float, float]  # left, top, right, bottom

_PLACES: dict[Country, dict[FieldName, _Window]] = {
    Country.INDIA: {
        FieldName.COURTESY_AMOUNT: (0.6, 0.3, 1.0, 0.62),
        FieldName.DATE: (0.6, 0.0, 1.0, 0.22),
        FieldName.ACCOUNT_NUMBER: (0.0, 0.42, 0.75, 0.72),
        FieldName.MICR_LINE: (0.0, 0.84, 1.0, 1.0),
    },
    Country.UNITED_STATES: {
        FieldName.COURTESY_AMOUNT: (0.7, 0.2, 1.0, 0.55),
        FieldName.DATE: (0.5, 0.05, 1.0, 0.32),
        FieldName.MICR_LINE: (0.0, 0.82, 1.0, 1.0),
    },
}
_ACCOUNT = re.compile(r"\d{9,18}")
_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2,4})")
_PEN_END = re.compile(r"(/[-=~]?|[-=])$")  # the stroke after an amount, as OCR reads it


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    x: float
    y: float


class PeerReader:
    """Reads whole cheques with RapidOCR."""

    name = "RapidOCR 3.10, whole page and rules"

    def __init__(self) -> None:
        one_thread = {
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "error",
        }
        self._ocr: Any = importlib.import_module("rapidocr").RapidOCR(params=one_thread)

    def read(
        self, data: bytes, size: tuple[int, int], country: Country
    ) -> dict[FieldName, str | None]:
        """Return the fields' canonical values of an encoded image of that width and height."""
        found = self._ocr(data)
        lines = []
        if found.txts:
            for text, corners in zip(found.txts, found.boxes, strict=True):
                x, y = corners.mean(axis=0) / size
                lines.append(_Line(text, float(x), float(y)))
        lines.sort(key=lambda line: line.x)
        within = {name: _within(lines, window) for name, window in _PLACES[country].items()}
        foot = "".join(line.text for line in within[FieldName.MICR_LINE])
        return {
            FieldName.COURTESY_AMOUNT: _amount(within[FieldName.COURTESY_AMOUNT]),
            FieldName.DATE: _date(within[FieldName.DATE], country),
            FieldName.ACCOUNT_NUMBER: _account(within.get(FieldName.ACCOUNT_NUMBER), foot),
            FieldName.CHEQUE_NUMBER: _number(foot, country),
        }


def _within(lines: list[_Line], window: _Window) -> list[_Line]:
    left, top, right, bottom = window
    return [line for line in lines if left <= line.x <= right and top <= line.y <= bottom]


def _amount(lines: list[_Line]) -> str | None:
    best = ""
    for line in lines:
        if _DATE.search(line.text):
            continue
        text = _PEN_END.sub("", line.text.replace(" ", "").lstrip("₹$Rs.{[(|"))
        cents = re.search(r"\.(\d\d)$", text)
        whole = re.sub(r"\D", "", text[: cents.start()] if cents else text)
        if len(whole) > len(best.split(".", maxsplit=1)[0]):
            best = f"{int(whole)}.{cents[1] if cents else '00'}"
    return best or None


def _date(lines: list[_Line], country: Country) -> str | None:
    text = "".join(line.text for line in lines)
    digits = re.sub(r"\D", "", text)
    parts = _DATE.search(text)
    if parts:
        first, second, year = (int(part) for part in parts.groups())
    elif len(digits) == 8:  # DDMMYYYY
        first, second, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    else:
        return None
    day, month = (second, first) if country is Country.UNITED_STATES else (first, second)
    try:
        return date(year if year > 99 else 2000 + year, month, day).isoformat()
    except ValueError:
        return None


def _account(lines: list[_Line] | None, foot: str) -> str | None:
    if lines is None:  # in the line alone, after the routing number
        numbers = re.findall(r"\d+", foot)
        return max(numbers[1:], key=len, default=None)
    found = [run for line in lines for run in _ACCOUNT.findall(line.text.replace(" ", ""))]
    return max(found, key=len, default=None)


def _number(foot: str, country: Country) -> str | None:
    numbers = re.findall(r"\d+", foot)
    if country is Country.INDIA:
        return numbers[0][:6] if numbers and len(numbers[0]) >= 6 else None
    return min(numbers, key=len, default=None)
