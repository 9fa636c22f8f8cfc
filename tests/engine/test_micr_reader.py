"""Drawn MICR lines come back character by character."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition.engine.backends.litert import LiteRtSession
from recognition.engine.micr.locate import find_row
from recognition.engine.micr.reader import MicrReader
from recognition.engine.micr.symbols import AMOUNT, DASH, ON_US, TRANSIT
from recognition.engine.weights import find_weights
from recognition.training.micr.glyphs import draw_line

MODELS = Path(__file__).parents[2] / "models"
READER = MicrReader(LiteRtSession(find_weights(MODELS, "micr").path))


def sheet_with(line: str, pixels_a_mm: float = 8.0, left_mm: float = 40.0) -> np.ndarray:
    ink = draw_line(line, pixels_a_mm)
    sheet = np.full((round(92 * pixels_a_mm), round(202 * pixels_a_mm)), 245, np.uint8)
    top, left = round(83 * pixels_a_mm), round(left_mm * pixels_a_mm)
    sheet[top : top + ink.shape[0], left : left + ink.shape[1]] -= (ink * 0.85).astype(np.uint8)
    return sheet


def read(sheet: np.ndarray):
    row = find_row(sheet)
    return None if row is None else READER.read(sheet, row)


digit = st.sampled_from("0123456789")


@settings(deadline=None, max_examples=30)
@given(st.text(digit, min_size=23, max_size=23), st.sampled_from([4.0, 6.0, 8.0, 12.0]))
def test_every_indian_line_is_read_with_its_symbols(digits, pixels_a_mm):
    text = (
        f"{ON_US}{digits[:6]}{ON_US} {digits[6:15]}{TRANSIT} {digits[15:21]}{ON_US} {digits[21:]}"
    )
    line = read(sheet_with(text, pixels_a_mm))
    assert line.text == text
    assert line.fields.bank == digits[6:15]
    assert line.confidence > 0.9


def test_an_american_line_keeps_its_dashes_and_amount_symbols():
    text = f"{ON_US}001234{ON_US} {TRANSIT}021000021{TRANSIT} 12{DASH}345678{ON_US}"
    text += f"  {AMOUNT}0000012345{AMOUNT}"
    line = read(sheet_with(text, left_mm=12.0))
    assert line.text == " ".join(text.split())
    assert line.fields.cheque_number == "001234"


def test_a_damaged_symbol_is_read_by_the_form_and_said_so():
    text = f"{ON_US}520619{ON_US} 400015052{TRANSIT} 310078{ON_US} 31"
    sheet = sheet_with(text)
    x, y = round((40 + 7 * 3.175) * 8), 83 * 8
    sheet[y : y + 24, x : x + 24] = 245  # the second on-us symbol
    line = read(sheet)
    assert line.text == text
    assert line.repairs == 1
    assert line.confidence < 0.98


def test_characters_have_their_own_places():
    text = f"{ON_US}417203{ON_US} 400012056{TRANSIT} 310078{ON_US} 31"
    line = read(sheet_with(text))
    lefts = [min(x for x, _ in character.corners) for character in line.characters]
    assert np.diff(lefts).min() == pytest.approx(25.4, abs=1.5)
    assert lefts[0] == pytest.approx(40 * 8, abs=6)
    assert "".join(character.value for character in line.characters) == text.replace(" ", "")


def test_upside_down_no_line_has_a_form():
    text = f"{ON_US}417203{ON_US} 400012056{TRANSIT} 310078{ON_US} 31"
    line = read(cv2.rotate(sheet_with(text), cv2.ROTATE_180))
    assert line is None or line.fields is None


def test_common_type_is_no_line_of_any_form():
    sheet = np.full((400, 1200), 250, np.uint8)
    words = "Payable at par at all branches of the bank 400012056"
    cv2.putText(sheet, words, (60, 350), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 20, 2)
    line = read(sheet)
    assert line is None or line.fields is None
