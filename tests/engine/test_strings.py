"""The string reader: what it makes of the network's frames, and of images with known digits."""

import cv2
import numpy as np
import pytest

from recognition.engine import ctc
from recognition.engine.line import HEIGHT, STRIDE, normalise, to_line
from recognition.engine.strings import Grammar, StringReader
from recognition.engine.types import Box, FieldName


class Scripted:
    """A session that says the same text of any image, each symbol four frames apart."""

    def __init__(self, text: str, *, doubt: tuple[int, str, float] | None = None) -> None:
        self._text, self._doubt = text, doubt

    def run(self, batch):
        frames = max(batch.shape[2] // STRIDE, 4 * len(self._text) + 4)
        probabilities = np.full((frames, ctc.BLANK + 1), 1e-7)
        probabilities[:, ctc.BLANK] = 1
        for place, symbol in enumerate(self._text):
            step = 4 * place + 2
            probabilities[step, ctc.BLANK] = 1e-7
            probabilities[step, ctc.ALPHABET.index(symbol)] = 1
        if self._doubt:
            place, symbol, share = self._doubt
            row = probabilities[4 * place + 2]
            row[ctc.ALPHABET.index(self._text[place])] = 1 - share
            row[ctc.ALPHABET.index(symbol)] = share
        return np.log(np.repeat(probabilities[None], len(batch), 0)).astype(np.float32)


def _paper(width=320, height=40):
    return np.full((height, width), 230, np.uint8)


def _reader(text, **more):
    return StringReader(Scripted(text, **more))


def test_an_amount_has_a_decimal_value_and_its_marks():
    reading = _reader("53,40,000/-").read(_paper(), Grammar.AMOUNT)
    assert (reading.value, reading.raw_text) == ("5340000.00", "53,40,000/-")
    assert [c.value for c in reading.characters] == list("5340000")
    assert reading.confidence > 0.5


def test_characters_stand_from_left_to_right_inside_the_crop():
    reading = _reader("1234").read(_paper(200, 50), Grammar.NUMBER)
    starts = [c.box.x for c in reading.characters]
    assert starts == sorted(starts)
    assert all(c.box.x + c.box.width <= 200 and c.box.height <= 50 for c in reading.characters)


def test_a_doubtful_digit_has_its_rival_and_lowers_the_confidence():
    sure = _reader("1234").read(_paper(), Grammar.NUMBER)
    doubtful = _reader("1234", doubt=(2, "8", 0.4)).read(_paper(), Grammar.NUMBER)
    assert doubtful.alternatives[0].value == "1284"
    assert doubtful.characters[2].alternatives[0].value == "8"
    assert doubtful.confidence < sure.confidence


def test_a_date_takes_the_best_reading_that_a_calendar_has_and_says_so():
    reading = _reader("31132016", doubt=(3, "2", 0.3)).read(_paper(), Grammar.DATE)
    assert reading.value == "31122016"
    assert any("31132016" in note for note in reading.notes)


def test_a_number_of_the_wrong_length_is_no_date():
    reading = _reader("123").read(_paper(), Grammar.DATE)
    assert reading.value is None
    assert reading.raw_text == "123"


def test_blanks_are_nothing_to_read():
    reading = _reader("").read(_paper(), Grammar.AMOUNT)
    assert reading.value is None
    assert not reading.as_field(FieldName.NUMBER, 0.0).accepted


def test_as_a_field_the_boxes_are_those_of_the_whole_image():
    reading = _reader("12").read(_paper(100, 40), Grammar.NUMBER)
    field = reading.as_field(FieldName.NUMBER, 0.5, box=Box(1000, 500, 100, 40))
    assert field.characters[0].box.x == reading.characters[0].box.x + 1000
    assert field.characters[0].box.y == reading.characters[0].box.y + 500


def test_normalised_paper_is_nought_and_ink_is_one_at_any_brightness():
    grey = np.full((40, 100), 200, np.uint8)
    grey[10:30, 40:48] = 60
    darker = (grey * 0.6).astype(np.uint8)
    for image in (grey, darker):
        ink = normalise(image)
        assert ink[0, 0] == pytest.approx(0, abs=1e-6)
        assert ink[20, 44] == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("shape", [(8, 8), (300, 20), (20, 3000), (64, 64)])
def test_any_crop_becomes_a_line_of_the_network_s_height(shape):
    line = to_line(np.full(shape, 128, np.uint8))
    assert line.shape[0] == HEIGHT
    assert STRIDE * 4 <= line.shape[1] <= 768


def test_a_loose_crop_is_narrowed_to_its_printed_box():
    page = np.full((160, 620), 240, np.uint8)
    cv2.rectangle(page, (40, 30), (590, 130), 40, 2)
    cv2.line(page, (120, 30), (120, 130), 40, 2)
    cv2.putText(page, "123", (200, 100), cv2.FONT_HERSHEY_SIMPLEX, 2, 20, 5)
    seen = []

    class Watching(Scripted):
        def run(self, batch):
            seen.append(batch.shape)
            return super().run(batch)

    reading = StringReader(Watching("123")).read(page, Grammar.AMOUNT)
    assert all(c.box.x >= 120 for c in reading.characters)
    assert seen[0][2] > to_line(page).shape[1]


def test_a_doubtful_scrawl_is_illegible_and_has_no_value():
    class Unsure(Scripted):
        def run(self, batch):
            frames = np.full((len(batch), batch.shape[2] // STRIDE, ctc.BLANK + 1), -9.0)
            frames[..., ctc.BLANK] = 2.0
            frames[:, 2, :4] = 4.0  # one of four digits, all alike
            return frames.astype(np.float32)

    number, amount = (
        StringReader(Unsure("")).read(_paper(), grammar)
        for grammar in (Grammar.NUMBER, Grammar.AMOUNT)
    )

    assert (number.value, amount.value) == (None, None)
    assert not number.alternatives
    offered = sorted(other.value for other in amount.alternatives)
    assert offered == ["0.00", "1.00", "2.00", "3.00"]


def test_paper_above_and_below_a_line_is_left_out():
    page = np.full((160, 300), 235, np.uint8)
    cv2.putText(page, "4711", (40, 100), cv2.FONT_HERSHEY_SIMPLEX, 1.5, 30, 4, cv2.LINE_AA)
    reading = _reader("4711").read(page, Grammar.NUMBER)
    assert all(c.box.y >= 40 and c.box.y + c.box.height <= 125 for c in reading.characters)
