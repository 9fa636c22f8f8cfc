"""CMC-7 is told from E-13B, from print, and from patterns."""

from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition.engine.micr.cmc7 import is_cmc7
from recognition.engine.pipeline import Reader
from recognition.engine.types import FieldName, Kind, Verdict
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.layouts import ALL_LAYOUTS, LAYOUTS

TODAY = date(2026, 3, 1)
SHORT_MM, LONG_MM, BAR_MM, HEIGHT_MM, PITCH_MM = 0.3, 0.5, 0.15, 2.85, 3.175


def print_cmc7(pixels: np.ndarray, scale: float, characters: int = 30) -> np.ndarray:
    """Replace the line at the foot of a drawn cheque by one in CMC-7: bars, some of them broken."""
    rng = np.random.default_rng(3)
    fine = 4
    band = round(13 * scale)
    foot = np.full((band * fine, pixels.shape[1] * fine), 250, np.uint8)
    top = round(4 * scale * fine)
    for index in range(characters):
        long_gaps = set(rng.choice(6, 2, replace=False).tolist())
        x = (40 + index * PITCH_MM) * scale * fine
        for bar in range(7):
            bottom = top + round(HEIGHT_MM * scale * fine)
            left, right = round(x), round(x + BAR_MM * scale * fine)
            foot[top:bottom, left:right] = 30
            if bar in {1, 3, 5}:
                middle = (top + bottom) // 2
                foot[middle - 2 * fine : middle + 2 * fine, left:right] = 250
            x += (BAR_MM + (LONG_MM if bar in long_gaps else SHORT_MM)) * scale * fine
    changed = pixels.copy()
    small = cv2.resize(foot, (pixels.shape[1], band), interpolation=cv2.INTER_AREA)
    changed[-band:] = small[..., None]
    return changed


def cheque(scale: float = 11.81, layout=LAYOUTS[0]) -> np.ndarray:
    rng = np.random.default_rng(1)
    return draw_cheque(Kind.CHEQUE, rng, today=TODAY, layout=layout, pixels_a_mm=scale).pixels


@pytest.mark.parametrize("scale", [8.0, 11.81])
def test_a_line_of_bars_is_cmc7(scale):
    assert is_cmc7(print_cmc7(cheque(scale), scale)[..., 0])


@pytest.mark.parametrize("layout", ALL_LAYOUTS, ids=lambda layout: layout.name)
def test_an_e13b_line_is_not(layout):
    assert not is_cmc7(cheque(8.0, layout)[..., 0])


@pytest.mark.parametrize("gap", [4, 6, 9])
def test_an_even_pattern_of_bars_is_not(gap):
    grey = np.full((700, 1600), 240, np.uint8)
    for x in range(40, 1500, gap):
        cv2.line(grey, (x, 640), (x, 670), 20, 2)
    assert not is_cmc7(grey)


def test_noise_and_blank_paper_are_not():
    rng = np.random.default_rng(2)
    assert not is_cmc7(rng.integers(0, 256, (700, 1600), np.uint8))
    assert not is_cmc7(np.full((700, 1600), 240, np.uint8))
    assert not is_cmc7(np.full((9, 9), 240, np.uint8))


def test_a_cheque_with_cmc7_says_so_and_is_for_a_person():
    reader = Reader(Path(__file__).parents[2] / "models")
    pixels = print_cmc7(cheque(), 11.81)
    reading = reader.read(cv2.imencode(".png", pixels)[1].tobytes(), Kind.CHEQUE, today=TODAY)
    line = reading.field(FieldName.MICR_LINE)
    assert (line.value, line.notes) == (None, ("cmc7_not_read",))
    check = next(check for check in reading.checks if check.rule == "micr_line_form")
    assert check.verdict is Verdict.FAILED
    assert "CMC-7" in check.reason
