"""The strings to train on, and the measures of the reader: seeded, labelled, and honest."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.engine.confidence import Evidence
from recognition.engine.ctc import ALPHABET
from recognition.engine.line import HEIGHT, STRIDE
from recognition.training.strings import pens, texts
from recognition.training.strings.batches import has_room, pack
from recognition.training.strings.calibrate import cross_fitted, fit
from recognition.training.strings.glyphs import GLYPH_HEIGHT, Pool, deslanted
from recognition.training.strings.measures import Answer, edit_distance, read_rate, risk_area
from recognition.training.strings.papers import Stationery
from recognition.training.strings.sheet import contact_sheet
from recognition.training.strings.synthesis import Sample, Synthesiser


@pytest.fixture(scope="module")
def stationery():
    """Paper without type: no font of the machine is needed."""
    rng = np.random.default_rng(3)
    sheets = tuple(rng.integers(150, 255, (160, 1200), dtype=np.uint8) for _ in range(2))
    block = np.full((40, 30), 255, np.uint8)
    return Stationery(sheets, (block,), (block,))


@pytest.fixture
def pool():
    """Hands that write the designed styles only."""
    return Pool(shares={"pen": 1.0})


def _samples(pool, stationery, seed, count):
    synthesiser = Synthesiser(pool, stationery, seed)
    return [synthesiser.sample() for _ in range(count)]


def test_the_same_seed_makes_the_same_strings(pool, stationery):
    for one, other in zip(
        _samples(pool, stationery, 5, 12), _samples(pool, stationery, 5, 12), strict=True
    ):
        assert one.text == other.text
        assert np.array_equal(one.image, other.image)


def test_samples_are_grey_lines_with_texts_of_the_alphabet(pool, stationery):
    for sample in _samples(pool, stationery, 9, 150):
        assert sample.image.shape[0] == HEIGHT
        assert sample.image.dtype == np.uint8
        assert set(sample.text) <= {*ALPHABET, " "}


def test_some_samples_have_nothing_to_read(pool, stationery):
    assert any(not sample.text for sample in _samples(pool, stationery, 2, 200))


def test_clear_hands_write_on_plain_paper(pool, stationery):
    synthesiser = Synthesiser(pool, stationery, 4, careful=1.0)
    samples = [synthesiser.sample() for _ in range(20)]
    assert all(any(character.isdigit() for character in sample.text) for sample in samples)
    # Much of a line is paper, and all of the paper is alike.
    for sample in samples:
        middle, light = np.percentile(sample.image, (70, 95))
        assert light - middle < 12


def test_every_character_but_the_gap_can_be_written():
    assert set(ALPHABET) == {*pens.DIGIT_STYLES, *pens.MARK_STYLES}


@given(st.integers(0, 10**6))
def test_texts_are_of_the_alphabet(seed):
    rng = np.random.default_rng(seed)
    for make in (texts.amount, texts.date, texts.dashed_date, texts.number):
        assert texts.encode(make(rng))


def test_a_text_needs_a_frame_a_symbol_and_one_between_equals():
    assert has_room("12", 2 * STRIDE)
    assert not has_room("11", 2 * STRIDE)
    assert has_room("11", 3 * STRIDE)


def test_a_batch_is_padded_with_paper_and_minus_one():
    image = np.full((HEIGHT, 40), 200, np.uint8)
    image[8:24, 10:14] = 20
    batch = pack([Sample(image, "1"), Sample(image, "1,2"), Sample(image, "")], 64)
    assert batch.images.shape == (3, HEIGHT, 64, 1)
    assert not batch.images[:, :, 40:].any()
    assert batch.labels.tolist() == [[1, -1, -1], [1, ALPHABET.index(","), 2], [-1, -1, -1]]


def test_a_slanted_stroke_is_set_upright():
    page = np.zeros((28, 28), np.uint8)
    cv2.line(page, (18, 4), (8, 24), 255, 2)
    upright = deslanted(page)
    assert upright.shape[0] == GLYPH_HEIGHT
    assert upright.shape[1] < 14
    assert deslanted(np.zeros((28, 28), np.uint8)) is None


def _answers(right, sure):
    return [Answer("1", "1" if r else "2", s, 1.0) for r, s in zip(right, sure, strict=True)]


def test_the_read_rate_is_the_most_that_can_be_accepted():
    answers = _answers([1] * 50 + [0] + [1] * 49, np.linspace(1, 0, 100))
    assert read_rate(answers, 0.0) == pytest.approx(0.5)
    assert read_rate(answers, 0.01) == pytest.approx(1.0)
    assert read_rate(_answers([0, 1], [1, 0.5]), 0.01) == 0.0


def test_a_better_ranking_has_less_risk():
    right = [1, 1, 1, 0]
    assert risk_area(_answers(right, [4, 3, 2, 1])) < risk_area(_answers(right, [1, 2, 3, 4]))


@given(st.text("0123456789", max_size=8), st.text("0123456789", max_size=8))
def test_the_edit_distance_is_symmetric_and_nought_for_equals(one, other):
    assert edit_distance(one, other) == edit_distance(other, one)
    assert (edit_distance(one, other) == 0) == (one == other)


def test_fitted_confidence_ranks_by_the_evidence():
    rng = np.random.default_rng(1)
    shares = rng.uniform(0.05, 0.999, 300)
    evidence = [Evidence(s, (1 - s) / 2, s, 1.0, 4, 0) for s in shares]
    right = rng.random(300) < shares
    sure = np.array(cross_fitted(evidence, right))
    assert np.corrcoef(sure, shares)[0, 1] > 0.9
    assert len(fit(evidence, right)) == len(evidence[0].features())


def test_a_contact_sheet_shows_every_string(pool, stationery):
    page = contact_sheet(_samples(pool, stationery, 4, 13))
    assert page.shape == (3 * 64, 6 * 300)
    assert page[128:160, :64].std() > 0
