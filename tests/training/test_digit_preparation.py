from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.training.datasets import DataFolders, DigitSet, load_pen_test
from recognition.training.digits import negatives
from recognition.training.digits.augment import Augmenter, Strength
from recognition.training.digits.plan import load_plan
from recognition.training.digits.preparation import (
    NOT_A_DIGIT,
    Split,
    clean,
    contiguous_parts,
    draw_as_canvas,
    make_negatives,
    prepare,
    usps_parts,
    writer_parts,
)
from tests.training.digit_sets import draw_digit, write_digit_sets

SPLIT = Split(seed=3, validation=0.2, calibration=0.2, usps_test=0.2, negatives=48)
STILL = Strength(0, 0, 0, 0, 0, 0, 0, 0)


@pytest.fixture
def folders(tmp_path, monkeypatch):
    write_digit_sets(tmp_path, monkeypatch)
    monkeypatch.setattr(negatives, "FONTS_TRAINING", ())  # a machine may have no such fonts
    return DataFolders([tmp_path])


def test_every_source_comes_in_one_form_in_three_parts(folders):
    prepared = prepare(folders, SPLIT)
    for part in (prepared.training, prepared.validation, prepared.calibration):
        assert set(part) == {"mnist", "usps", "semeion", "dida", "pen", "printed", "negatives"}
        for name, data in part.items():
            assert data.glyphs.shape[1:] == (28, 28)
            assert len(data.glyphs) == len(data.labels) > 0
            assert (data.labels == NOT_A_DIGIT).all() == (name == "negatives")


def test_the_same_seed_prepares_the_same_data(folders):
    one, other = prepare(folders, SPLIT), prepare(folders, SPLIT)
    for name, data in one.training.items():
        np.testing.assert_array_equal(data.glyphs, other.training[name].glyphs)


def test_the_part_of_usps_that_stands_in_for_a_test_set_is_not_prepared(folders):
    kept, held_out = usps_parts(folders, SPLIT)
    assert (len(kept.labels), len(held_out.labels)) == (80, 20)
    prepared = prepare(folders, SPLIT)
    used = sum(len(part["usps"].labels) for part in (prepared.training, prepared.validation))
    assert used + len(prepared.calibration["usps"].labels) <= len(kept.labels)


@given(st.lists(st.integers(0, 40), min_size=10, max_size=200), st.integers(0, 99))
def test_no_writer_is_in_two_parts(writers, seed):
    writers = np.array(writers)
    parts = writer_parts(writers, SPLIT, np.random.default_rng(seed))
    for writer in np.unique(writers):
        assert len(np.unique(parts[writers == writer])) == 1


def test_sources_without_writers_are_cut_where_they_stand():
    assert contiguous_parts(10, SPLIT).tolist() == [0] * 6 + [1] * 2 + [2] * 2


def test_empty_mislabelled_and_repeated_samples_are_dropped_and_counted():
    rng = np.random.default_rng(1)
    digit, other = draw_digit(3, 28, rng), draw_digit(5, 28, rng)
    images = np.stack([digit, np.zeros_like(digit), other, digit])
    dropped = {}
    kept = clean(DigitSet("some", images, np.array([3, 1, 12, 3]), np.zeros(4, int)), dropped)
    assert kept.labels.tolist() == [3]
    assert dropped == {"some: empty or mislabelled": 2, "some: repeated": 1}


@pytest.mark.parametrize("kind", ["letter", "mark", "pair", "fragment", "scribble", "blank"])
def test_every_kind_of_negative_is_made(kind):
    rng = np.random.default_rng(2)
    digits = np.stack([draw_digit(label, 28, rng) for label in range(10)])
    maker = negatives.NegativeMaker(("futural",), (), digits, np.arange(10))
    made = maker.make(kind, 20, rng)
    assert made.shape == (20, 28, 28)
    assert len(np.unique(made, axis=0)) > 5


def test_negatives_are_of_every_kind_and_of_the_eleventh_class():
    rng = np.random.default_rng(2)
    digits = np.stack([draw_digit(label, 28, rng) for label in range(10)])
    made = make_negatives(negatives.NegativeMaker(("futural",), (), digits, np.arange(10)), 60, rng)
    assert made.labels.tolist() == [NOT_A_DIGIT] * 60


def test_a_glyph_that_is_not_varied_stays_as_it_is():
    glyphs = np.stack([draw_digit(label, 28, np.random.default_rng(3)) for label in range(10)])
    np.testing.assert_array_equal(Augmenter(STILL, 1)(glyphs), glyphs)


def test_variation_keeps_the_ink_and_follows_its_seed():
    strength = load_plan().stages[0].augmentation
    assert set(asdict(strength)) == set(Strength.__dataclass_fields__)
    glyphs = np.stack([draw_digit(label % 10, 28, np.random.default_rng(3)) for label in range(50)])
    varied = Augmenter(strength, 5)(glyphs)
    assert (varied != glyphs).any(axis=(1, 2)).all()
    assert varied.mean() == pytest.approx(glyphs.mean(), rel=0.2)
    np.testing.assert_array_equal(varied, Augmenter(strength, 5)(glyphs))


def test_a_pen_digit_is_drawn_as_on_the_drawing_page(folders):
    canvas = draw_as_canvas(load_pen_test(folders)[3], np.random.default_rng(1))
    assert canvas.shape == (320, 320)
    assert (canvas[0, 0], canvas.min()) == (255, 0)
