"""A drawn cheque goes in as a file and comes out as five fields with places and verdicts."""

import contextlib
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.layouts.layout import DateOrder, layout_as_data, layout_from
from recognition.engine.layouts.library import built_in
from recognition.engine.micr.grammar import Country
from recognition.engine.pipeline import Reader
from recognition.engine.terms import CountryTerms, Terms, terms_as_data, terms_from
from recognition.engine.types import CHEQUE_FIELDS, Box, FieldName, Kind, Verdict
from recognition.training.cheques import draw
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.handwriting import write
from recognition.training.cheques.items import random_item
from recognition.training.cheques.layouts import LAYOUTS, OTHER_LAYOUTS, Part
from recognition.training.cheques.photos import Paper, Shot, photograph, scan_page
from recognition.training.cheques.tables import draw_table
from recognition.training.micr.glyphs import draw_line

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


@pytest.mark.parametrize(
    "layout",
    [layout for layout in OTHER_LAYOUTS if layout.part is Part.TUNING],
    ids=lambda layout: layout.name,
)
def test_other_forms_give_their_line_and_their_five_places(layout):
    cheque = draw_cheque(Kind.CHEQUE, np.random.default_rng(1), today=TODAY, layout=layout)
    reading = read(cheque.pixels)
    assert reading.layout == layout.kind
    assert not [metric.name for metric in reading.quality if metric.verdict is Verdict.FAILED]
    for field in reading.fields:
        assert field.value == cheque.truth[field.name], field.name
        assert overlap(field.box, cheque.boxes[field.name]) > 0.7, field.name


def test_terms_of_a_bank_hold_for_its_items():
    """Its own layout is chosen, sealed by name, and says where to look; its terms say how long."""
    form = next(one for one in OTHER_LAYOUTS if one.name == "prairie-personal")
    cheque = draw_cheque(Kind.CHEQUE, np.random.default_rng(3), today=TODAY, layout=form)
    data = layout_as_data(built_in("us-personal")) | {"name": "prairie", "banks": ["0219"]}
    terms = Terms(
        (layout_from(data),),
        {Country.UNITED_STATES: CountryTerms(valid_months=1, date_order=DateOrder.DAY_FIRST)},
    )
    reading = READER.read(png(cheque.pixels), Kind.CHEQUE, today=date(2026, 12, 1), terms=terms)
    assert reading.layout == "prairie"
    assert "another_order_than_usual" in reading.field(FieldName.DATE).notes
    assert {check.rule: check.verdict for check in reading.checks}["stale"] is Verdict.FAILED
    assert terms_from(terms_as_data(terms)) == terms


def test_the_number_of_the_line_printed_on_the_face_is_no_account_number(monkeypatch):
    def fill(canvas, _layout, item, _box):
        return canvas.text(item.account_part + item.cheque_number, 20.0, 66.0, 3.0)

    monkeypatch.setattr(draw, "_fill_account", fill)
    account = read(drawn(1, seed=2).pixels).field(FieldName.ACCOUNT_NUMBER)
    assert account.value is None


def printed_number(layout: str, kind: Kind, printed: str, in_line: str):
    """Return the rule's verdict on a form whose number is printed as one thing and another."""
    form = next(one for one in (*LAYOUTS, *OTHER_LAYOUTS) if one.name == layout)
    rng = np.random.default_rng(6)
    item = replace(random_item(kind, form, rng, TODAY), cheque_number=in_line)
    with pytest.MonkeyPatch.context() as patch:
        real = draw.print_form
        patch.setattr(draw, "print_form", lambda *given: real(*given[:-1], printed))
        cheque = draw_cheque(kind, rng, today=TODAY, layout=form, item=item)
    checks = {check.rule: check for check in read(cheque.pixels, kind).checks}
    return checks["printed_number"].verdict


@pytest.mark.parametrize(
    ("layout", "kind"),
    [
        ("prairie-personal", Kind.CHEQUE),
        ("prairie-business", Kind.CHEQUE),
        ("green-valley", Kind.DEMAND_DRAFT),
    ],
)
def test_the_printed_number_is_held_against_the_line(layout, kind):
    number = "0508" if layout == "prairie-personal" else "462368"
    changed = number[:-2] + "17"
    assert printed_number(layout, kind, number, number) is Verdict.PASSED
    assert printed_number(layout, kind, changed, number) is Verdict.FAILED
    assert printed_number(layout, kind, "", number) is Verdict.UNKNOWN
    assert printed_number(layout, kind, number[::-1] + "9", number) is Verdict.UNKNOWN


def test_an_american_cheque_with_margins_is_read_where_it_lies():
    layout = next(one for one in OTHER_LAYOUTS if one.name == "prairie-personal")
    cheque = draw_cheque(Kind.CHEQUE, np.random.default_rng(2), today=TODAY, layout=layout)
    framed = cv2.copyMakeBorder(cheque.pixels, *[150] * 4, cv2.BORDER_CONSTANT, value=(90, 110, 90))
    reading = read(framed)
    assert reading.field(FieldName.DATE).value == cheque.truth[FieldName.DATE]
    assert reading.field(FieldName.COURTESY_AMOUNT).value == cheque.item.value


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
    assert holds(reading, FieldName.COURTESY_AMOUNT, centre)


def holds(reading, name: FieldName, point: np.ndarray) -> bool:
    """Tell whether a point of the image as it came is in a field's box in the flat view."""
    flat = np.linalg.inv(np.reshape(reading.lie.to_image, (3, 3))) @ (*point, 1)
    x, y = flat[:2] / flat[2]
    box = reading.field(name).box
    return box.x < x < box.x + box.width and box.y < y < box.y + box.height


@pytest.mark.parametrize(
    ("turn", "tilt", "table", "finger"),
    [(0, 30, "dark", False), (47, 10, "wood", True), (133, 20, "cloth", False),
     (180, 5, "tiles", False), (262, 25, "clutter", False)],
)  # fmt: skip
def test_a_photograph_is_read_from_any_side(turn, tilt, table, finger):
    cheque = drawn(3)
    shot = Shot(tilt_degrees=tilt, turn_degrees=turn, table=table, finger=finger, size=(3264, 2448))
    paper = Paper(cheque.pixels, cheque.layout.size)
    picture = photograph(paper, np.random.default_rng(turn), shot)
    reading = read(picture.pixels)
    assert reading.field(FieldName.MICR_LINE).value == cheque.micr_line
    for name in (FieldName.MICR_LINE, FieldName.COURTESY_AMOUNT, FieldName.DATE):
        field = reading.field(name)
        assert field.value == cheque.truth[name] or not field.accepted, name
        box = cheque.boxes[name]
        height, width = cheque.pixels.shape[:2]
        paper_at = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
        seen = cv2.getPerspectiveTransform(paper_at, picture.corners.astype(np.float32))
        centre = seen @ (box.x + box.width / 2, box.y + box.height / 2, 1)
        assert holds(reading, name, centre[:2] / centre[2])
    assert np.abs(np.array(reading.lie.corners) - picture.corners).max() < 40  # 3 mm
    assert reading.lie.tilt_degrees == pytest.approx(tilt, abs=8)


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_a_cheque_that_fades_into_the_white_page_it_lies_on_is_found_by_its_line(seed):
    cheque = drawn(0, seed=seed)
    pixels, white = cheque.pixels.copy(), 250
    upper, lower = pixels.shape[0] // 4, pixels.shape[0] * 5 // 6
    for part in (pixels[:upper], pixels[lower:]):  # the colour is between, as on many forms
        part[part.min(axis=2) > 150] = white
    page, every = scan_page(
        [Paper(pixels, cheque.layout.size)], np.random.default_rng(seed), lids=(white,), shadow=0
    )

    reading = read(page)

    assert np.abs(np.array(reading.lie.corners) - every[0]).max() < 40  # pixels: 5 mm
    for name in (FieldName.MICR_LINE, FieldName.DATE, FieldName.COURTESY_AMOUNT):
        assert reading.field(name).value == cheque.truth[name]


def test_of_several_cheques_on_a_page_the_first_is_read_and_then_any_other_at_its_place():
    upper, lower = drawn(0, seed=4), drawn(1, seed=5)
    papers = [Paper(cheque.pixels, cheque.layout.size) for cheque in (upper, lower)]
    page, every = scan_page(papers, np.random.default_rng(3))
    reading = read(page)
    assert reading.field(FieldName.MICR_LINE).value == upper.micr_line
    (other,) = reading.others
    assert np.abs(np.array(other.corners) - every[1]).max() < 12  # pixels: 1.5 mm
    second = READER.read(png(page), Kind.CHEQUE, today=TODAY, at=other)
    assert second.field(FieldName.MICR_LINE).value == lower.micr_line
    assert (second.lie, second.others) == (other, ())


def test_a_picture_of_a_table_holds_no_cheque():
    pixels = draw_table("clutter", (1600, 1200), np.random.default_rng(1))
    with pytest.raises(EngineError) as refused:
        read(np.clip(pixels, 0, 255).astype(np.uint8))
    assert refused.value.code == ErrorCode.NO_CHEQUE_FOUND


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


def patterns() -> dict[str, np.ndarray]:
    y, x = np.mgrid[0:500, 0:1100]
    rng = np.random.default_rng(6)
    return {
        "black": np.zeros((500, 1100)),
        "white": np.full((500, 1100), 255),
        "stripes": (x // 3 % 2) * 255,
        "level stripes": (y // 3 % 2) * 255,
        "checks": ((x // 9 + y // 9) % 2) * 255,
        "dots": ((x % 12 < 6) & (y % 17 < 12)) * 255,
        "noise": rng.integers(0, 256, (500, 1100)),
        "bars": (rng.random(1100)[None, :].repeat(500, 0) > 0.5) * 255,
        "sliver": np.full((9, 4000), 128),
        "column": rng.integers(0, 256, (3000, 9)),
    }


@pytest.mark.parametrize("name", sorted(patterns()))
def test_patterns_end_soon_and_nothing_in_them_is_accepted(name):
    pixels = cv2.cvtColor(np.asarray(patterns()[name], np.uint8), cv2.COLOR_GRAY2BGR)
    start = time.process_time()
    with contextlib.suppress(EngineError):
        assert not any(field.accepted for field in read(pixels).fields)
    assert time.process_time() - start < 5


def test_an_american_line_gives_the_account_number_where_it_stands():
    sheet = np.full((560, 1230, 3), 245, np.uint8)
    ink = draw_line("⑆021000021⑆ 123456789⑈ 0101", 8.0)
    x, y = 60, 500
    sheet[y : y + ink.shape[0], x : x + ink.shape[1]] -= (ink * 0.85).astype(np.uint8)[..., None]
    reading = read(sheet)
    account = reading.field(FieldName.ACCOUNT_NUMBER)
    assert account.value == "123456789"
    assert reading.field(FieldName.CHEQUE_NUMBER).value == "0101"
    assert account.box.x == pytest.approx(60 + 12 * 25.4, abs=12)
    assert next(c for c in reading.checks if c.rule == "micr_line_form").verdict is Verdict.PASSED


@pytest.mark.parametrize("layout", range(len(LAYOUTS)))
def test_drawn_cheques_give_their_account_number_and_date(layout):
    cheque = drawn(layout, seed=3)
    reading = read(cheque.pixels)
    for name in (FieldName.ACCOUNT_NUMBER, FieldName.DATE):
        field = reading.field(name)
        assert field.value == cheque.truth[name]
        assert len(field.characters) == len(field.raw_text)
        assert all(character.box is not None for character in field.characters)


@pytest.mark.parametrize("layout", range(len(LAYOUTS)))
def test_the_printed_amount_and_date_of_a_draft_are_read(layout):
    draft = drawn(layout, kind=Kind.DEMAND_DRAFT)
    reading = read(draft.pixels, Kind.DEMAND_DRAFT)
    for name in (FieldName.COURTESY_AMOUNT, FieldName.DATE):
        assert reading.field(name).value == draft.truth[name]


def test_a_scan_of_two_tones_and_half_the_resolution_still_gives_printed_fields():
    cheque = drawn(1)
    grey = cv2.cvtColor(cheque.pixels, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    tones = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, 41, 18
    )
    for spoilt in (small, tones):
        reading = read(cv2.cvtColor(spoilt, cv2.COLOR_GRAY2BGR))
        assert reading.field(FieldName.MICR_LINE).value == cheque.micr_line
        assert reading.field(FieldName.DATE).value == cheque.truth[FieldName.DATE]


def test_a_cheque_without_date_or_amount_says_so_and_leaves_them_empty():
    cheque = drawn(2)
    pixels = cheque.pixels.copy()
    for name in (FieldName.DATE, FieldName.COURTESY_AMOUNT):
        box = cheque.boxes[name]
        part = pixels[box.y + 6 : box.y + box.height - 6, box.x + 4 : box.x + box.width - 4]
        paper = np.median(part.reshape(-1, 3), axis=0)
        ink = part.max(axis=2) < 190
        keep = np.zeros_like(ink)
        if name is FieldName.DATE:  # the dividers stay
            pitch = box.width / 8
            columns = [round(index * pitch) - 4 for index in range(1, 8)]
            keep[:, [c + d for c in columns for d in (-1, 0, 1) if c + d < ink.shape[1]]] = True
        part[ink & ~keep] = paper
    reading = read(pixels)
    assert reading.field(FieldName.DATE).value is None
    assert reading.field(FieldName.DATE).box is not None
    assert not reading.field(FieldName.COURTESY_AMOUNT).accepted
    rules = {check.rule: check.verdict for check in reading.checks}
    assert rules["date_valid"] is Verdict.FAILED


@pytest.mark.parametrize("kind", [Kind.DIGIT, Kind.NUMBER])
def test_a_digit_or_a_number_has_one_field_of_its_name(kind):
    text = "7" if kind is Kind.DIGIT else "5270"
    ink, _ = write(text, 90, 12, np.random.default_rng(2))
    pixels = cv2.cvtColor(255 - ink, cv2.COLOR_GRAY2BGR)
    reading = read(pixels, kind)
    assert [field.name.value for field in reading.fields] == [kind.value]
    assert reading.fields[0].value == text
    assert reading.checks == ()
