"""The figures of the digit network's card: readable without colour, repeatable byte by byte."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from recognition.training.digits.evaluate import Evaluation

mpl.rcParams["svg.hashsalt"] = "hdr"  # so that the same figure is the same file
_COLUMNS = 10


def draw_figures(folder: Path, evaluation: Evaluation, curves: list[dict[str, float]]) -> None:
    """Write confusion_matrix.svg, calibration.svg, training_curves.svg and worst_mistakes.png."""
    _save(_confusion(evaluation), folder / "confusion_matrix.svg")
    _save(_calibration(evaluation), folder / "calibration.svg")
    _save(_mistakes(evaluation), folder / "worst_mistakes.png")
    if curves:
        _save(_curves(curves), folder / "training_curves.svg")


def _confusion(evaluation: Evaluation) -> Figure:
    counts = evaluation.confusion
    figure = Figure((6.4, 5.6), layout="constrained")
    axes = figure.subplots()
    errors = counts.astype(float)
    errors[np.arange(10), np.arange(10)] = 0
    axes.imshow(errors, cmap="Greys", vmin=0, vmax=max(4.0, errors.max() * 1.6))
    for row, column in np.ndindex(counts.shape):
        if counts[row, column]:
            axes.text(column, row, str(counts[row, column]), ha="center", va="center", size=8)
    axes.set_xticks(range(11), [*map(str, range(10)), "none"])
    axes.set_yticks(range(10))
    axes.set(xlabel="read as", ylabel="written", title="MNIST test: what was read as what")
    return figure


def _calibration(evaluation: Evaluation) -> Figure:
    figure = Figure((5.6, 4.6), layout="constrained")
    axes = figure.subplots()
    said, found, counts = zip(*evaluation.reliability, strict=True)
    axes.plot([0, 1], [0, 1], "--", color="grey", label="as it should be")
    axes.plot(said, found, "o-", color="black", label="MNIST test, 15 bins")
    for x, y, count in zip(said, found, counts, strict=True):
        axes.annotate(str(count), (x, y), xytext=(5, -10), textcoords="offset points", size=7)
    axes.set(xlabel="confidence", ylabel="share right", title="Is it as often right as it says?")
    axes.legend()
    return figure


def _curves(curves: list[dict[str, float]]) -> Figure:
    figure = Figure((6.4, 4.2), layout="constrained")
    axes = figure.subplots()
    epochs = [row["epoch"] + 1 for row in curves]
    for key, style, label in (
        ("accuracy", "--", "training (varied glyphs)"),
        ("val_accuracy", "-", "held-out writers"),
    ):
        axes.plot(epochs, [100 * (1 - row[key]) for row in curves], style, c="black", label=label)
    axes.set(xlabel="epoch", ylabel="wrong, %", yscale="log", title="Learning, eleven classes")
    axes.legend()
    return figure


def _mistakes(evaluation: Evaluation) -> Figure:
    rows = max(1, -(-len(evaluation.mistakes) // _COLUMNS))
    figure = Figure((8, 1.1 * rows + 0.2), layout="constrained")
    places = np.atleast_1d(figure.subplots(rows, _COLUMNS)).ravel()
    for axes in places:
        axes.set_axis_off()
    for axes, mistake in zip(places, evaluation.mistakes, strict=False):
        axes.imshow(255 - mistake.glyph, cmap="gray", vmin=0, vmax=255)
        title = f"{mistake.label} as {mistake.reading} {100 * mistake.confidence:.0f}%"
        axes.set_title(title, size=6)
    return figure


def _save(figure: Figure, path: Path) -> None:
    metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
    figure.savefig(path, metadata=metadata, dpi=120)
