"""What a bank asks of a reader: how many strings it reads whole, and at which error rate."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recognition.training.calibrate import calibration_error
from recognition.training.report import rate_with_interval

ERROR_RATES = (0.01, 0.005, 0.001)
_RESAMPLES = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """One crop: the truth, what was read, how sure, and the milliseconds it took."""

    truth: str
    read: str
    confidence: float
    milliseconds: float

    @property
    def is_right(self) -> bool:
        """The whole string is right."""
        return self.truth == self.read


def edit_distance(one: str, other: str) -> int:
    """Return the least number of insertions, deletions and substitutions (Levenshtein 1966).

    >>> edit_distance("12000", "1200"), edit_distance("47", "74")
    (1, 2)
    """
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def read_rate(answers: Sequence[Answer], error_rate: float) -> float:
    """Return the largest share accepted, surest first, with at most that share of it wrong."""
    ranked = sorted(answers, key=lambda answer: -answer.confidence)
    wrong = np.cumsum([not answer.is_right for answer in ranked])
    accepted = np.arange(1, len(ranked) + 1)
    fits = np.flatnonzero(wrong <= error_rate * accepted)
    return float(accepted[fits[-1]] / len(ranked)) if len(fits) else 0.0


def risk_area(answers: Sequence[Answer]) -> float:
    """Return the area under the risk-coverage curve (AURC): the mean error of all coverages."""
    ranked = sorted(answers, key=lambda answer: -answer.confidence)
    wrong = np.cumsum([not answer.is_right for answer in ranked])
    return float((wrong / np.arange(1, len(ranked) + 1)).mean())


def _interval(answers: Sequence[Answer], error_rate: float) -> tuple[float, float]:
    """Return the 95 % interval of a read rate, by resampling the crops (bootstrap)."""
    rng = np.random.default_rng(0)
    drawn = [
        read_rate([answers[i] for i in rng.integers(0, len(answers), len(answers))], error_rate)
        for _ in range(_RESAMPLES)
    ]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(low), float(high)


def table_row(name: str, answers: Sequence[Answer]) -> str:
    """Return one reader's row: exact, CER, read rates, AURC, ECE, median ms."""
    letters = sum(len(answer.truth) for answer in answers)
    errors = sum(edit_distance(answer.truth, answer.read) for answer in answers)
    rates = []
    for error_rate in ERROR_RATES:
        low, high = _interval(answers, error_rate)
        rates.append(
            f"{100 * read_rate(answers, error_rate):.1f} ({100 * low:.0f}-{100 * high:.0f})"
        )
    right = np.array([answer.is_right for answer in answers])
    sure = np.array([answer.confidence for answer in answers])
    cells = [
        name,
        rate_with_interval(int(right.sum()), len(answers)),
        f"{errors / letters:.3f}",
        *rates,
        f"{risk_area(answers):.3f}",
        f"{calibration_error(sure, right):.3f}",
        f"{np.median([answer.milliseconds for answer in answers]):.1f}",
    ]
    return f"| {' | '.join(cells)} |"


TABLE_HEAD = (
    "| reader | exact % | CER | read % at 1 % error | at 0.5 % | at 0.1 % | AURC | ECE | ms |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
)
