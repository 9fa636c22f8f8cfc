"""The labels of a folder of cheques: ``labels.csv`` beside the images, one line an image.

Columns read: ``file``, ``cheque_no``, ``account_no``, ``amount_digits`` (whole units, or with two
decimals), ``date_ddmmyyyy`` and ``micr_line`` with ``A`` transit, ``B`` amount, ``C`` on-us and
``D`` dash, the letters of the E-13B fonts. Where they are, also ``words_value`` (as
``amount_digits``, empty where the words make no amount) and ``words_match`` (``no``: the words and
the figures on the paper differ). Drawn photographs have ``corners`` as well: x and y of
the cheque's four in the image, clockwise from its own top left.
"""

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognition.engine.micr.symbols import AMOUNT, DASH, ON_US, TRANSIT
from recognition.engine.types import FieldName
from recognition.training.cheques.draw import DrawnCheque

LABELS = "labels.csv"
_COLUMNS = ("file", "cheque_no", "amount_digits", "date_ddmmyyyy", "account_no", "micr_line")
_WORDS_COLUMNS = ("words_raw", "words_value", "words_match")
_FROM_LETTERS = str.maketrans("ABCD", TRANSIT + AMOUNT + ON_US + DASH)
_TO_LETTERS = str.maketrans(TRANSIT + AMOUNT + ON_US + DASH, "ABCD")


@dataclass(frozen=True, slots=True)
class LabelledCheque:
    """An image file and the canonical value of every field."""

    file: Path
    truth: dict[FieldName, str]
    words_differ: bool = False


def load_labelled(data: Path) -> list[LabelledCheque]:
    """Return the cheques of a folder, or of its subfolder ``cheques``.

    Raises:
        FileNotFoundError: There are no labels in either.
    """
    folder = next((place for place in (data / "cheques", data) if (place / LABELS).exists()), None)
    if folder is None:
        raise FileNotFoundError(f"There is no {LABELS} in {data} or {data / 'cheques'}.")
    with (folder / LABELS).open(encoding="utf-8", newline="") as lines:
        return [
            LabelledCheque(folder / row["file"], _truth(row), row.get("words_match") == "no")
            for row in csv.DictReader(lines)
        ]


def _truth(row: dict[str, str]) -> dict[FieldName, str]:
    day = row["date_ddmmyyyy"]
    words = row.get("words_value")
    legal = {FieldName.LEGAL_AMOUNT: f"{Decimal(words):.2f}"} if words else {}
    return legal | {
        FieldName.COURTESY_AMOUNT: f"{Decimal(row['amount_digits']):.2f}",
        FieldName.DATE: f"{day[4:]}-{day[2:4]}-{day[:2]}",
        FieldName.ACCOUNT_NUMBER: row["account_no"],
        FieldName.CHEQUE_NUMBER: row["cheque_no"],
        FieldName.MICR_LINE: row["micr_line"].translate(_FROM_LETTERS),
    }


def write_labels(
    folder: Path, cheques: dict[str, DrawnCheque], corners: dict[str, NDArray[np.float64]]
) -> None:
    """Write the labels of drawn cheques, and the corners of those photographed, by file names."""
    with (folder / LABELS).open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow((*_COLUMNS, *_WORDS_COLUMNS, "corners"))
        for name, cheque in cheques.items():
            item = cheque.item
            writer.writerow(
                (
                    name,
                    item.cheque_number,
                    item.value,
                    item.issued.strftime("%d%m%Y"),
                    item.account_number,
                    cheque.micr_line.translate(_TO_LETTERS),
                    cheque.words,
                    item.value,
                    "yes",
                    " ".join(f"{value:.1f}" for value in np.ravel(corners.get(name, ()))),
                )
            )
