"""Lines of printed figures."""

import numpy as np

from recognition.engine.account import _without_false_letters
from recognition.engine.print_reader import LETTER, PRINT_ALPHABET, PrintReader


class _Says:
    """A network that is sure of a text, four frames a character, with a faint second answer."""

    def __init__(self, text: str, second: str) -> None:
        self._text, self._second = text, second

    def run(self, batch):
        frames = np.full((batch.shape[2] // 4, len(PRINT_ALPHABET) + 1), -20.0, np.float32)
        frames[:, -1] = 10
        for index, character in enumerate(self._text):
            at = 2 + 4 * index
            frames[at, -1] = -20
            frames[at, PRINT_ALPHABET.index(character)] = 10
            frames[at, PRINT_ALPHABET.index(self._second)] = 0  # e-10, about 0.00005
        return frames[None]


def test_among_figures_a_letter_is_the_digit_that_it_is_likest():
    paper = np.full((32, 256), 255, np.uint8)

    line = PrintReader(_Says(f"12{LETTER}34", "0")).read(paper)

    assert "".join(c.value for c in line) == "12A34"
    assert [c.alternatives[0].value for c in line if c.value == LETTER] == ["0"]
    assert "".join(c.value for c in _without_false_letters(line)) == "12034"


def test_what_is_sure_to_be_a_digit_has_no_alternatives():
    paper = np.full((32, 256), 255, np.uint8)

    line = PrintReader(_Says("1234", "0")).read(paper)

    assert all(c.alternatives == () for c in line)
