"""Lines that are drawn here are read, cut from where they stand, and weighed."""

import subprocess
import sys

import cv2
import numpy as np
import pytest

from recognition.engine.image import split_planes
from recognition.engine.line_recogniser import LineRecogniser
from recognition.engine.region import Region
from recognition.engine.sheet import Sheet, Snippet
from recognition.engine.words.lines import cut_lines
from recognition.engine.words.reader import WordsReader

PIXELS_A_MM = 8.0
AMOUNT_BOX = Region(143.0, 34.0, 196.0, 43.0)


@pytest.fixture(scope="module")
def reader():
    return WordsReader(LineRecogniser())


def sheet_with(*lines: str) -> list[Snippet]:
    """Return what is cut of a sheet on which these lines are written, as many as there are."""
    pixels = np.full((int(92 * PIXELS_A_MM), int(202 * PIXELS_A_MM), 3), 235, np.uint8)
    for index, text in enumerate(lines):
        baseline = AMOUNT_BOX.top if index == 0 else AMOUNT_BOX.bottom
        place = (int(28 * PIXELS_A_MM), int((baseline - 1) * PIXELS_A_MM))
        cv2.putText(
            pixels, text, place, cv2.FONT_HERSHEY_SIMPLEX, 1.1, (120, 40, 40), 3, cv2.LINE_AA
        )
    scale = np.array([[PIXELS_A_MM, 0.0, 0.0], [0.0, PIXELS_A_MM, 0.0]])
    return cut_lines(split_planes(pixels), Sheet(scale), AMOUNT_BOX)


def test_a_line_is_read_to_its_value(reader):
    reading = reader.read(sheet_with("Two lakh fifty thousand only"))
    assert reading.candidates[0].value == "250000.00"
    assert reading.candidates[0].confidence > 0.9
    assert not reading.breaks_grammar


def test_the_amount_runs_on_in_the_second_line(reader):
    lines = sheet_with("Seventy six lakh eighty", "thousand nine hundred only")
    assert len(lines) == 2
    assert reader.read(lines).candidates[0].value == "7680900.00"


def test_an_empty_second_line_is_not_read():
    assert len(sheet_with("Two lakh")) == 1


def test_words_that_make_no_amount_are_told(reader):
    reading = reader.read(sheet_with("Two thousand thirty thousand"))
    assert reading.candidates == ()
    assert reading.breaks_grammar


def test_empty_lines_have_no_value(reader):
    reading = reader.read(sheet_with())
    assert reading.candidates == ()
    assert not reading.breaks_grammar


def test_the_place_of_the_line_is_that_of_the_image(reader):
    box = reader.read(sheet_with("Ten")).box
    assert abs(box.x - 14 * PIXELS_A_MM) <= 1
    assert abs(box.y + box.height - 36 * PIXELS_A_MM) <= 1


def test_who_reads_no_words_loads_no_second_runtime():
    code = (
        "import sys, recognition.engine.pipeline;"
        "sys.exit(any(name in sys.modules for name in ('onnxruntime', 'rapidocr')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
