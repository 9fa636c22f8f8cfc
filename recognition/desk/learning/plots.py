"""Where everything stands in two plots; the templates draw it, without a colour that says anything.

All places are in units of the view box, from its top left corner.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition.desk.learning.figures import Level, Rate, Threshold

WIDTH, HEIGHT = 420, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 406, 14, 258
_STEPS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
_MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, and what stands beside it."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What was counted: a point, and the ends of its interval."""

    x: float
    y: float
    low: float
    high: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot: what was counted, what was promised, and what was audited."""

    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    marks: Sequence[Mark]
    promises: Sequence[tuple[float, float]]
    audited: Mark | None = None
    is_tilted: bool = False  # what stands at the lower axis is too long to stand level

    @property
    def line(self) -> str:
        """The counted points as a polyline has them."""
        return " ".join(f"{one.x},{one.y}" for one in self.marks)

    @property
    def promised_line(self) -> str:
        """The promised points, the same."""
        return " ".join(f"{x},{y}" for x, y in self.promises)


def reliability(levels: Sequence[Level]) -> Plot:
    """Place each level of confidence beside the next, and by how often it was right."""
    lowest = min([one.right.interval[0] for one in levels] + [one.said for one in levels])
    scale = _Scale(max(0.0, lowest - 0.02), 1.0)
    width = (RIGHT - LEFT) / len(levels)
    places = [round(LEFT + width * (number + 0.5), 1) for number in range(len(levels))]
    return Plot(
        [Tick(x, f"{100 * one.begins:g}") for x, one in zip(places, levels, strict=True)],
        scale.ticks(),
        [scale.mark(x, one.right) for x, one in zip(places, levels, strict=True)],
        [(x, scale.place(one.said)) for x, one in zip(places, levels, strict=True)],
        is_tilted=True,
    )


def risk(thresholds: Sequence[Threshold], audited: Rate, at: Threshold) -> Plot:
    """Place each threshold by what would be read from it on, and by how much of that is wrong."""
    ends = [one.wrong.share for one in thresholds] + [one.wrong.interval[1] for one in thresholds]
    highest = max([*ends, audited.interval[1] if audited.total else 0, 0.01])
    scale = _Scale(0.0, min(1.0, highest * 1.05))
    places = [_read_at(one.read) for one in thresholds]
    audit = scale.mark(_read_at(at.read), audited) if audited.total else None
    return Plot(
        [Tick(_across(tenth / 5), f"{20 * tenth}") for tenth in range(6)],
        scale.ticks(),
        [
            scale.mark(x, one.wrong, f"{100 * one.at:g}")
            for x, one in zip(places, thresholds, strict=True)
        ],
        [
            (x, scale.place(one.promise))
            for x, one in zip(places, thresholds, strict=True)
            if one.promise <= scale.high
        ],
        audit,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """An axis upwards, of shares between two."""

    low: float
    high: float

    def place(self, share: float) -> float:
        part = (min(max(share, self.low), self.high) - self.low) / (self.high - self.low)
        return round(BOTTOM - part * (BOTTOM - TOP), 1)

    def mark(self, x: float, rate: Rate, label: str = "") -> Mark:
        low, high = rate.interval
        return Mark(x, self.place(rate.share), self.place(low), self.place(high), label)

    def ticks(self) -> list[Tick]:
        span = self.high - self.low
        step = next((one for one in _STEPS if span / one <= _MOST_TICKS), _STEPS[-1])
        first = -(-self.low // step)
        shares = [step * (first + number) for number in range(int(span / step) + 1)]
        return [
            Tick(self.place(one), f"{100 * one:.4g}") for one in shares if one <= self.high + 1e-9
        ]


def _across(share: float) -> float:
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _read_at(read: Rate) -> float:
    return _across(read.share)
