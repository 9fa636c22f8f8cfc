"""Digits and numbers on the paper that people have: lined, squared, in bad light, in thin pens."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as arrays

from recognition.engine.pipeline import Reader
from recognition.engine.ruled_paper import without_rulings
from recognition.engine.types import Kind
from tests.engine.paper import FOUR, LINED, ONE, SEVEN, SQUARED, on_table, sheet

MODELS = Path(__file__).parent.parent.parent / "models"
PAPERS = pytest.mark.parametrize("rulings", [(), LINED, SQUARED], ids=["plain", "lined", "squared"])


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(MODELS)


def read(reader: Reader, photo: np.ndarray, kind: Kind):
    (field,) = reader.read(cv2.imencode(".jpg", photo)[1].tobytes(), kind).fields
    return field


@PAPERS
@pytest.mark.parametrize("tilt", [-4, 0, 3])
@pytest.mark.parametrize("line", [4, 14], ids=["thin", "thick"])
def test_a_digit_is_read_and_placed(reader, rulings, tilt, line):
    field = read(reader, sheet([FOUR], rulings=rulings, tilt=tilt, line=line), Kind.DIGIT)
    assert field.value == "4"
    assert 225 < field.box.x < field.box.x + field.box.width < 375
    assert 120 < field.box.height < 220


@PAPERS
@pytest.mark.parametrize("size", [(900, 500), (3000, 1800)], ids=["small", "as phones take it"])
def test_a_number_is_read_and_placed(reader, rulings, size):
    photo = sheet(
        [SEVEN, FOUR, ONE, SEVEN], rulings=rulings, size=(900, 500), height=140, line=7, tilt=2
    )
    scale = size[0] / 900
    field = read(reader, cv2.resize(photo, size), Kind.NUMBER)
    assert field.value == "7417"
    assert 160 < field.box.x / scale < field.box.x / scale + field.box.width / scale < 740
    assert len(field.characters) == len(field.value)
    for character in field.characters:
        assert 90 < character.box.height / scale < 230
        assert field.box.x <= character.box.x + 5 * scale


@pytest.mark.parametrize("kind", [Kind.DIGIT, Kind.NUMBER])
@pytest.mark.parametrize("rulings", [LINED, SQUARED], ids=["lined", "squared"])
def test_empty_paper_holds_no_digit(reader, kind, rulings):
    field = read(reader, sheet([], rulings=rulings, tilt=1), kind)
    assert (field.value, field.accepted) == (None, False)


@PAPERS
def test_a_sheet_on_a_table_is_read_and_placed(reader, rulings):
    photo = on_table(sheet([FOUR], rulings=rulings, tilt=1))
    field = read(reader, photo, Kind.DIGIT)
    assert field.value == "4"
    assert 225 < field.box.x - 150 < field.box.x - 150 + field.box.width < 375
    photo = on_table(sheet([SEVEN, ONE, FOUR], rulings=rulings, size=(900, 450), line=8))
    field = read(reader, photo, Kind.NUMBER)
    assert field.value == "714"
    assert 160 < field.box.x - 225 < field.box.x - 225 + field.box.width < 740
    for character in field.characters:
        assert field.box.x - 5 <= character.box.x < field.box.x + field.box.width


@pytest.mark.parametrize("line", [10, 30])
def test_chalk_rings_are_no_sheets(reader, line):
    board = np.full((320, 320), 25, np.uint8)
    cv2.ellipse(board, (160, 160), (70, 120), 0, 0, 360, 235, line)
    assert read(reader, board, Kind.DIGIT).value == "0"


def test_chalk_on_a_board_in_uneven_light_is_read(reader):
    board = 255 - sheet([SEVEN], line=14)
    assert read(reader, board, Kind.DIGIT).value == "7"


@pytest.mark.parametrize("digit", [SEVEN, ONE, FOUR])
def test_strokes_of_a_close_crop_are_no_rulings(digit):
    ink = np.zeros((300, 180), np.uint8)
    for stroke in digit:
        points = np.round(np.array(stroke) * (300, 290) + 5).astype(np.int32)
        cv2.polylines(ink, [points], isClosed=False, color=255, thickness=18)
    columns = np.flatnonzero(ink.any(axis=0))
    close = np.ascontiguousarray(ink[:, columns[0] : columns[-1] + 1])
    assert (without_rulings(close) == close).all()


@settings(max_examples=40, deadline=None)
@given(
    arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=90))
)
def test_ink_is_only_ever_taken_away(ink):
    without = without_rulings(ink)
    assert without.shape == ink.shape
    assert (without <= ink).all()


def test_noughts_that_stand_on_a_line_stay_whole(reader):
    ring = [
        (float(np.cos(a)) * 0.3 + 0.3, float(np.sin(a)) * 0.5 + 0.5) for a in np.arange(0, 7, 0.2)
    ]
    photo = sheet([[ring]], rulings=LINED, height=180, line=5)
    assert read(reader, photo, Kind.DIGIT).value == "0"
