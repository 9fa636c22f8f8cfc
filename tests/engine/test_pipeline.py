"""A drawn cheque goes in as a file and comes out as five fields with places and verdicts."""

from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.pipeline import Reader
from recognition.engine.types import CHEQUE_FIELDS, Box, FieldName, Kind, Verdict
from recognition.training.cheques.draw import LAYOUTS, draw_cheque

MODELS = Path(__file__).parents[2] / "models"
TODAY = date(2026, 3, 1)
READER = Reader(MODELS)


def png(pixels: np.ndarray) -> bytes:
    return cv2.imencode(".png", pixels)[1].tobytes()


def drawn(layout: int = 0, seed: int = 1, kind: Kind = Kind.CHEQUE):
    rng = np.random.default_rng(seed)
    return draw_cheque(kind, rng, today=TODAY, layout=LAYOUTS[layout])


def read(pixels: np.ndarray, kind: Kind = Kind.CHEQUE):
    return READER.read(png(pixels), kind, today=TODAY)


def overlap(one: Box, other: Box) -> float:
    """Share of ``other`` that ``one`` covers."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(width, 0) * max(height, 0) / (other.width * other.height)


@pytest.mark.parametrize("layout", range(len(LAYOUTS)))
def test_every_layout_gives_its_line_and_its_five_places(layout):
    cheque = drawn(layout)
    reading = read(cheque.pixels)
    assert tuple(field.name for field in reading.fields) == CHEQUE_FIELDS
    assert reading.field(FieldName.MICR_LINE).value == cheque.micr_line
    assert reading.field(FieldName.CHEQUE_NUMBER).value == cheque.item.cheque_number
    for field in reading.fields:
        assert overlap(field.box, cheque.boxes[field.name]) > 0.8, field.name


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_turned_cheque_is_set_upright(quarter_turns):
    cheque = drawn()
    reading = read(np.ascontiguousarray(np.rot90(cheque.pixels, quarter_turns)))
    assert reading.quarter_turns == quarter_turns
    assert (reading.height, reading.width) == cheque.pixels.shape[:2]
    assert reading.field(FieldName.MICR_LINE).value == cheque.micr_line


@pytest.mark.parametrize("degrees", [-6.0, 3.0])
def test_a_skewed_cheque_with_margins_is_read_where_it_lies(degrees):
    cheque = drawn(1)
    framed = cv2.copyMakeBorder(cheque.pixels, *[200] * 4, cv2.BORDER_CONSTANT, value=(90, 110, 90))
    height, width = framed.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    reading = read(cv2.warpAffine(framed, turn, (width, height), borderValue=(90, 110, 90)))
    assert reading.field(FieldName.MICR_LINE).value == cheque.micr_line
    box = cheque.boxes[FieldName.COURTESY_AMOUNT]
    centre = turn @ (box.x + 200 + box.width / 2, box.y + 200 + box.height / 2, 1)
    found = reading.field(FieldName.COURTESY_AMOUNT).box
    assert found.x < centre[0] < found.x + found.width
    assert found.y < centre[1] < found.y + found.height


def test_a_coarse_scan_still_gives_the_line():
    cheque = drawn(2)
    small = cv2.resize(cheque.pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert read(small).field(FieldName.MICR_LINE).value == cheque.micr_line


def test_a_draft_is_told_from_a_cheque_by_its_transaction_code():
    draft = drawn(2, kind=Kind.DEMAND_DRAFT)
    as_draft = {check.rule: check for check in read(draft.pixels, Kind.DEMAND_DRAFT).checks}
    as_cheque = {check.rule: check for check in read(draft.pixels, Kind.CHEQUE).checks}
    assert as_draft["instrument"].verdict is Verdict.PASSED
    assert as_cheque["instrument"].verdict is Verdict.FAILED


def test_a_picture_of_something_else_is_no_cheque():
    noise = np.random.default_rng(2).integers(100, 200, (400, 900, 3), np.uint8)
    with pytest.raises(EngineError) as caught:
        read(cv2.GaussianBlur(noise, (0, 0), 5))
    assert caught.value.code == ErrorCode.NO_CHEQUE_FOUND


def test_a_blurred_cheque_goes_to_a_person_with_advice():
    reading = read(cv2.GaussianBlur(drawn().pixels, (0, 0), 5.5))
    failed = [metric for metric in reading.quality if metric.verdict is Verdict.FAILED]
    assert failed
    assert all(metric.advice for metric in failed)
    assert not any(field.accepted for field in reading.fields)
    clear = next(check for check in reading.checks if check.rule == "image_clear")
    assert (clear.verdict, clear.return_code) == (Verdict.FAILED, "39")


def test_the_reading_says_which_networks_and_how_long():
    reading = read(drawn().pixels)
    assert {model.name for model in reading.models} >= {"micr", "print"}
    assert all(milliseconds >= 0 for milliseconds in reading.milliseconds.values())


def test_without_networks_there_is_no_reader(tmp_path):
    with pytest.raises(EngineError) as caught:
        Reader(tmp_path)
    assert caught.value.code == ErrorCode.MODEL_MISSING
