import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as arrays

from recognition.engine.digit_image import EMPTY_NOTE, NO_DIGIT_NOTE, cut_ink, read_digit_image
from recognition.engine.digits import NOT_A_DIGIT, DigitReader
from recognition.engine.types import FieldName


class Always:
    """A network that gives every glyph to one class."""

    def __init__(self, answer: int) -> None:
        self._answer = answer

    def run(self, batch):
        return np.eye(11, dtype=np.float32)[[self._answer] * len(batch)] * 12


def seven(paper: int = 255, ink: int = 0, size: int = 320, line: int = 18) -> np.ndarray:
    image = np.full((size, size), paper, np.uint8)
    corners = (np.array([[0.3, 0.2], [0.7, 0.2], [0.45, 0.85]]) * size).astype(np.int32)
    cv2.polylines(image, [corners], isClosed=False, color=ink, thickness=line)
    return image


def read(image: np.ndarray, answer: int = 7):
    return read_digit_image(image, DigitReader(Always(answer)), accept_at=0.99)


@pytest.mark.parametrize(
    "image",
    [
        seven(),
        seven(paper=0, ink=255),
        seven(paper=200, ink=90),
        seven(size=28, line=2),
        seven(size=1500, line=30),
    ],
    ids=["drawn", "light on dark", "pencil", "28 pixels", "large"],
)
def test_a_digit_is_found_where_it_stands(image):
    reading = read(image)
    size = image.shape[0]
    assert (reading.name, reading.value, reading.accepted) == (FieldName.DIGIT, "7", True)
    (character,) = reading.characters
    assert character.value == "7"
    assert reading.box.x / size == pytest.approx(0.28, abs=0.05)
    assert reading.box.height / size == pytest.approx(0.7, abs=0.08)
    assert character.shape.height / size == pytest.approx(0.7, abs=0.08)
    assert character.shape.loops == 0


def test_shading_grain_specks_and_a_ruled_line_are_not_ink():
    clean = seven(paper=230, ink=60, size=400)
    shade = np.linspace(1, 0.45, 400)[np.newaxis]
    grain = np.random.default_rng(1).normal(0, 4, (400, 400))
    photo = np.clip(clean * shade + grain, 0, 255).astype(np.uint8)
    photo[380:383] = 70
    photo[30:33, 30:33] = 60
    cut, ideal = cut_ink(photo), cut_ink(clean)
    for side in ("x", "y", "width", "height"):
        assert getattr(cut.box, side) == pytest.approx(getattr(ideal.box, side), abs=6)


@pytest.mark.parametrize("paper", [0, 120, 255])
def test_an_empty_image_holds_nothing(paper):
    grain = np.random.default_rng(2).normal(0, 6, (240, 320))
    for image in (np.full((240, 320), paper), np.clip(paper + grain, 0, 255)):
        reading = read(image.astype(np.uint8))
        assert reading.value is None
        assert reading.notes == (EMPTY_NOTE,)
        assert not reading.accepted


def test_what_is_no_digit_is_not_given_a_value():
    reading = read(seven(), NOT_A_DIGIT)
    assert (reading.value, reading.confidence, reading.notes) == (None, 0.0, (NO_DIGIT_NOTE,))
    assert reading.box is not None


@settings(max_examples=60, deadline=None)
@given(
    arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=70))
)
def test_no_image_breaks_the_reading(image):
    reading = read(image)
    assert 0 <= reading.confidence <= 1
    if reading.box:
        assert reading.box.x + reading.box.width <= image.shape[1]
        assert reading.box.y + reading.box.height <= image.shape[0]


@pytest.mark.parametrize("shape", [(8, 30_000), (30_000, 8)])
def test_a_long_strip_is_read_as_no_digit(shape):
    image = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    assert read(image).value is None
