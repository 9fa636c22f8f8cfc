"""Find rows of printed figures in a snippet: marks of one height that stand beside each other."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.rulings import ink_mask, without_rulings
from recognition.engine.sheet import Snippet

_HEIGHT_MM = (1.4, 5.5)
_WIDEST = 6.0  # of the height: figures that touch make one mark
_FIGURE_ASPECT = 0.65  # width of a figure by its height, for counting those
_MOST_MARKS = 800
_GAP_MM = 9.0
"""Stamped figures stand far apart; the gap after a label is wider still."""


@dataclass(frozen=True, slots=True, eq=False)
class FigureRow:
    """A row in its snippet, pixels: the marks' common height, and where they start and end.

    ``slope`` is the vertical pixels a horizontal pixel, ``marks`` left, width and height of each.
    """

    left: int
    right: int
    middle: float
    height: float
    slope: float
    marks: NDArray[np.float64]

    @property
    def figures(self) -> int:
        """About how many figures there are, those that touch included."""
        return _figures(self.marks)

    def figures_between(self, left: float, right: float) -> int:
        """Count the figures whose marks have their middle between two columns."""
        middle = self.marks[:, 0] + self.marks[:, 1] / 2
        return _figures(self.marks[(middle >= left) & (middle <= right)])


def find_figure_rows(snippet: Snippet, fewest: int, most_rows: int) -> list[FigureRow]:
    """Return the rows with at least ``fewest`` figures, the longest first."""
    boxes = _marks(snippet)
    rows: list[FigureRow] = []
    centre = boxes[:, 1] + boxes[:, 3] / 2
    taken: list[tuple[float, float]] = []
    height = boxes[:, 3]
    apart = np.abs(centre[None, :] - centre[:, None])
    level = apart < 0.4 * height[:, None]
    alike = np.abs(height[None, :] - height[:, None]) < 0.22 * height[:, None]
    every = level & alike
    counted = every @ _figures_of(boxes)
    for index in np.argsort(-counted, kind="stable"):
        members = every[index]
        if any(abs(centre[index] - middle) < 0.5 * high for middle, high in taken):
            continue
        for run in _runs(boxes[members], _GAP_MM * snippet.pixels_a_mm):
            if _figures(run) >= fewest:
                rows.append(_row(run))
                taken.append((rows[-1].middle, rows[-1].height))
        if len(rows) >= most_rows:
            break
    return sorted(rows, key=lambda row: -row.figures)[:most_rows]


def _marks(snippet: Snippet) -> NDArray[np.float64]:
    """Return x, y, width and height of every mark as high as a figure may be, left to right."""
    mm = snippet.pixels_a_mm
    ink = without_rulings(ink_mask(snippet), mm)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    boxes = stats[1:, :4].astype(np.float64)
    fits = (
        (boxes[:, 3] >= _HEIGHT_MM[0] * mm)
        & (boxes[:, 3] <= _HEIGHT_MM[1] * mm)
        & (boxes[:, 2] <= _WIDEST * boxes[:, 3])
    )
    boxes = boxes[fits][:_MOST_MARKS]
    return boxes[np.argsort(boxes[:, 0], kind="stable")]


def _runs(boxes: NDArray[np.float64], gap: float) -> list[NDArray[np.float64]]:
    """Cut a row where the next mark is more than ``gap`` away."""
    if not len(boxes):
        return []
    ends = np.maximum.accumulate(boxes[:, 0] + boxes[:, 2])
    cuts = np.flatnonzero(boxes[1:, 0] - ends[:-1] > gap) + 1
    return np.split(boxes, cuts)


def _row(boxes: NDArray[np.float64]) -> FigureRow:
    centre_x = boxes[:, 0] + boxes[:, 2] / 2
    centre_y = boxes[:, 1] + boxes[:, 3] / 2
    apart = centre_x - centre_x.mean()
    spread = float(apart @ apart)
    slope = float(apart @ centre_y) / spread if spread > 0 else 0.0  # one long mark is level
    start = centre_y.mean() - slope * centre_x.mean()
    left, right = boxes[0, 0], float((boxes[:, 0] + boxes[:, 2]).max())
    return FigureRow(
        int(left),
        int(right),
        float(start + slope * (left + right) / 2),
        float(np.median(boxes[:, 3])),
        slope,
        boxes[:, [0, 2, 3]],
    )


def _figures(marks: NDArray[np.float64]) -> int:
    return int(_figures_of(marks).sum())


def _figures_of(marks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return about how many figures each mark is."""
    touching = np.round(marks[:, -2] / (_FIGURE_ASPECT * marks[:, -1]))
    return np.asarray(np.maximum(touching, 1), np.float64)
