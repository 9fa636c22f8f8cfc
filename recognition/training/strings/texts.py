"""What people write in a field: amounts of many countries, dates, numbers, and the marks in them.

Texts are over ``ALPHABET``: ``.`` any dot, ``,`` any comma or apostrophe, ``*`` stars and hashes,
``$`` any sign of a currency, printed or written. A space is a gap and is not read.
"""

import numpy as np

from recognition.engine.ctc import ALPHABET

_TAILS = ("", ".", "-", ".-", "--", "=", "/-", ",", "*", "..", "-.", "/=", ".=", "#", "./", ".,-")
_TAIL_SHARES = (
    0.32,
    0.13,
    0.1,
    0.08,
    0.02,
    0.06,
    0.13,
    0.02,
    0.02,
    0.01,
    0.02,
    0.01,
    0.01,
    0.01,
    0.05,
    0.01,
)

_HEADS = ("", "$", "-", "=", "*", "**", ".")
_HEAD_SHARES = (0.82, 0.06, 0.04, 0.03, 0.03, 0.01, 0.01)


def digits(rng: np.random.Generator, count: int) -> str:
    """Return a number of ``count`` digits: even, round, or with runs, never led by a nought."""
    values = rng.integers(0, 10, count)
    way = rng.random()
    if way < 0.3:
        values[int(rng.integers(1, count + 1)) :] = 0
    elif way < 0.45:
        start = int(rng.integers(0, count))
        values[start : start + int(rng.integers(2, 4))] = values[start]
    if count > 1 and values[0] == 0 and rng.random() < 0.95:
        values[0] = rng.integers(1, 10)
    return "".join(map(str, values))


def grouped(number: str, mark: str, *, is_indian: bool) -> str:
    """Set marks between groups of three, or Indian groups.

    >>> grouped("5340000", ",", is_indian=True), grouped("5340000", ".", is_indian=False)
    ('53,40,000', '5.340.000')
    """
    head, tail = number[:-3], number[-3:]
    step = 2 if is_indian else 3
    groups = [tail]
    while head:
        groups.insert(0, head[-step:])
        head = head[:-step]
    return mark.join(groups)


def amount(rng: np.random.Generator) -> str:
    """Return an amount as written: sign, groups, decimals, and a tail that stops additions."""
    is_indian = rng.random() < 0.5
    count = int(rng.choice(np.arange(1, 11), p=_lengths(is_indian)))
    number = digits(rng, count)
    if is_indian and count > 3 and rng.random() < 0.7:
        number = number[:-3] + "000"
    marks = [",", ".", " ", ""] if is_indian else [".", ",", " ", ""]
    mark = str(rng.choice(marks, p=(0.65, 0.05, 0.08, 0.22)))
    text = grouped(number, mark, is_indian=is_indian)
    if rng.random() < 0.1:
        text += str(rng.choice([".", ",", "-", "/"])) + str(rng.choice(["00", digits(rng, 2)]))
    if is_indian and rng.random() < 0.6:
        tail = str(rng.choice(["/-", "/-", "/-", "/.-", "/=", "-", "/"]))
    else:
        tail = str(rng.choice(_TAILS, p=_TAIL_SHARES)).replace("#", "*")
    head = str(rng.choice(_HEADS, p=_HEAD_SHARES))
    return head + text + tail


def _lengths(is_indian: bool) -> tuple[float, ...]:  # noqa: FBT001 - private, one place
    if is_indian:
        return (0.01, 0.02, 0.05, 0.12, 0.2, 0.2, 0.2, 0.12, 0.06, 0.02)
    return (0.02, 0.06, 0.16, 0.28, 0.28, 0.13, 0.04, 0.01, 0.01, 0.01)


def date(rng: np.random.Generator) -> str:
    """Return DDMMYYYY, not always of the calendar."""
    year = rng.integers(1990, 2040)
    return f"{rng.integers(1, 32):02}{rng.integers(1, 13):02}{year}"


def dashed_date(rng: np.random.Generator) -> str:
    """Return a date with dividers, the century often left out."""
    mark = str(rng.choice(["/", "-", "."]))
    text = date(rng)
    parts = [text[:2], text[2:4], text[4:] if rng.random() < 0.5 else text[6:]]
    if rng.random() < 0.4:
        parts = [parts[0].lstrip("0"), parts[1].lstrip("0"), parts[2]]
    return mark.join(parts)


def number(rng: np.random.Generator) -> str:
    """Return plain digits, of telephone and account numbers, sometimes with gaps or dashes."""
    text = "".join(map(str, rng.integers(0, 10, int(rng.integers(1, 15)))))
    if len(text) > 4 and rng.random() < 0.3:
        cut = int(rng.integers(2, len(text) - 1))
        text = text[:cut] + str(rng.choice([" ", "-", ".", "/"])) + text[cut:]
    return text


def encode(text: str) -> list[int]:
    """Return the classes of a text; gaps have none."""
    return [ALPHABET.index(character) for character in text if character != " "]
