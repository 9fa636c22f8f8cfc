"""The third reader of a line: what it says of texts, and how it is joined with the first two."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from recognition.engine import ctc
from recognition.engine.confidence import Evidence, calibrated
from recognition.engine.third_opinion import Heard, ThirdOpinion

PAPER = np.full((40, 160), 220, np.uint8)


class Saying:
    """A recogniser that says one text of any line; ``doubt`` puts another character in a place."""

    def __init__(self, text, doubt=None, share=0.0):
        self._text, self._doubt, self._share = text, doubt or text, share

    def scores(self, _grey, characters, *, least_width):
        assert least_width > 0
        frames = np.full((2 * len(self._text) + 2, 1 + len(characters)), 1e-7, np.float32)
        frames[::2, 0] = 1
        frames[-1, 0] = 1
        for place, (sure, other) in enumerate(zip(self._text, self._doubt, strict=True)):
            for character, p in ((other, self._share), (sure, 1 - self._share)):
                if character in characters:  # a letter is in no column that was asked for
                    frames[2 * place + 1, 1 + characters.index(character)] = p
        return frames


def _third(text, doubt=None, share=0.0, *, ends_in_stroke=False):
    return ThirdOpinion(PAPER, Saying(text, doubt, share), ends_in_stroke=ends_in_stroke)


def test_what_both_name_is_nearly_certain():
    joined = _third("1234").joined([("1234", 0.6), ("1284", 0.4)])
    assert joined[0][0] == "1234"
    assert joined[0][1] > 0.99
    assert sum(share for _, share in joined) == pytest.approx(1)


def test_it_decides_where_ours_are_in_doubt_and_not_where_ours_are_sure():
    third = _third("1234", "1284", 0.4)
    assert third.joined([("1284", 0.5), ("1234", 0.48)])[0][0] == "1234"
    assert third.joined([("1284", 0.97), ("1234", 0.02)])[0][0] == "1284"


def test_a_text_that_ours_did_not_think_of_may_win():
    assert _third("77").joined([("17", 0.4)])[0][0] == "77"


def test_marks_part_digits_and_are_none():
    third = _third("1,234.5")
    assert third.heard("12345").agrees
    assert third.heard("12345").support == pytest.approx(0, abs=0.01)


def test_a_closing_stroke_taken_for_a_digit_does_not_count_against_ours():
    third = _third("45001", ends_in_stroke=True)
    joined = third.joined([("4500", 0.7)])
    assert [text for text, _ in joined] == ["4500"]
    assert third.heard("4500").agrees
    assert not _third("45001").heard("4500").agrees


@pytest.mark.parametrize(("text", "is_words"), [("Mumbai", True), ("4O82", False), ("408", False)])
def test_letters_are_words_unless_they_are_few_among_digits(text, is_words):
    assert _third(text).is_words == is_words


def test_its_agreement_raises_the_confidence_and_a_difference_lowers_it():
    evidence = Evidence(share=0.9, rival=0.05, weakest=0.9, agreeing=1.0, length=4, changed=0)
    of = [
        calibrated(Evidence(**{**_fields(evidence), "heard": Heard(support, agrees=support > -1)}))
        for support in (-0.1, -6.0)
    ]
    assert of[0] > 0.8
    assert of[1] < 0.4


def _fields(evidence):
    return {name: getattr(evidence, name) for name in evidence.__slots__}


@trials(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.floats(0.01, 1), min_size=3, max_size=3), min_size=1, max_size=5),
    st.lists(st.integers(0, 1), max_size=3),
)
def test_a_texts_probability_is_the_sum_over_all_its_alignments(rows, classes):
    frames = np.array(rows)
    frames /= frames.sum(axis=1, keepdims=True)
    expected = 0.0
    for path in product(range(3), repeat=len(frames)):
        kept = [s for s, before in zip(path, (None, *path), strict=False) if s != before]
        if [s for s in kept if s != 2] == classes:
            expected += math.prod(frames[step, s] for step, s in enumerate(path))
    found = ctc.log_probability(frames, classes)
    assert math.exp(found) == pytest.approx(expected, abs=1e-9)
