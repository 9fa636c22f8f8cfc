"""The second reader of a line: its cuts, its boxes, and how it weighs texts against their ink."""

import cv2
import numpy as np
import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from recognition.engine.backends.litert import LiteRtSession
from recognition.engine.digits import DigitReader
from recognition.engine.ink_line import LINE_HEIGHT, ink_line
from recognition.engine.lattice import FLOOR, Lattice, Place
from recognition.engine.strings import Grammar, StringReader
from recognition.engine.types import Box
from recognition.engine.weights import find_weights

FONT, SCALE, THICK = cv2.FONT_HERSHEY_SIMPLEX, 1.5, 4


@pytest.fixture(scope="module")
def digits():
    """The digit network that ships."""
    return DigitReader(LiteRtSession(find_weights(settings.MODELS_DIR, "digits").path))


def _line(text, *, gap=6, height=60, shear=0.0):
    """Return dark digits on paper, and the box of each, as an image viewer would see them."""
    page = np.full((height, 40 + 45 * len(text)), 225, np.uint8)
    boxes, x = [], 20
    for character in text:
        glyph = np.full_like(page, 255)
        cv2.putText(glyph, character, (x, 46), FONT, SCALE, 20, THICK, cv2.LINE_AA)
        way = np.array([[1, -shear, shear * height / 2], [0, 1, 0]], np.float32)
        glyph = cv2.warpAffine(glyph, way, page.shape[::-1], borderValue=255)
        left, top, width, tall = cv2.boundingRect((glyph < 120).astype(np.uint8))
        boxes.append(Box(left, top, width, tall))
        page = np.minimum(page, glyph)
        x += width + gap
    return page, boxes


def _places(text, boxes):
    return [
        Place(box.x + box.width / 2, int(digit)) for digit, box in zip(text, boxes, strict=True)
    ]


def test_the_text_that_is_there_has_more_support_than_another(digits):
    page, boxes = _line("40823")
    right, wrong = Lattice(page, digits).opinions(
        [_places("40823", boxes), _places("40873", boxes)]
    )
    assert right.support > wrong.support + 0.5
    assert right.agrees
    assert not wrong.agrees
    assert wrong.weakest < right.weakest


@pytest.mark.parametrize("gap", [8, -3])
@pytest.mark.parametrize("shear", [0.0, 0.3])
def test_every_digit_has_its_box_apart_touching_or_slanted(digits, gap, shear):
    page, boxes = _line("2385", gap=gap, shear=shear)
    lattice = Lattice(page, digits)
    (opinion,) = lattice.opinions([_places("2385", boxes)])
    for (found, shape), box in zip(lattice.boxes(opinion), boxes, strict=True):
        assert found.x == pytest.approx(box.x, abs=7)
        assert found.x + found.width == pytest.approx(box.x + box.width, abs=7)
        assert found.height == pytest.approx(box.height, abs=4)
        assert shape.centre_x == pytest.approx(box.x + box.width / 2, abs=6)


def test_a_digit_passed_over_leaves_ink_or_spoils_a_box(digits):
    page, boxes = _line("9000")
    whole, short = Lattice(page, digits).opinions(
        [_places("9000", boxes), _places("900", boxes[:3])]
    )
    assert short.leftover > whole.leftover + 0.1
    assert short.support < whole.support - 0.3


def test_a_place_without_ink_is_no_digit(digits):
    page, boxes = _line("7")
    page = np.pad(page, ((0, 0), (0, 200)), constant_values=225)
    places = [*_places("7", boxes), Place(page.shape[1] - 3.0, 7)]
    (opinion,) = Lattice(page, digits).opinions([places])
    assert opinion.weakest < FLOOR


def test_blank_paper_and_no_text_have_no_opinion(digits):
    lattice = Lattice(np.full((40, 120), 200, np.uint8), digits)
    assert lattice.opinions([[Place(60.0, 1)], []]) == [None, None]


def test_a_word_is_no_number_and_a_number_is(digits):
    strings = LiteRtSession(find_weights(settings.MODELS_DIR, "strings").path)
    reader = StringReader(strings, digits)
    for text, value in (("Rupees", None), ("Mumbai", None), ("40823", "40823")):
        page = np.full((60, 300), 225, np.uint8)
        cv2.putText(page, text, (20, 46), FONT, SCALE, 20, THICK, cv2.LINE_AA)
        assert reader.read(page, Grammar.NUMBER).value == value


def test_a_reading_says_where_both_readers_differ(digits):
    strings = LiteRtSession(find_weights(settings.MODELS_DIR, "strings").path)
    page, boxes = _line("4082")
    reading = StringReader(strings, digits).read(page, Grammar.NUMBER)
    assert "two_readers_differ" not in reading.notes
    assert [c.shape is not None for c in reading.characters] == [True] * 4
    assert reading.characters[0].box.x == pytest.approx(boxes[0].x, abs=7)


@trials(deadline=None, max_examples=40)
@example([(20, 2), (20, 0), (21, 4)])
@given(st.lists(st.tuples(st.integers(-5, 205), st.integers(0, 9)), min_size=1, max_size=6))
def test_any_places_have_boxes_in_order_or_no_opinion(digits, places):
    page, _ = _line("2041")
    lattice = Lattice(page, digits)
    (opinion,) = lattice.opinions([[Place(float(x), digit) for x, digit in sorted(places)]])
    if opinion is not None:
        assert len(lattice.boxes(opinion)) == len(places)
        assert 0 <= opinion.leftover <= 1


@pytest.mark.parametrize("shape", [(8, 8), (300, 20), (20, 2000)])
def test_any_crop_becomes_a_line_of_ink(shape):
    rng = np.random.default_rng(1)
    line = ink_line(rng.integers(0, 255, shape, dtype=np.uint8))
    assert line.ink.shape[0] == LINE_HEIGHT
    assert line.ink.shape == line.mask.shape


def test_the_slant_is_undone_and_put_back():
    page, boxes = _line("1111", shear=0.3)
    line = ink_line(page)
    assert line.slant == pytest.approx(0.3, abs=0.16)
    start = round(line.column(boxes[0].x - 12))
    end = round(line.column(boxes[0].x + boxes[0].width + 4))
    _, box = line.lift(line.ink[:, start:end], start)
    assert box.x == pytest.approx(boxes[0].x, abs=4)


def test_a_ruled_line_is_no_ink_but_the_stroke_that_crosses_it_is():
    page, boxes = _line("7")
    ruled = page.copy()
    ruled[40:42] = 40
    ink, plain = ink_line(ruled).mask, ink_line(page).mask
    assert ink[:, -14:].sum() == 0
    assert abs(int(ink.sum()) - int(plain.sum())) < 0.25 * plain.sum()
    assert boxes
