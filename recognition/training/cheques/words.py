"""Amounts in English words as people write them on Indian and on American cheques."""

import numpy as np

_UNITS = (
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_LAKHS = ("lakh", "lakhs", "lac", "lacks")
_CRORES = ("crore", "crores")


def in_words(amount: int, rng: np.random.Generator) -> str:
    """Return whole rupees in words, spelled and ended in one of the usual ways.

    >>> in_words(4360000, np.random.default_rng(1)).lower().split()[:2]
    ['forty', 'three']
    """
    scales = (
        (10_000_000, str(rng.choice(_CRORES))),
        (100_000, str(rng.choice(_LAKHS))),
        (1_000, "thousand"),
    )
    words: list[str] = []
    for scale, name in scales:
        count, amount = divmod(amount, scale)
        if count:
            words += [*_below_thousand(count), name]
    words += _below_thousand(amount)
    if rng.random() < 0.6:
        words.append("only")
    text = " ".join(words)
    return text.title() if rng.random() < 0.5 else text.capitalize()


def in_american_words(dollars: int, cents: int) -> str:
    """Return an amount as on American cheques, its cents as a fraction.

    >>> in_american_words(1250, 5)
    'One thousand two hundred fifty and 05/100'
    """
    words: list[str] = []
    for scale, name in ((1_000_000, "million"), (1_000, "thousand")):
        count, dollars = divmod(dollars, scale)
        if count:
            words += [*_below_thousand(count), name]
    words += _below_thousand(dollars)
    return f"{' '.join(words) or 'zero'} and {cents:02}/100".capitalize()


def _below_thousand(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = [_UNITS[hundreds], "hundred"] if hundreds else []
    if rest >= 20:
        words.append(_TENS[rest // 10 - 2])
        rest %= 10
    return [*words, _UNITS[rest]] if rest else words
