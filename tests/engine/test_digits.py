import numpy as np
import pytest

from recognition.engine.digits import NOT_A_DIGIT, DigitReader


class Scores:
    """A network that answers with the scores it was given."""

    def __init__(self, *rows: dict[int, float]) -> None:
        self._scores = np.zeros((len(rows), 11), np.float32)
        for row, scores in zip(self._scores, rows, strict=True):
            row[list(scores)] = list(scores.values())
        self.batch = None

    def run(self, batch):
        self.batch = batch
        return self._scores


INK = np.full((40, 10), 255, np.uint8)


def test_candidates_come_best_first_with_probabilities():
    (reading,) = DigitReader(Scores({1: 8.0, 7: 6.0})).read([INK])
    assert reading.value == "1"
    assert [candidate.value for candidate in reading.candidates[:2]] == ["1", "7"]
    assert reading.confidence == reading.candidates[0].confidence
    assert 0.8 < reading.confidence < 0.9
    assert sum(candidate.confidence for candidate in reading.candidates) <= 1


def test_what_is_no_digit_has_no_value_but_candidates():
    (reading,) = DigitReader(Scores({NOT_A_DIGIT: 9.0, 3: 7.0})).read([INK])
    assert reading.value is None
    assert reading.confidence == pytest.approx(0.88, abs=0.01)
    assert reading.candidates[0].value == "3"


def test_a_batch_is_one_call_of_ink_between_0_and_1():
    session = Scores({1: 5.0}, {NOT_A_DIGIT: 5.0})
    one, none = DigitReader(session).read([INK, np.zeros((9, 9), np.uint8)])
    assert (one.value, none.value) == ("1", None)
    assert session.batch.shape == (2, 28, 28, 1)
    assert session.batch.dtype == np.float32
    assert session.batch[0].max() == 1
    assert session.batch[1].max() == 0


def test_no_glyphs_need_no_network():
    assert DigitReader(Scores()).read([]) == []
