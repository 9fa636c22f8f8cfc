"""Cheques on photographs are found where they lie, from any side, or it is said why not."""

from dataclasses import replace
from datetime import date

import cv2
import numpy as np
import pytest
from django.conf import settings

from recognition.engine import cheque as cheque_reader
from recognition.engine.finding import find
from recognition.engine.pipeline import Reader
from recognition.engine.policy import Policy, ReadWords
from recognition.engine.rules import IMAGE_CLEAR
from recognition.engine.types import FieldName, FieldReading, Kind, Reading, Verdict
from recognition.training.cheques.draw import DrawnCheque, draw_cheque
from recognition.training.cheques.layouts import ALL_LAYOUTS, LAYOUTS
from recognition.training.cheques.photos import Paper, Picture, Shot, photograph
from recognition.training.cheques.tables import draw_table

TODAY = date(2026, 3, 1)
SMALL = (2592, 1944)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(settings.MODELS_DIR, policy=Policy(words=ReadWords.NEVER))


@pytest.fixture(scope="module")
def cheque() -> DrawnCheque:
    rng = np.random.default_rng(1)
    return draw_cheque(Kind.CHEQUE, rng, today=TODAY, layout=LAYOUTS[0])


def taken(cheque: DrawnCheque, seed: int, shot: Shot) -> Picture:
    return photograph(Paper(cheque.pixels, cheque.layout.size), np.random.default_rng(seed), shot)


def read(reader: Reader, pixels: np.ndarray) -> Reading:
    data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()
    return reader.read(data, Kind.CHEQUE, today=TODAY)


def corner_error_mm(reading: Reading, picture: Picture, cheque: DrawnCheque) -> float:
    """Return how far the farthest corner is from the true one."""
    assert reading.lie is not None
    upper_edge = np.hypot(*(picture.corners[1] - picture.corners[0]))
    away = np.hypot(*(np.array(reading.lie.corners) - picture.corners).T)
    return float(away.max() / upper_edge * cheque.layout.size[0])


@pytest.mark.parametrize(
    ("seed", "table", "tilt", "turn"),
    [(1, "dark", 5, 20), (2, "wood", 20, 200), (3, "cloth", 30, 100), (4, "tiles", 35, 300)],
)
def test_corners_are_found_to_a_millimetre(reader, cheque, seed, table, tilt, turn):
    shot = Shot(tilt_degrees=tilt, turn_degrees=turn, table=table, finger=False, size=SMALL)
    picture = taken(cheque, seed, shot)

    reading = read(reader, picture.pixels)

    assert corner_error_mm(reading, picture, cheque) < 1.0
    line = reading.field(FieldName.MICR_LINE)
    assert line is not None
    assert line.value == cheque.micr_line


def test_a_cheque_among_papers_is_found_by_its_line(reader, cheque):
    """No edge closes around it: its sides are looked for from where the line says they are."""
    shot = Shot(tilt_degrees=12, turn_degrees=140, table="papers", finger=True, size=SMALL)
    picture = taken(cheque, 13, shot)

    reading = read(reader, picture.pixels)

    assert corner_error_mm(reading, picture, cheque) < 1.5
    for field in reading.fields:
        assert field.value == cheque.truth[field.name] or not field.accepted, field.name
    line = reading.field(FieldName.MICR_LINE)
    assert line is not None
    assert line.value == cheque.micr_line


SPOILED = {
    "oblique": (Shot(tilt_degrees=52, turn_degrees=10), "tilt_degrees"),
    "blurred": (Shot(blur=6.0, tilt_degrees=5, turn_degrees=10), "sharpness"),
    "too dark": (Shot(light=0.2, tilt_degrees=5, turn_degrees=10), "paper_brightness"),
    "too small": (
        Shot(size=(1024, 768), room=0.5, tilt_degrees=5, turn_degrees=10),
        "resolution_dpi",
    ),
}


@pytest.mark.parametrize(("shot", "measure"), SPOILED.values(), ids=SPOILED)
def test_a_spoiled_photograph_goes_to_a_person_with_advice(reader, cheque, shot, measure):
    shot = replace(shot, table="wood", finger=False, size=shot.size or SMALL)

    reading = read(reader, taken(cheque, 3, shot).pixels)

    assert_for_a_person(reading, measure)


@pytest.mark.parametrize("pixels", [160, 300])
def test_a_cheque_cut_off_by_the_picture_goes_to_a_person_with_advice(reader, cheque, pixels):
    shot = Shot(tilt_degrees=5, turn_degrees=10, table="wood", finger=False, size=SMALL)
    picture = taken(cheque, 4, shot)
    corner = round(float(picture.corners[1][0]))

    reading = read(reader, picture.pixels[:, : corner - pixels])

    assert_for_a_person(reading, "cut_off_mm")


def test_a_clear_photograph_fails_no_measure(reader, cheque):
    shot = Shot(tilt_degrees=15, turn_degrees=10, table="wood", finger=False, size=SMALL)

    reading = read(reader, taken(cheque, 4, shot).pixels)

    assert [metric.name for metric in reading.quality if metric.verdict is Verdict.FAILED] == []


def assert_for_a_person(reading: Reading, measure: str) -> None:
    """Assert that a measure failed, that its advice is in the verdict, and nothing is accepted."""
    metric = next(metric for metric in reading.quality if metric.name == measure)
    assert metric.verdict is Verdict.FAILED
    assert metric.advice
    clear = next(check for check in reading.checks if check.rule == IMAGE_CLEAR)
    assert clear.verdict is Verdict.FAILED
    assert metric.advice in clear.reason
    assert not any(field.accepted for field in reading.fields)


def test_a_white_foot_on_white_paper_is_found_below_the_coloured_part(reader, monkeypatch):
    """No edge shows where the sheet ends, and rows of other print may hide the line's direction."""
    cheque = draw_cheque(Kind.CHEQUE, np.random.default_rng(2), today=TODAY, layout=LAYOUTS[1])
    height, width = cheque.pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 33, 1)
    turn[:, 2] += (200, 700)
    page = cv2.warpAffine(cheque.pixels, turn, (2100, 2000), borderValue=(250, 250, 250))
    monkeypatch.setattr(find, "_found_by_line", lambda *_given: None)
    reading = read(reader, page)
    assert reading.field(FieldName.MICR_LINE).value == cheque.micr_line
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)])
    whole = corners @ turn[:, :2].T + turn[:, 2]
    assert np.abs(np.array(reading.lie.corners) - whole).max() < 40  # pixels: 5 mm


@pytest.mark.parametrize(
    ("layout", "table", "rows", "columns"),
    [("harbour-hill", "white", 3, 2), ("prairie-personal", "dark", 4, 2)],
)
def test_as_many_cheques_as_lie_on_a_table_are_found(reader, layout, table, rows, columns):
    rng = np.random.default_rng(5)
    form = next(one for one in ALL_LAYOUTS if one.name == layout)
    drawn = [
        draw_cheque(Kind.CHEQUE, rng, today=TODAY, layout=form, pixels_a_mm=7.0)
        for _ in range(rows * columns)
    ]
    height, width = drawn[0].pixels.shape[:2]
    page = draw_table(table, (round(1.15 * width) * columns, round(1.25 * height) * rows), rng)
    for number, one in enumerate(drawn):
        row, column = divmod(number, columns)
        x, y = round((1.15 * column + 0.07) * width), round((1.25 * row + 0.12) * height)
        page[y : y + height, x : x + width] = one.pixels[::-1, ::-1] if number % 3 else one.pixels
    data = cv2.imencode(".jpg", np.clip(page, 0, 255).astype(np.uint8))[1].tobytes()
    first = reader.read(data, Kind.CHEQUE, today=TODAY)
    readings = [first, *(reader.read(data, Kind.CHEQUE, today=TODAY, at=at) for at in first.others)]
    lines = [one.field(FieldName.MICR_LINE).value for one in readings]
    assert sorted(lines) == sorted(one.micr_line for one in drawn)


@pytest.mark.parametrize(
    ("first", "notes"), [(None, ()), ("123456789012", ("two_readers_differ",))]
)
def test_an_account_number_in_doubt_is_read_in_the_other_grey_too(
    reader, cheque, monkeypatch, first, notes
):
    real = cheque_reader.read_account_number
    readings = iter([first])

    def read_account_number(*given: object) -> FieldReading:
        field = real(*given)
        value = next(readings, field.value)
        return field if value == field.value else replace(field, value=value, accepted=False)

    monkeypatch.setattr(cheque_reader, "read_account_number", read_account_number)
    shot = Shot(tilt_degrees=5, turn_degrees=0, table="dark", size=(4000, 3000), finger=False)
    account = read(reader, taken(cheque, 1, shot).pixels).field(FieldName.ACCOUNT_NUMBER)
    assert account.value == cheque.item.account_number
    assert (account.notes, account.accepted) == (notes, not notes)
