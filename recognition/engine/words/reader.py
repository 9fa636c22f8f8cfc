"""Read the amount in words: letters from a recogniser, values from a grammar, weighed by both.

The grammar proposes values from the likeliest letters; what decides between them is how well the
recogniser's probabilities, not only its likeliest letters, support the words of each (the CTC
forward probability, Graves et al. 2006, over letters regardless of case).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from recognition.engine.line_recogniser import LineRecogniser
from recognition.engine.sheet import Snippet
from recognition.engine.types import Candidate
from recognition.engine.words.grammar import parse_words, split_label
from recognition.engine.words.lexicon import LETTERS
from recognition.engine.words.lines import on_white
from recognition.engine.words.reading import WordsReading

_PROPOSALS = 8
_LONGEST_TEXT = 120  # characters; two full lines hold some 90
_FLOOR = 1e-4  # no letter is ever impossible
_READ = " &-/.,0123456789" + LETTERS + LETTERS.upper()
_TEMPER: Final = 0.5
"""The frames of one letter are no independent evidence; without this, scores are all near 1."""

_BROKEN = 8.0
"""Log odds against a line that breaks the grammar: it is rare, and far more lines break it."""

_CLEAR = -0.4
"""Log probability a letter from which words are taken to stand there as they were read."""

_LEAST_SUPPORT = -2.5
"""Log probability a letter of the best value's words, below which a line is no amount."""


class WordsReader:
    """Reads written lines of words with the recogniser of any line."""

    def __init__(self, recogniser: LineRecogniser) -> None:
        self.recogniser = recogniser
        self._shown = ["", *_READ]
        self.identity = recogniser.identity

    def read(self, lines: list[Snippet]) -> WordsReading:
        """Return the values that one or two lines, one running on in the next, may mean."""
        scored = [self.recogniser.scores(on_white(line.grey), _READ) for line in lines]
        text = " ".join(_likeliest(scores, self._shown) for scores in scored).strip()
        text = text[:_LONGEST_TEXT]
        label, words = split_label(text.lower())
        letters = np.concatenate([_letter_scores(scores) for scores in scored])
        ranked: list[tuple[float, str | None]] = []
        is_clear = False
        for amount in parse_words(words, _PROPOSALS):
            spelled = label + amount.words.replace(" ", "")
            support = _support(letters, spelled)
            if support <= _LEAST_SUPPORT * len(spelled):
                continue
            if amount.value is None:
                is_clear = support > _CLEAR * len(spelled)
                support -= _BROKEN
            ranked.append((support, amount.value))
        ranked.sort(key=lambda pair: -pair[0])
        if not ranked or ranked[0][1] is None:
            return WordsReading(text, (), is_clear, lines[0].box)
        return WordsReading(text, _candidates(ranked), box=lines[0].box)


def _likeliest(scores: NDArray[np.float32], shown: list[str]) -> str:
    best = scores.argmax(axis=1)
    changed = np.append(True, best[1:] != best[:-1])
    return "".join(shown[place] for place in best[changed])


def _letter_scores(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return (frames, 27) log probabilities: no letter, then a to z, both cases together."""
    lower = 1 + _READ.index("a")
    upper = 1 + _READ.index("A")
    count = len(LETTERS)
    letters = scores[:, lower : lower + count] + scores[:, upper : upper + count]
    nothing = np.clip(1.0 - letters.sum(axis=1, keepdims=True), 0.0, 1.0)
    every = np.maximum(np.hstack([nothing, letters]).astype(np.float64), _FLOOR)
    return np.asarray(np.log(every / every.sum(axis=1, keepdims=True)))


def _support(frames: NDArray[np.float64], spelled: str) -> float:
    """Return the log probability that frames, (n, 27) logs, spell these letters."""
    path = np.zeros(2 * len(spelled) + 1, np.intp)
    path[1::2] = [1 + LETTERS.index(letter) for letter in spelled]
    skips = np.zeros(len(path), bool)
    skips[3::2] = path[3::2] != path[1:-2:2]
    reach = np.full(len(path), -np.inf)
    reach[:2] = frames[0, path[:2]]
    for frame in frames[1:]:
        moved = reach.copy()
        moved[1:] = np.logaddexp(moved[1:], reach[:-1])
        moved[2:][skips[2:]] = np.logaddexp(moved[2:], reach[:-2])[skips[2:]]
        reach = moved + frame[path]
    return float(np.logaddexp(reach[-1], reach[-2]))


def _candidates(ranked: list[tuple[float, str | None]]) -> tuple[Candidate, ...]:
    best = ranked[0][0]
    odds = [np.exp(_TEMPER * (support - best)) for support, _ in ranked]
    total = float(sum(odds))
    return tuple(
        Candidate(value, float(share) / total)
        for share, (_, value) in zip(odds, ranked, strict=True)
        if value is not None
    )
