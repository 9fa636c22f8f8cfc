"""Cheques under the conditions in which they are exchanged, and the command that measures them."""

import sys
from io import BytesIO, StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from recognition.engine.micr.grammar import Country
from recognition.engine.types import FieldName
from recognition.training.cheques.conditions import Condition, as_scanned
from recognition.training.cheques.peer import PeerReader


@pytest.mark.parametrize(
    ("condition", "form", "mode", "width"),
    [
        (Condition.COLOUR_300, "JPEG", "RGB", 600),
        (Condition.GREY_100, "JPEG", "L", 200),
        (Condition.BITONAL_200_LOCAL, "TIFF", "1", 400),
        (Condition.BITONAL_200_GLOBAL, "TIFF", "1", 400),
        (Condition.BITONAL_200_DITHERED, "TIFF", "1", 400),
    ],
)
def test_a_scan_takes_each_condition(
    condition: Condition, form: str, mode: str, width: int
) -> None:
    paper = np.full((300, 600, 3), 220, np.uint8)
    paper[100:200, 280:320] = 30

    with Image.open(BytesIO(as_scanned(paper, 300, condition))) as image:
        assert (image.format, image.mode, image.width) == (form, mode, width)
        grey = np.asarray(image.convert("L"))
    middle = grey[grey.shape[0] * 4 // 10 : grey.shape[0] * 6 // 10]
    assert middle[:, width // 2 - 4 : width // 2 + 4].mean() < 100
    assert middle[:, width // 4 - 4 : width // 4 + 4].mean() > 150


def test_the_command_prints_rates_and_stages_and_writes_them_where_asked() -> None:
    output, errors = StringIO(), StringIO()

    call_command("benchmark_cheques", drawn=1, seed=5, stdout=output, stderr=errors)

    text = output.getvalue()
    for condition in Condition:
        assert f"| {condition.value} | micr line | 1 | 100.0" in text
    assert "| decode |" in text
    assert "a core a second" in text


def test_with_words_rates_alone_are_measured():
    output, errors = StringIO(), StringIO()

    call_command(
        "benchmark_cheques", drawn=1, seed=5, words="doubtful", stdout=output, stderr=errors
    )

    text = output.getvalue()
    assert "--words doubtful" in text
    assert f"| {Condition.GREY_100.value} | courtesy amount | 1 |" in text
    assert "a core a second" not in text
    with pytest.raises(CommandError, match="peer reads no words"):
        call_command("benchmark_cheques", drawn=1, words="always", peers=1)


def test_a_folder_without_labels_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no labels\.csv"):
        call_command("benchmark_cheques", data=tmp_path)


class _Found:
    def __init__(self, lines: list[tuple[str, float, float]]) -> None:
        self.txts = [text for text, _, _ in lines]
        self.boxes = np.array([[(x, y)] * 4 for _, x, y in lines])


@pytest.mark.parametrize(
    ("country", "lines", "expected"),
    [
        (
            Country.INDIA,
            [
                ("15", 780.0, 50.0), ("022026", 840.0, 50.0), ("₹1,20,500/-", 850.0, 210.0),
                ("12345678901", 150.0, 270.0), ("123456 400902003 000001 31", 500.0, 470.0),
            ],
            ("120500.00", "2026-02-15", "12345678901", "123456"),
        ),
        (
            Country.UNITED_STATES,
            [
                ("2/15/26", 800.0, 100.0), ("$120.50", 850.0, 200.0),
                ("021900341 123456789 0417", 500.0, 470.0),
            ],
            ("120.50", "2026-02-15", "123456789", "0417"),
        ),
    ],
)  # fmt: skip
def test_the_peer_s_rules_find_what_was_read_in_its_place(
    monkeypatch: pytest.MonkeyPatch,
    country: Country,
    lines: list[tuple[str, float, float]],
    expected: tuple[str, ...],
) -> None:
    class _Package:
        @staticmethod
        def RapidOCR(**_options: object) -> object:  # noqa: N802 - the package's name for it
            return lambda _data: _Found(lines)

    monkeypatch.setitem(sys.modules, "rapidocr", _Package)

    values = PeerReader().read(b"", (1000, 500), country)

    assert (
        values[FieldName.COURTESY_AMOUNT],
        values[FieldName.DATE],
        values[FieldName.ACCOUNT_NUMBER],
        values[FieldName.CHEQUE_NUMBER],
    ) == expected
