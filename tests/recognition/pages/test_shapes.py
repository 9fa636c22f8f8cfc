"""A digit's shape in words and as a drawing."""

import pytest

from recognition.templatetags.shapes import shape_drawing, shape_in_words

UPRIGHT = {
    "slant_degrees": 0.0,
    "stroke_width": 10.0,
    "height": 100.0,
    "aspect": 0.6,
    "centre_x": 30.0,
    "centre_y": 50.0,
    "baseline_offset": 0.0,
    "loops": 0,
}
BOX = {"x": 0, "y": 0, "width": 60, "height": 100}


@pytest.mark.parametrize(
    ("changed", "phrase"),
    [
        ({}, "upright"),
        ({"slant_degrees": 12.4}, "leans 12° right"),
        ({"slant_degrees": -12.4}, "leans 12° left"),
        ({"aspect": 0.2}, "narrow"),
        ({"aspect": 1.1}, "wide"),
        ({"stroke_width": 3.0}, "thin line"),
        ({"stroke_width": 20.0}, "thick line"),
        ({}, "no loop"),
        ({"loops": 1}, "1 loop"),
        ({"loops": 2}, "2 loops"),
    ],
)
def test_what_stands_out_is_said(changed, phrase):
    assert phrase in shape_in_words(UPRIGHT | changed)


def test_an_upright_digit_is_drawn_as_a_rectangle_with_its_centre():
    drawing = shape_drawing({"shape": UPRIGHT, "box": BOX})
    assert drawing == {
        "frame": "20.0,110.0 80.0,110.0 80.0,10.0 20.0,10.0",
        "axis": "M50.0 110.0L50.0 10.0",
        "line": "10.0",
        "centre_x": "50.0",
        "centre_y": "60.0",
    }


def test_a_digit_that_leans_right_has_its_top_at_the_right():
    drawing = shape_drawing({"shape": UPRIGHT | {"slant_degrees": 45.0}, "box": BOX})
    assert drawing["axis"] == "M0.0 110.0L100.0 10.0"
