"""The eight boxes of a date are found by their dividers, or by the frame where those are pale."""

import cv2
import numpy as np
import pytest

from recognition.engine.date_comb import CELLS, find_date_comb
from recognition.engine.sheet import Snippet

LEFT, TOP, PITCH, HEIGHT = 160, 44, 44, 48  # pixels at 8 a millimetre


def window(divider: int) -> np.ndarray:
    """Return paper with a comb whose frame is black and whose dividers are of a grey."""
    grey = np.full((176, 600), 220, np.uint8)
    for index in range(CELLS + 1):
        shade = 60 if index in {0, CELLS} else divider
        x = LEFT + index * PITCH
        cv2.line(grey, (x, TOP), (x, TOP + HEIGHT), shade, 2)
    for y in (TOP, TOP + HEIGHT):
        cv2.line(grey, (LEFT, y), (LEFT + CELLS * PITCH, y), 60, 2)
    return grey


def found(grey: np.ndarray):
    return find_date_comb(Snippet(grey, 8.0, np.eye(2, 3)))


def lies_there(comb) -> bool:
    wanted = [LEFT + index * PITCH for index in range(CELLS + 1)]
    return np.allclose(comb.lines, wanted, atol=3) and abs(comb.top - TOP) < 4


@pytest.mark.parametrize("divider", [60, 130, 205])
def test_pale_dividers_are_found_within_their_frame(divider):
    comb = found(cv2.GaussianBlur(window(divider), (0, 0), 1.2))
    assert comb is not None
    assert lies_there(comb)


def test_a_frame_without_dividers_is_no_comb():
    assert found(window(220)) is None


def test_a_digit_that_runs_into_the_end_of_the_frame_moves_nothing():
    grey = window(60)
    cv2.line(grey, (LEFT + 3, TOP + 4), (LEFT + 11, TOP + HEIGHT - 4), 40, 9)
    comb = found(grey)
    assert comb is not None
    assert lies_there(comb)


def test_figures_that_run_into_the_side_of_a_pale_frame_do_not_hide_it():
    grey = window(205)
    right = LEFT + CELLS * PITCH
    cv2.line(grey, (right, TOP - 6), (right - 14, TOP + 18), 60, 4)
    comb = found(cv2.GaussianBlur(grey, (0, 0), 1.2))
    assert comb is not None
    assert lies_there(comb)


def test_writing_on_plain_paper_is_no_comb():
    grey = np.full((176, 600), 220, np.uint8)
    cv2.putText(grey, "12 Mar 2026", (160, 90), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 40, 4)
    assert found(grey) is None
