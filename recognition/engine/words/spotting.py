"""Find where a misread line may hold each word of the lexicon, by weighted edit distance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.engine.words.lexicon import ADDED, LETTERS, LOST, SUBSTITUTION, WORDS, Word

_LONGEST = max(len(word.spelling) for word in WORDS)
_SPAN = _LONGEST + 3  # letters of the line that one word may take
_MOST_COST = 0.42  # a letter of the word
_MOST_WAYS = 9  # on from one place in the line

_LENGTHS = np.array([len(word.spelling) for word in WORDS])
_CODES = np.array(
    [
        [LETTERS.index(letter) for letter in word.spelling] + [0] * (_LONGEST - len(word.spelling))
        for word in WORDS
    ]
)
_STEPS = (ADDED * np.arange(_SPAN + 1)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Spotted:
    """A word that the letters up to ``end`` may be, and what must be forgiven for it."""

    word: Word
    end: int
    cost: float


def spot_words(letters: str) -> list[list[Spotted]]:
    """Return, for each place in a line of lower-case letters, the words that may start there."""
    costs = _distances(letters)
    limit = (_MOST_COST * _LENGTHS).astype(np.float32)
    spotted: list[list[Spotted]] = []
    for start in range(len(letters)):
        room = min(_SPAN, len(letters) - start)
        here = costs[start, :, 1 : room + 1]
        found, lengths = np.nonzero(here <= limit[:, None])
        price = here[found, lengths]
        # A dear long word can still be better than a cheap short one: rank by what is left over.
        order = np.argsort(price - _MOST_COST * _LENGTHS[found], kind="stable")
        ways: dict[tuple[object, int, int], Spotted] = {}
        for index in order:
            word = WORDS[found[index]]
            end = start + int(lengths[index]) + 1
            ways.setdefault((word.part, word.number, end), Spotted(word, end, float(price[index])))
            if len(ways) == _MOST_WAYS:
                break
        spotted.append(list(ways.values()))
    return spotted


def _distances(letters: str) -> NDArray[np.float32]:
    """Return (places, words, span + 1): the cost of each word for so many letters from a place."""
    places = len(letters)
    codes = np.array([LETTERS.index(letter) for letter in letters], np.intp)
    inside = np.minimum(np.arange(places)[:, None] + np.arange(_SPAN), places - 1)
    line = codes[inside]  # (places, span)
    result = np.empty((places, len(WORDS), _SPAN + 1), np.float32)
    before = np.broadcast_to(_STEPS, result.shape).copy()
    for letter in range(_LONGEST):
        done = letter == _LENGTHS
        result[:, done] = before[:, done]
        after = before + np.float32(LOST)
        changed = SUBSTITUTION[_CODES[:, letter]][:, line].transpose(1, 0, 2)
        np.minimum(after[:, :, 1:], before[:, :, :-1] + changed, out=after[:, :, 1:])
        # The letters read in addition: a running minimum does for all spans what a loop would.
        after -= _STEPS
        np.minimum.accumulate(after, axis=2, out=after)
        after += _STEPS
        before = after
    done = _LENGTHS == _LONGEST
    result[:, done] = before[:, done]
    return result
