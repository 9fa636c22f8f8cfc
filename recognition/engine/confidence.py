"""How sure a reading of a string is: a logistic combination of all that speaks for and against."""

import math
from dataclasses import dataclass

_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the string that was chosen.

    ``share`` and ``rival``: probability of it and of the next one; ``weakest``: of its weakest
    digit; ``agreeing``: share of the views that read it; ``changed``: notes of the grammar.
    """

    share: float
    rival: float
    weakest: float
    agreeing: float
    length: int
    changed: int

    def features(self) -> tuple[float, ...]:
        """Return the numbers that the combination weighs; the first is constant."""
        share = min(max(self.share, _TINY), 1 - _TINY)
        return (
            1.0,
            math.log(share / (1 - share)),
            math.log(share / max(self.rival, _TINY)),
            math.log(max(self.weakest, _TINY)),
            self.agreeing,
            float(self.changed),
        )


WEIGHTS = (-0.5074, 1.1602, 0.1845, -0.9902, 0.3015, -0.5)
"""Of ``Evidence.features``: fitted on 200 real amounts that no network was trained on, by
``manage.py benchmark_strings`` with strings/2, which prints them."""


def calibrated(evidence: Evidence, weights: tuple[float, ...] = WEIGHTS) -> float:
    """Return the probability that the string is right."""
    total = sum(w * x for w, x in zip(weights, evidence.features(), strict=True))
    return 1 / (1 + math.exp(-total)) if total > -700 else 0.0  # noqa: PLR2004 - exp overflows
