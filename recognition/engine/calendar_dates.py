"""From what eight date boxes may hold to the dates of the calendar that they may mean."""

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from recognition.engine.layouts.layout import DateOrder
from recognition.engine.types import Candidate

YEARS = range(1990, 2060)
"""Cheques are not older than the standard's century nor dated decades ahead."""

_IMPOSSIBLE = 0.02
"""How often a written date is none of the calendar's, against one that is: seldom."""

_CANDIDATES = 4


_FIRST = date(YEARS.start, 1, 1)
_DAYS = [_FIRST + timedelta(days=n) for n in range((date(YEARS.stop, 1, 1) - _FIRST).days)]
_PARTS = np.array([(day.day, day.month, day.year - YEARS.start) for day in _DAYS]).T
_YEAR_DIGITS = np.array([[int(digit) for digit in str(year)] for year in YEARS]).T


@dataclass(frozen=True, slots=True)
class DateHypotheses:
    """The dates that eight boxes may mean, the likeliest first, and what stands there literally.

    Confidences are shares of all that may have been written, impossible dates included.
    """

    candidates: tuple[Candidate, ...]
    literal: str
    is_possible: bool


_PLACES = {
    DateOrder.DAY_FIRST: [0, 1, 2, 3, 4, 5, 6, 7],
    DateOrder.MONTH_FIRST: [2, 3, 0, 1, 4, 5, 6, 7],
    DateOrder.YEAR_FIRST: [6, 7, 4, 5, 0, 1, 2, 3],
}
"""In which of eight boxes the digits of DDMMYYYY stand."""


def date_hypotheses(
    probability: NDArray[np.float64], order: DateOrder = DateOrder.DAY_FIRST
) -> DateHypotheses:
    """Weigh every date by its digits' probabilities, (8, 10), as the boxes have them."""
    literal = "".join(str(digit) for digit in probability.argmax(axis=1))
    floor = np.maximum(probability, 1e-7)[_PLACES[order]]
    days = np.outer(floor[0], floor[1]).ravel()
    months = np.outer(floor[2], floor[3]).ravel()
    years = np.prod(floor[np.arange(4, 8)[:, None], _YEAR_DIGITS], axis=0)
    weight = days[_PARTS[0]] * months[_PARTS[1]] * years[_PARTS[2]]
    valid = float(weight.sum())
    total = float(np.prod(floor.sum(axis=1)))
    evidence = valid + _IMPOSSIBLE * max(total - valid, 0.0)
    likeliest = np.argpartition(-weight, _CANDIDATES)[:_CANDIDATES]
    best = likeliest[np.argsort(-weight[likeliest])]
    candidates = tuple(
        Candidate(_DAYS[index].isoformat(), float(weight[index] / evidence)) for index in best
    )
    # The mass of impossible dates must outweigh the habit of writing possible ones.
    return DateHypotheses(candidates, literal, valid >= evidence / 2)


def literal_of(day: str, order: DateOrder = DateOrder.DAY_FIRST) -> str:
    """Return the digits of an ISO date as the boxes have them.

    >>> literal_of("2021-03-14"), literal_of("2021-03-14", DateOrder.MONTH_FIRST)
    ('14032021', '03142021')
    """
    digits = "".join(itertools.chain(reversed(day.split("-"))))
    boxes = [""] * len(digits)
    for place, digit in zip(_PLACES[order], digits, strict=True):
        boxes[place] = digit
    return "".join(boxes)
