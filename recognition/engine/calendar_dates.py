"""From what eight date boxes may hold to the dates of the calendar that they may mean."""

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from recognition.engine.types import Candidate

YEARS = range(1990, 2060)
"""Cheques are not older than the standard's century nor dated decades ahead."""

_IMPOSSIBLE = 0.02
"""How often a written date is none of the calendar's, against one that is: seldom."""

_CANDIDATES = 4


def _all_dates() -> tuple[list[date], NDArray[np.intp]]:
    first, last = date(YEARS.start, 1, 1), date(YEARS.stop, 1, 1)
    days = [first + timedelta(days=offset) for offset in range((last - first).days)]
    digits = np.array([[int(digit) for digit in day.strftime("%d%m%Y")] for day in days])
    return days, digits


_DAYS, _DIGITS = _all_dates()


@dataclass(frozen=True, slots=True)
class DateHypotheses:
    """The dates that eight boxes may mean, the likeliest first, and what stands there literally.

    Confidences are shares of all that may have been written, impossible dates included.
    """

    candidates: tuple[Candidate, ...]
    literal: str
    is_possible: bool


def date_hypotheses(probability: NDArray[np.float64]) -> DateHypotheses:
    """Weigh every date by its digits' probabilities, (8, 10), in the order DDMMYYYY."""
    literal = "".join(str(digit) for digit in probability.argmax(axis=1))
    floor = np.maximum(probability, 1e-7)
    weight = np.prod(floor[np.arange(8)[:, None], _DIGITS.T], axis=0)
    valid = float(weight.sum())
    total = float(np.prod(floor.sum(axis=1)))
    evidence = valid + _IMPOSSIBLE * max(total - valid, 0.0)
    best = np.argsort(-weight)[:_CANDIDATES]
    candidates = tuple(
        Candidate(_DAYS[index].isoformat(), float(weight[index] / evidence)) for index in best
    )
    # The mass of impossible dates must outweigh the habit of writing possible ones.
    return DateHypotheses(candidates, literal, valid >= evidence / 2)


def literal_of(day: str) -> str:
    """Return the digits of an ISO date as the boxes have them.

    >>> literal_of("2021-03-14")
    '14032021'
    """
    return "".join(itertools.chain(reversed(day.split("-"))))
