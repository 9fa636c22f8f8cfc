"""Frames, combs, signs and rows of figures are found where they are drawn, and nowhere else."""

import cv2
import numpy as np
import pytest

from recognition.engine.amount_box import find_amount_box
from recognition.engine.currency_sign import draw_rupee_sign, sign_end
from recognition.engine.date_comb import find_date_comb
from recognition.engine.figure_rows import find_figure_rows
from recognition.engine.region import Region
from recognition.engine.sheet import Sheet, Snippet, sheet_by_edges
from recognition.training.cheques.handwriting import write

MM = 8.0


def paper(width_mm: float, height_mm: float) -> np.ndarray:
    return np.full((round(height_mm * MM), round(width_mm * MM)), 235, np.uint8)


def snippet(grey: np.ndarray) -> Snippet:
    return Snippet(grey, MM, np.array([[1.0, 0, 0], [0, 1.0, 0]]))


def rectangle(grey: np.ndarray, left: float, top: float, right: float, bottom: float) -> None:
    start, end = (round(left * MM), round(top * MM)), (round(right * MM), round(bottom * MM))
    cv2.rectangle(grey, start, end, 60, 1)


def lay(grey: np.ndarray, ink: np.ndarray, x_mm: float, y_mm: float) -> None:
    x, y = round(x_mm * MM), round(y_mm * MM)
    view = grey[y : y + ink.shape[0], x : x + ink.shape[1]]
    view -= (view * (ink[: view.shape[0], : view.shape[1]] / 255 * 0.8)).astype(np.uint8)


@pytest.mark.parametrize("divided", [True, False])
def test_the_amount_box_is_found_with_writing_across_its_frame(divided):
    grey = paper(72, 24)
    rectangle(grey, 12, 6, 62, 15)
    if divided:
        cv2.line(grey, (round(21 * MM), round(6 * MM)), (round(21 * MM), round(15 * MM)), 60, 1)
    ink, _ = write("83,60,000/-", 45, 4, np.random.default_rng(2))
    lay(grey, ink, 22, 3)
    box = find_amount_box(snippet(grey))
    assert np.allclose(
        [box.left / MM, box.top / MM, box.right / MM, box.bottom / MM], [12, 6, 62, 15], atol=0.4
    )
    assert (box.divider is not None) == divided


def test_a_dotted_frame_is_found():
    grey = paper(72, 24)
    rectangle(grey, 10, 5, 60, 14)
    grey[:, ::6] = np.where(grey[:, ::6] < 100, 235, grey[:, ::6])
    assert find_amount_box(snippet(grey)) is not None


@pytest.mark.parametrize("pitch", [4.9, 5.6])
@pytest.mark.parametrize("missing", [None, 0, 4])
def test_the_date_comb_is_found_even_with_a_divider_lost(pitch, missing):
    grey = paper(72, 22)
    top, bottom, left = 6, 11.5, 12
    for index in range(9):
        if index != missing:
            x = round((left + index * pitch) * MM)
            cv2.line(grey, (x, round(top * MM)), (x, round(bottom * MM)), 60, 1)
    rng = np.random.default_rng(4)
    for index in range(8):
        ink, _ = write(str(rng.integers(10)), 30, 3, rng)
        lay(grey, ink, left + (index + 0.1) * pitch - 1.2, 4.8)
    comb = find_date_comb(snippet(grey))
    assert comb.pitch / MM == pytest.approx(pitch, rel=0.03)
    if missing != 0:
        assert comb.lines[0] / MM == pytest.approx(left, abs=0.4)
    assert comb.top / MM == pytest.approx(top, abs=0.5)


def test_writing_alone_has_neither_box_nor_comb():
    grey = paper(72, 24)
    ink, _ = write("11,11,111/-", 60, 4, np.random.default_rng(3))
    lay(grey, ink, 5, 4)
    assert find_amount_box(snippet(grey)) is None
    assert find_date_comb(snippet(grey)) is None


@pytest.mark.parametrize("scale", [0.85, 1.0, 1.3])
def test_the_rupee_sign_is_cut_off(scale):
    grey = paper(50, 9)
    lay(grey, draw_rupee_sign(MM * scale), 1.5, 1.5)
    end = sign_end(snippet(grey))
    assert 3.0 * MM < end < 6.5 * MM


@pytest.mark.parametrize("digit", "0123456789")
def test_no_digit_is_taken_for_the_rupee_sign(digit):
    for seed in range(8):
        grey = paper(50, 9)
        ink, _ = write(digit * 3, 34, 4, np.random.default_rng(seed))
        lay(grey, ink, 0, 0)
        assert sign_end(snippet(grey)) is None


def test_rows_of_figures_are_counted_and_their_slope_is_told():
    grey = paper(110, 20)
    for index, digit in enumerate("40013020209952"):
        y = round((8 + 0.05 * index) * MM)
        cv2.putText(grey, digit, (round((20 + 3.4 * index) * MM), y), 0, 1.0, 40, 2)
    row = find_figure_rows(snippet(grey), fewest=7, most_rows=3)[0]
    assert row.figures == 14
    assert row.slope == pytest.approx(0.05 / 3.4, abs=0.006)


def test_an_empty_window_has_no_rows():
    assert find_figure_rows(snippet(paper(110, 20)), fewest=7, most_rows=3) == []


def test_a_cut_of_the_sheet_knows_its_way_back():
    sheet = Sheet(np.array([[10.0, 1.0, 50.0], [-1.0, 10.0, 300.0]]))
    grey = np.full((1400, 2300), 255, np.uint8)
    x, y = sheet.to_image @ (100.0, 40.0, 1.0)
    cv2.circle(grey, (round(x), round(y)), 12, 0, -1)
    cut = sheet.cut(grey, Region(95, 35, 105, 45), 4.0)
    assert cut.grey[20, 20] < 80
    box = cut.image_box(18, 18, 22, 22)
    assert box.x <= x <= box.x + box.width
    assert box.y <= y <= box.y + box.height


def test_what_lies_outside_the_image_is_white():
    cut = sheet_by_edges(404, 184).cut(np.zeros((184, 404), np.uint8), Region(-20, 0, 10, 10), 2.0)
    assert cut.grey[10, 5] == 255
    assert cut.grey[10, 55] == 0
