import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.engine.glyphs import normalise_glyph


def seven(size: int, line: int) -> np.ndarray:
    ink = np.zeros((size, size), np.uint8)
    corners = np.array([[0.25, 0.2], [0.7, 0.2], [0.45, 0.85]]) * size
    cv2.polylines(ink, [corners.astype(np.int32)], isClosed=False, color=255, thickness=line)
    return ink


@pytest.mark.parametrize(("size", "line"), [(28, 2), (320, 18), (1200, 6), (64, 1)])
def test_a_glyph_fills_the_box_of_mnist_around_its_centre_of_mass(size, line):
    glyph = normalise_glyph(seven(size, line))
    assert glyph.shape == (28, 28)
    assert glyph.max() == 255
    rows = np.flatnonzero(glyph.any(axis=1))
    assert rows[-1] - rows[0] + 1 == 20
    moments = cv2.moments(glyph)
    assert moments["m10"] / moments["m00"] == pytest.approx(14, abs=0.8)


def test_a_hairline_does_not_fade():
    assert np.mean(normalise_glyph(seven(1200, 3))) > 10


@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 255))
def test_any_patch_gives_a_glyph(height, width, value):
    glyph = normalise_glyph(np.full((height, width), value, np.uint8))
    assert glyph.shape == (28, 28)
    assert (glyph.max() > 0) == (value >= 12)
