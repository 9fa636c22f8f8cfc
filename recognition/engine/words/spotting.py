"""Find where a misread line may hold each word of the lexicon, by weighted edit distance.

Words that begin alike ("six", "sixteen", "sixty") share the work on what they share: the lexicon is
a tree of letters, and every depth of it is one step for all places of the line at once.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recognition.engine.words.lexicon import ADDED, LETTERS, LOST, SUBSTITUTION, WORDS, Word

_LONGEST = max(len(word.spelling) for word in WORDS)
_SPAN = _LONGEST + 3  # letters of the line that one word may take
_MOST_COST = 0.42  # a letter of the word
_MOST_WAYS = 9  # on from one place in the line

_MOST_ADDED = int(_MOST_COST * _LONGEST / ADDED)
"""Letters in addition that no word can afford one more of."""

_COUNTS = list(dict.fromkeys((word.part, word.number) for word in WORDS))
_MEANINGS = [_COUNTS.index((word.part, word.number)) for word in WORDS]
_LENGTHS = np.array([len(word.spelling) for word in WORDS])
_LIMITS = (_MOST_COST * _LENGTHS).astype(np.float32)
_STEPS = (ADDED * np.arange(_SPAN + 1)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Depth:
    """The letters at one depth of the tree.

    ``parents`` says after which node of the depth before each ``letters`` stands; ``ends`` are the
    nodes at which the ``words`` are complete.
    """

    parents: NDArray[np.intp]
    letters: NDArray[np.intp]
    ends: NDArray[np.intp]
    words: NDArray[np.intp]


def _tree() -> list[_Depth]:
    depths = []
    before = [""]
    for depth in range(1, _LONGEST + 1):
        nodes = sorted({word.spelling[:depth] for word in WORDS if len(word.spelling) >= depth})
        whole = [index for index, word in enumerate(WORDS) if len(word.spelling) == depth]
        depths.append(
            _Depth(
                parents=np.array([before.index(node[:-1]) for node in nodes], np.intp),
                letters=np.array([LETTERS.index(node[-1]) for node in nodes], np.intp),
                ends=np.array([nodes.index(WORDS[index].spelling) for index in whole], np.intp),
                words=np.array(whole, np.intp),
            )
        )
        before = nodes
    return depths


_TREE = _tree()


class Spotted(NamedTuple):
    """A word that the letters up to ``end`` may be, and what must be forgiven for it.

    ``meaning`` is the same for all spellings that count alike.
    """

    word: Word
    meaning: int
    end: int
    cost: float


def spot_words(letters: str) -> list[list[Spotted]]:
    """Return, for each place in a line of lower-case letters, the words that may start there."""
    words, starts, lengths, prices = _affordable(letters)
    # A dear long word can still be better than a cheap short one: rank by what is left over.
    left_over = prices - _MOST_COST * _LENGTHS[words]
    order = np.lexsort((lengths, words, left_over, starts))
    bounds = np.searchsorted(starts[order], np.arange(len(letters) + 1)).tolist()
    found = words[order].tolist()
    ends = (starts + lengths)[order].tolist()
    costs = prices[order].tolist()
    return [_ways(found[a:b], ends[a:b], costs[a:b]) for a, b in pairwise(bounds)]


def _ways(found: list[int], ends: list[int], costs: list[float]) -> list[Spotted]:
    """Keep the best spelling of each word for each end, the best ones of all."""
    ways: dict[tuple[int, int], Spotted] = {}
    for index, end, cost in zip(found, ends, costs, strict=True):
        meaning = _MEANINGS[index]
        if (meaning, end) not in ways:
            ways[meaning, end] = Spotted(WORDS[index], meaning, end, cost)
            if len(ways) == _MOST_WAYS:
                break
    return list(ways.values())


_Hits = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]


def _affordable(letters: str) -> _Hits:
    """Return, for all words and places: the word, where it starts, its length there, its cost."""
    places = len(letters)
    codes = np.array([LETTERS.index(letter) for letter in letters], np.intp)
    inside = np.minimum(np.arange(places)[:, None] + np.arange(_SPAN), places - 1)
    read_for = SUBSTITUTION[:, codes[inside]]  # (26, places, span)
    room = np.arange(places)[:, None] + np.arange(1, _SPAN + 1) <= places  # (places, span)
    hits: list[_Hits] = []
    width = _MOST_ADDED
    costs = np.broadcast_to(_STEPS[: width + 1], (1, places, width + 1))
    for depth in _TREE:
        before = costs[depth.parents]  # (nodes, places, letters of the line + 1)
        width = min(width + 1, _SPAN)
        costs = np.full((*before.shape[:2], width + 1), np.inf, np.float32)
        lost = before.shape[2]
        np.add(before, np.float32(LOST), out=costs[:, :, :lost])
        changed = read_for[depth.letters][:, :, :width]
        np.minimum(costs[:, :, 1:], before[:, :, :width] + changed, out=costs[:, :, 1:])
        # The letters read in addition: a running minimum does for all spans what a loop would.
        steps = _STEPS[: width + 1]
        costs -= steps
        np.minimum.accumulate(costs, axis=2, out=costs)
        costs += steps
        if len(depth.ends):
            of_words = costs[depth.ends][:, :, 1:]
            limits = _LIMITS[depth.words][:, None, None]
            which, starts, lengths = np.nonzero((of_words <= limits) & room[:, :width])
            prices = of_words[which, starts, lengths]
            hits.append((depth.words[which], starts, lengths + 1, prices))
    words, starts, lengths, prices = (np.concatenate(part) for part in zip(*hits, strict=True))
    return words, starts, lengths, prices
