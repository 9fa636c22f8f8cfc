"""Eight boxes of digits, and the dates that they may mean."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recognition.engine.calendar_dates import date_hypotheses, literal_of


def sure_of(digits: str, confidence: float = 0.97) -> np.ndarray:
    probability = np.full((8, 10), (1 - confidence) / 9)
    probability[np.arange(8), [int(digit) for digit in digits]] = confidence
    return probability


@given(st.dates(date(1990, 1, 1), date(2059, 12, 31)))
def test_every_clear_date_comes_back(day):
    found = date_hypotheses(sure_of(day.strftime("%d%m%Y")))
    assert found.candidates[0].value == day.isoformat()
    assert found.candidates[0].confidence > 0.75
    assert found.is_possible
    assert literal_of(day.isoformat()) == found.literal


def test_the_calendar_decides_between_two_digits():
    probability = sure_of("31022016")
    probability[3] = 0.01
    probability[3, 2], probability[3, 3] = 0.5, 0.42
    found = date_hypotheses(probability)
    assert found.candidates[0].value == "2016-03-31"
    assert found.literal == "31022016"


def test_a_date_that_cannot_be_is_said_to_be_impossible():
    found = date_hypotheses(sure_of("31022016", 0.999))
    assert not found.is_possible
    assert found.literal == "31022016"


def test_doubt_is_shared_among_the_candidates():
    probability = sure_of("12012016")
    probability[1] = 0.01
    probability[1, 2], probability[1, 7] = 0.48, 0.44
    found = date_hypotheses(probability)
    assert {candidate.value for candidate in found.candidates[:2]} == {"2016-01-12", "2016-01-17"}
    assert sum(candidate.confidence for candidate in found.candidates) <= 1


@given(st.lists(st.lists(st.floats(0, 1), min_size=10, max_size=10), min_size=8, max_size=8))
def test_no_scores_whatever_give_a_confidence_outside_zero_and_one(scores):
    found = date_hypotheses(np.array(scores))
    assert all(0 <= candidate.confidence <= 1 for candidate in found.candidates)
