"""A pen in the signature's place is told from print, at every resolution."""

from datetime import date

import cv2
import numpy as np
import pytest

from recognition.engine.layouts.layout import PlaceName
from recognition.engine.layouts.library import CTS_2010, built_in
from recognition.engine.sheet import sheet_by_edges
from recognition.engine.signature import is_signed
from recognition.engine.types import Kind
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.layouts import LAYOUTS

WINDOW = built_in(CTS_2010).places[PlaceName.SIGNATURE].window
SIGNED = (slice(53, 71), slice(160, 195))  # millimetres, down and across, of the drawn scrawl


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("pixels_a_mm", [4.0, 8.0])
def test_a_signature_is_seen_and_its_absence_too(layout, pixels_a_mm):
    rng = np.random.default_rng(5)
    drawn = draw_cheque(
        Kind.CHEQUE, rng, today=date(2026, 3, 1), layout=layout, pixels_a_mm=pixels_a_mm
    )
    grey = cv2.cvtColor(drawn.pixels, cv2.COLOR_BGR2GRAY)
    sheet = sheet_by_edges(*grey.shape[::-1])
    assert is_signed(grey, sheet, WINDOW)
    down, across = (
        slice(round(s.start * pixels_a_mm), round(s.stop * pixels_a_mm)) for s in SIGNED
    )
    grey[down, across] = np.median(grey[down, across])
    assert not is_signed(grey, sheet, WINDOW)


def test_print_and_the_bars_of_a_code_are_no_signature():
    grey = np.full((92 * 8, 202 * 8), 240, np.uint8)
    cv2.putText(grey, "FOR EXAMPLE AND SONS", (150 * 8, 70 * 8), 0, 0.6, 20, 2)
    for y in range(50 * 8, 70 * 8, 6):
        cv2.line(grey, (round(191.5 * 8), y), (200 * 8, y), 20, 2)
    assert not is_signed(grey, sheet_by_edges(202 * 8, 92 * 8), WINDOW)
