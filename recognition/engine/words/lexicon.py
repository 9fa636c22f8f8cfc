"""The words of English amounts as people spell them, and what a misread letter costs.

Spellings beyond the dictionary's are those that people write ("fourty", "lacks"); what a reader
makes of a letter is the edit costs' business, so no misreading is listed as a spelling.
"""

from enum import IntEnum, auto
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Part(IntEnum):
    """What a word does in an amount."""

    UNIT = auto()  # one to nine
    TEEN = auto()  # ten to nineteen
    TENS = auto()  # twenty to ninety
    HUNDRED = auto()
    SCALE = auto()  # thousand, lakh, million, crore, arab, billion
    CURRENCY = auto()
    FRACTION = auto()  # paise, cents
    AND = auto()
    ONLY = auto()


class Word(NamedTuple):
    """One spelling of one word; ``number`` is what it counts, 0 where it counts nothing."""

    spelling: str
    part: Part
    number: int = 0


_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = {
    1_000: "thousand thousands",
    100_000: "lakh lakhs lac lacs lack lacks",
    1_000_000: "million millions",
    10_000_000: "crore crores",
    1_000_000_000: "arab arabs billion billions",
}
_OTHER = {
    Part.HUNDRED: "hundred hundreds",
    Part.CURRENCY: "rupees rupee rs dollars dollar",
    Part.FRACTION: "paise paisa cents cent",
    Part.AND: "and",
    Part.ONLY: "only",
}


def _words() -> tuple[Word, ...]:
    words = [Word(word, Part.UNIT, count) for count, word in enumerate(_UNITS, 1)]
    words += [Word(word, Part.TEEN, count) for count, word in enumerate(_TEENS, 10)]
    words += [Word(word, Part.TENS, 10 * count) for count, word in enumerate(_TENS, 2)]
    words += [Word(word, Part.TENS, 40) for word in ("fourty",)]
    words += [Word(word, Part.TENS, 90) for word in ("ninty", "ninghty")]
    for number, spellings in _SCALES.items():
        words += [Word(word, Part.SCALE, number) for word in spellings.split()]
    for part, spellings in _OTHER.items():
        number = 100 if part is Part.HUNDRED else 0
        words += [Word(word, part, number) for word in spellings.split()]
    return tuple(words)


WORDS = _words()

LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LIKE = 0.45
_VOWELS = 0.6
_OTHERWISE = 1.0
_ALIKE = (
    "nu nr nh nm nv ur uv uw ua un ao au ae oe oc ou ec ei er ic il it ir lt lh lb li lf lk ll "
    "kh kn kr kt hb hm ht hl hr mw wv vr vn ft fp fl fb fj tl tf yg yj yz gj gq gs sr se sc st "
    "xn xr cr ce do da dl th bh"
)
"""Pairs that joined handwriting makes alike: chosen by eye, not fitted, and after a
first look at how the network misreads; rates on what was looked at flatter them a little."""


def _substitution() -> NDArray[np.float32]:
    costs = np.full((len(LETTERS), len(LETTERS)), _OTHERWISE, np.float32)
    for one in "aeiou":
        for other in "aeiou":
            costs[LETTERS.index(one), LETTERS.index(other)] = _VOWELS
    for pair in _ALIKE.split():
        first, second = (LETTERS.index(letter) for letter in pair)
        costs[first, second] = costs[second, first] = _LIKE
    np.fill_diagonal(costs, 0.0)
    return costs


SUBSTITUTION = _substitution()
"""(26, 26): the cost of reading one letter for another."""

LOST = 0.65
"""The cost of a letter that was written and not read."""

ADDED = 0.75
"""The cost of a letter that was read and not written."""
