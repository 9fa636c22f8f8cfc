"""Two small figures of how readers rank their answers: risk over coverage, and reliability."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from recognition.training.strings.measures import Answer

_BINS = 10
_STYLES = ("-", "--", ":", "-.", (0, (1, 3)), (0, (6, 2, 1, 2)))


def draw_risk(answers: Mapping[str, Sequence[Answer]], path: Path) -> None:
    """Write the share that is wrong among the surest answers, over how many are accepted."""
    figure = Figure((6.4, 4.2), layout="constrained")
    axes = figure.subplots()
    for (name, each), style in zip(answers.items(), _STYLES, strict=False):
        ranked = sorted(each, key=lambda answer: -answer.confidence)
        wrong = np.cumsum([not answer.is_right for answer in ranked])
        accepted = np.arange(1, len(ranked) + 1)
        axes.plot(100 * accepted / len(ranked), 100 * wrong / accepted, ls=style, label=name)
    axes.axhline(1, color="grey", lw=0.6)
    axes.set(xlabel="accepted, %", ylabel="of these wrong, %", xlim=(0, 100), ylim=(0, 30))
    axes.legend(fontsize=7)
    _save(figure, path)


def draw_reliability(answers: Mapping[str, Sequence[Answer]], path: Path) -> None:
    """Write how often answers are right, over how sure their reader was."""
    figure = Figure((5.4, 4.4), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="grey", lw=0.6)
    for (name, each), style in zip(answers.items(), _STYLES, strict=False):
        sure = np.array([answer.confidence for answer in each])
        right = np.array([answer.is_right for answer in each])
        bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
        points = [(sure[bins == i].mean(), right[bins == i].mean()) for i in np.unique(bins)]
        axes.plot(*zip(*points, strict=True), ls=style, marker=".", label=name)
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1))
    axes.legend(fontsize=7)
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Repeatable byte by byte, and text stays text.
    with mpl.rc_context({"svg.hashsalt": "hdr", "svg.fonttype": "none"}):
        figure.savefig(path, metadata={"Date": None})
