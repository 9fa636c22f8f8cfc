"""How sure a reading of a string is: a logistic combination of all that speaks for and against."""

import math
from dataclasses import dataclass

from recognition.engine.third_opinion import Heard

_TINY = 1e-6
_LEAST_IN_INK = 1e-3
_LEAST_HEARD = -8.0


@dataclass(frozen=True, slots=True)
class InkOpinion:
    """The digit network's word on the string: its weakest digit, the ink left over, its own vote.

    ``leftover`` is a share of all ink; ``agrees``: it reads the same in every box.
    """

    weakest: float
    leftover: float
    agrees: bool


_NO_OPINION = InkOpinion(weakest=0.3, leftover=0.1, agrees=False)
"""What counts where there is none: about the mean of all crops."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the string that was chosen.

    ``share`` and ``rival``: probability of it and of the next one; ``weakest``: of its weakest
    digit; ``agreeing``: share of the views that read it; ``changed``: notes of the grammar;
    ``opinion``: of the second reader, if it has one; ``heard``: of the third, if it was asked.
    """

    share: float
    rival: float
    weakest: float
    agreeing: float
    length: int
    changed: int
    opinion: InkOpinion | None = None
    heard: Heard | None = None

    def features(self) -> tuple[float, ...]:
        """Return the numbers that the combination weighs; the first is constant.

        Each is the greater the more speaks for the string, so that no weight is below nought.
        """
        share = min(max(self.share, _TINY), 1 - _TINY)
        if self.heard is not None:
            # The share holds what two readers say of it. More evidence than these two made the
            # order of the surest of 200 real amounts worse.
            heard = max(self.heard.support, _LEAST_HEARD)
            return (1.0, math.log(share / (1 - share)), -float(self.changed), heard)
        ink = self.opinion or _NO_OPINION
        return (
            1.0,
            math.log(share / (1 - share)),
            math.log(share / max(self.rival, _TINY)),
            math.log(max(self.weakest, _TINY)),
            self.agreeing,
            -float(self.changed),
            math.log(max(ink.weakest, _LEAST_IN_INK)),
            -ink.leftover,
            float(ink.agrees) if self.opinion else 0.5,
        )


WEIGHTS = (-0.4099, 0.2683, 0.6217, 0.0, 0.3242, 0.5, 0.1304, 1.0193, 0.7896)
"""Of ``Evidence.features``: fitted on 200 real amounts that no network was trained on, by
``manage.py benchmark_strings`` with strings/4 and digits/4, which prints them."""


WEIGHTS_OF_THREE = (0.7745, 0.394, 0.5, 0.5478)
"""The same where the third reader was asked, fitted with strings/3. With strings/4 seventeen errors
are left to fit on: the third reader's own word got next to no weight, and the order of the surest
was no better."""


def calibrated(evidence: Evidence, weights: tuple[float, ...] | None = None) -> float:
    """Return the probability that the string is right."""
    weights = weights or (WEIGHTS if evidence.heard is None else WEIGHTS_OF_THREE)
    total = sum(w * x for w, x in zip(weights, evidence.features(), strict=True))
    return 1 / (1 + math.exp(-total)) if total > -700 else 0.0  # noqa: PLR2004 - exp overflows
