import dataclasses
import json

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.engine.shape import describe
from recognition.engine.types import Box


def bar(lean_degrees: float, width: int = 10) -> np.ndarray:
    """A stroke of 120 pixels' height that leans to the right by the angle given."""
    ink = np.zeros((160, 300), np.uint8)
    run = 120 * np.tan(np.radians(lean_degrees))
    cv2.line(ink, (int(150 - run / 2), 140), (int(150 + run / 2), 20), 255, width)
    return ink


def ring(count: int) -> np.ndarray:
    ink = np.zeros((60 * count + 20, 100), np.uint8)
    for index in range(count):
        cv2.circle(ink, (50, 40 + 58 * index), 30, 255, 8)
    return ink


def shape_of(ink: np.ndarray, left: int = 0, top: int = 0, baseline: float | None = None):
    return describe(ink, Box(left, top, ink.shape[1], ink.shape[0]), baseline)


@given(st.floats(-40, 40))
def test_the_slant_of_a_leaning_stroke_is_its_angle(angle):
    assert shape_of(bar(angle)).slant_degrees == pytest.approx(angle, abs=1.5)


@pytest.mark.parametrize("width", [6, 10, 16])
def test_the_stroke_width_is_that_of_the_pen(width):
    assert shape_of(bar(0, width)).stroke_width == pytest.approx(width, rel=0.25)


@pytest.mark.parametrize("loops", [0, 1, 2])
def test_loops_are_counted(loops):
    ink = ring(loops) if loops else bar(10)
    assert shape_of(ink).loops == loops


def test_a_pinhole_is_no_loop():
    ink = bar(0, 20)
    ink[80, 150] = 0
    assert shape_of(ink).loops == 0


def test_places_are_in_the_image_that_was_read():
    ink = np.full((40, 20), 255, np.uint8)
    shape = shape_of(ink, left=100, top=50, baseline=84)
    assert (shape.height, shape.aspect) == (40, 0.5)
    assert shape.centre_x == pytest.approx(109.5)
    assert shape.centre_y == pytest.approx(69.5)
    assert shape.baseline_offset == 6  # below the line


def test_no_ink_has_no_shape():
    assert shape_of(np.zeros((10, 10), np.uint8)) is None


@pytest.mark.parametrize("ink", [bar(10.0), ring(1)])
def test_a_shape_can_be_stored_as_json(ink):
    shape = dataclasses.asdict(shape_of(ink))
    assert json.loads(json.dumps(shape)) == shape
