"""Drawn cells and lines are what their labels say, and the measures of them are right."""

import numpy as np
import pytest

from recognition.engine.micr.strip import CELL_WIDTH, STRIP_HEIGHT
from recognition.engine.micr.symbols import ALPHABET
from recognition.training.calibrate import best_temperature, calibration_error, softmax_loss
from recognition.training.micr.cells import CLASSES, NOTHING, draw_cells
from recognition.training.micr.glyphs import draw_glyph, draw_line
from recognition.training.report import replace_section, wilson


@pytest.mark.parametrize("character", ALPHABET)
def test_every_glyph_ends_at_its_right_edge_and_keeps_to_the_grid(character):
    glyph = draw_glyph(character)
    assert glyph.shape == (18, 14)
    assert glyph[:, -2:].any()
    # Strokes are at least one square of two half squares.
    assert all((glyph > 0).sum(axis=axis).max() >= 2 for axis in (0, 1))


def test_no_two_glyphs_are_alike():
    glyphs = {draw_glyph(character).tobytes() for character in ALPHABET}
    assert len(glyphs) == len(ALPHABET)


def test_a_line_is_as_long_as_its_cells():
    line = draw_line("⑈0831⑈ 5", 8.0)
    assert line.shape[1] == pytest.approx(8 * 3.175 * 8, abs=2)
    assert line.shape[0] == pytest.approx(2.97 * 8, abs=1)


def test_cells_have_every_class_and_ink_between_zero_and_one():
    images, classes = draw_cells(600, np.random.default_rng(2))
    assert images.shape == (600, STRIP_HEIGHT, CELL_WIDTH, 1)
    assert set(classes) == set(range(CLASSES))
    assert images.min() >= 0
    assert images.max() <= 1
    assert images[classes != NOTHING].mean() > images[classes == NOTHING].mean()


def test_the_same_seed_draws_the_same_cells():
    one, other = (draw_cells(30, np.random.default_rng(4))[0] for _ in range(2))
    assert np.array_equal(one, other)


def test_temperature_undoes_overconfidence():
    rng = np.random.default_rng(8)
    true = rng.normal(0, 1.5, (6000, 5))
    chance = np.exp(true) / np.exp(true).sum(axis=1, keepdims=True)
    classes = np.array([rng.choice(5, p=row) for row in chance])
    scores = (true * 2.5).astype(np.float32)
    temperature = best_temperature(softmax_loss(scores, classes))
    assert temperature == pytest.approx(2.5, rel=0.1)
    scaled = np.exp(scores / temperature)
    confidence = (scaled / scaled.sum(axis=1, keepdims=True)).astype(np.float64).max(axis=1)
    assert calibration_error(confidence, scores.argmax(axis=1) == classes) < 0.03


def test_the_interval_of_a_rate_is_wilsons():
    assert wilson(20, 20) == pytest.approx((0.8389, 1.0), abs=1e-3)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-3)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_section_is_replaced_and_the_rest_kept(tmp_path):
    path = tmp_path / "new" / "doc.md"
    replace_section(path, "one", "first")
    replace_section(path, "two", "second")
    replace_section(path, "one", "third")
    text = path.read_text()
    assert "first" not in text
    assert text.index("third") < text.index("second")
