"""The MICR row is found by its pitch, at any scale, slightly turned, and nowhere else."""

import cv2
import numpy as np
import pytest

from recognition.engine.micr.locate import find_row
from recognition.training.micr.glyphs import draw_line

LINE = "⑈417203⑈ 400012056⑆ 310078⑈ 31"


def cheque(pixels_a_mm: float, degrees: float = 0.0, margin: int = 0) -> np.ndarray:
    """A white sheet with one line at the place where Indian cheques have it."""
    ink = draw_line(LINE, pixels_a_mm)
    sheet = np.full((round(92 * pixels_a_mm), round(202 * pixels_a_mm)), 250, np.uint8)
    top, left = round(83 * pixels_a_mm), round(50 * pixels_a_mm)
    sheet[top : top + ink.shape[0], left : left + ink.shape[1]] = 250 - (ink * 0.9).astype(np.uint8)
    sheet = cv2.copyMakeBorder(sheet, *[margin] * 4, cv2.BORDER_CONSTANT, value=170)
    height, width = sheet.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return cv2.warpAffine(sheet, turn, (width, height), flags=cv2.INTER_AREA, borderValue=170)


@pytest.mark.parametrize("pixels_a_mm", [4.0, 8.0, 11.8, 23.6])
def test_the_pitch_is_measured_at_every_resolution(pixels_a_mm):
    row = find_row(cheque(pixels_a_mm))
    assert row is not None
    assert row.pitch == pytest.approx(3.175 * pixels_a_mm, rel=0.01)
    assert row.origin[1] / pixels_a_mm == pytest.approx(84.5, abs=0.3)
    assert row.glyphs >= 20


@pytest.mark.parametrize("degrees", [-8.0, -2.0, 3.0, 8.0])
def test_a_turned_row_is_followed(degrees):
    row = find_row(cheque(8.0, degrees, margin=250))
    assert row is not None
    assert np.degrees(np.arctan(row.slope)) == pytest.approx(degrees, abs=0.3)


def test_blank_paper_has_no_row():
    assert find_row(np.full((400, 900), 240, np.uint8)) is None


def test_noise_has_no_row():
    noise = np.random.default_rng(3).integers(0, 256, (500, 1100), np.uint8)
    assert find_row(noise) is None


@pytest.mark.parametrize("shape", [(8, 8), (10, 3000), (3000, 10)])
def test_images_of_odd_shapes_are_searched_without_failing(shape):
    assert find_row(np.full(shape, 200, np.uint8)) is None
