"""Find the MICR row: glyphs of one height at constant pitch, whatever the scale and the skew.

ANSI X9.100-160 (E-13B): every glyph ends at the right edge of its cell, digits are 0.117 inch high,
and cells follow each other every 0.125 inch. That ratio tells the row from any line of text, and
its pitch is a ruler: 3.175 mm.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.image import shrink_whole

PITCH_MM = 3.175
GLYPH_HEIGHT_MM = 2.97
PITCH_OF_HEIGHT = PITCH_MM / GLYPH_HEIGHT_MM

MIN_GLYPHS = 8
"""An Indian line has at least 17 digits, a US one 13; half of them may be lost to dirt."""

WORKING_WIDTHS = (1300, 2400)
"""Pixels, tried in turn. At 1300 a cheque's E-13B glyphs are 19 pixels high: far enough apart.
The second is for cheques with wide margins and for coarse scans, whose glyphs would touch."""

_HEIGHTS = (7, 90)
_ASPECTS = (0.28, 0.95)
_MAX_SLOPE = 0.21  # tangent of 12 degrees: beyond it the digits' bounding boxes tell too little
_MAX_STEP = 4
_PITCH_SLACK = 0.15  # share of the pitch by which a glyph's height may foretell it wrongly
_BLOCK = 45
_DARKER = 20
_TOLERANCE = 0.13  # of the pitch; the standard allows 0.010 inch, that is 0.08
_RATIO_SLACK = 0.13  # a coarse scan's glyphs are a pixel of eight higher for their blur
_FULL_SHARE = 0.4  # of the cells; an Indian line without account part fills 17 of 29 with digits
_MOST_ENLARGED = 2.5
_WORTH_ENLARGING = 1.2
_MOST_MARKS = 6000  # a cheque has some 1,500 marks of any digit's proportions
_MOST_GLYPHS = 400  # marks of one height: more is a pattern, and costs time
_MOST_PAIRS = 3000
_TRIALS = 12
_MAX_CELLS = 66  # X9.100-160 has 65 positions


@dataclass(frozen=True, slots=True)
class MicrRow:
    """Where the row lies, in pixels of the image that was searched.

    ``origin`` is the right end of the first glyph seen, at half height; ``step`` leads from one
    cell to the next; ``cells`` counts the cells from the first to the last glyph seen; ``height``
    is what most glyphs have.
    """

    origin: tuple[float, float]
    step: tuple[float, float]
    cells: int
    glyphs: int
    height: float

    @property
    def pitch(self) -> float:
        """Pixels from cell to cell."""
        return float(np.hypot(*self.step))

    @property
    def slope(self) -> float:
        """Vertical pixels a horizontal pixel."""
        return self.step[1] / self.step[0]

    def scaled(self, factor: float) -> "MicrRow":
        """Return the same row in the image enlarged by ``factor``."""
        (x, y), (dx, dy) = self.origin, self.step
        return replace(
            self,
            origin=(x * factor, y * factor),
            step=(dx * factor, dy * factor),
            height=self.height * factor,
        )

    def moved(self, right: float, down: float) -> "MicrRow":
        """Return the same row in an image that has so many pixels more at the left and the top."""
        return replace(self, origin=(self.origin[0] + right, self.origin[1] + down))


def find_row(grey: NDArray[np.uint8]) -> MicrRow | None:
    """Return the row with the most glyphs, or ``None``.

    ``grey`` is (height, width), 0 = black, upright up to 12 degrees of skew.
    """
    foot = grey.shape[0] * 3 // 4
    for width in WORKING_WIDTHS:
        for top in (foot, 0):
            scaled, factor = _brought_to(grey[top:], width)
            row = row_in(scaled)
            if row is not None:
                return row.scaled(1.0 / factor).moved(0.0, top)
    return None


def _brought_to(grey: NDArray[np.uint8], width: int) -> tuple[NDArray[np.uint8], float]:
    """Return an image of about that width, and by which factor it was enlarged."""
    times = round(grey.shape[1] / width)
    if times > 1:
        return shrink_whole(grey, times), 1.0 / times
    factor = min(width / grey.shape[1], _MOST_ENLARGED)
    if factor < _WORTH_ENLARGING:
        return grey, 1.0
    larger = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return np.asarray(larger, np.uint8), factor


def row_in(grey: NDArray[np.uint8]) -> MicrRow | None:
    """Return the row with the most glyphs at just this resolution, or ``None``.

    ``grey`` is as for ``find_row``, and small: figures are 7 to 40 pixels high.
    """
    glyphs = _glyph_boxes(grey)
    best: MicrRow | None = None
    if len(glyphs) > _MOST_MARKS:
        return None
    for height in np.unique(np.round(glyphs[:, 3] / 2) * 2):
        alike = glyphs[np.abs(glyphs[:, 3] - height) <= max(1.5, 0.12 * height)]
        if len(alike) > _MOST_GLYPHS:
            continue
        row = _longest_comb(alike, float(height))
        if row is None or not _is_plausible(row, float(height)):
            continue
        if best is None or row.glyphs > best.glyphs:
            best = row
    return best


def _is_plausible(row: MicrRow, height: float) -> bool:
    """Tell E-13B by its proportions and by how few cells of a line are empty."""
    ratio = row.pitch / (PITCH_OF_HEIGHT * height)
    return abs(ratio - 1) < _RATIO_SLACK and row.glyphs >= _FULL_SHARE * row.cells


def _glyph_boxes(grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return x, y, width, height of every dark component that has a digit's proportions."""
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _BLOCK, _DARKER
    )
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    boxes = stats[1:, :4].astype(np.float64)
    aspect = boxes[:, 2] / boxes[:, 3]
    is_glyph = (
        (boxes[:, 3] >= _HEIGHTS[0])
        & (boxes[:, 3] <= _HEIGHTS[1])
        & (aspect >= _ASPECTS[0])
        & (aspect <= _ASPECTS[1])
    )
    return boxes[is_glyph]


def _longest_comb(boxes: NDArray[np.float64], height: float) -> MicrRow | None:
    """Return the comb that most boxes of about one height stand on, tried from every near pair."""
    if len(boxes) < MIN_GLYPHS:
        return None
    points = np.column_stack([boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3] / 2])
    difference = points[None, :, :] - points[:, None, :]
    expected = PITCH_OF_HEIGHT * height
    steps = np.round(difference[..., 0] / expected)
    is_seed = (
        (steps >= 1)
        & (steps <= _MAX_STEP)
        & (np.abs(difference[..., 0] / np.maximum(steps, 1) / expected - 1) < _PITCH_SLACK)
        & (np.abs(difference[..., 1]) <= np.abs(difference[..., 0]) * _MAX_SLOPE)
    )
    starts, ends = np.nonzero(is_seed)
    if not len(starts):
        return None
    if len(starts) > _MOST_PAIRS:  # noise; any part of a real row's pairs is enough to find it
        chosen = np.linspace(0, len(starts) - 1, _MOST_PAIRS).astype(int)
        starts, ends = starts[chosen], ends[chosen]
    step = difference[starts, ends] / steps[starts, ends][:, None]
    pitch_squared = (step**2).sum(axis=1)
    from_start = difference[starts]  # (pairs, boxes, 2)
    along = (from_start * step[:, None, :]).sum(axis=2) / pitch_squared[:, None]
    across = (from_start[..., 1] * step[:, None, 0] - from_start[..., 0] * step[:, None, 1]) / (
        pitch_squared[:, None]
    )
    cell = np.round(along)
    fits = (
        (np.abs(along - cell) < 0.02 * np.abs(cell) + _TOLERANCE)
        & (np.abs(across) < 0.02 * np.abs(cell) + _TOLERANCE)
        & (np.abs(cell) < _MAX_CELLS)
    )
    best: MicrRow | None = None
    votes = fits.sum(axis=1)
    for pair in np.argsort(-votes, kind="stable")[:_TRIALS]:
        if best is not None and best.glyphs >= votes[pair]:
            break
        row = _refined(points, boxes[:, 3], starts[pair], step[pair])
        if row is not None and (best is None or row.glyphs > best.glyphs):
            best = row
    return best


def _refined(
    points: NDArray[np.float64],
    heights: NDArray[np.float64],
    start: np.intp,
    step: NDArray[np.float64],
) -> MicrRow | None:
    """Fit the comb to its glyphs by least squares, twice, and count those that stand on it."""
    origin = points[start]
    cells = np.zeros(len(points))
    fits = np.zeros(len(points), bool)
    for _ in range(3):
        pitch_squared = float(step @ step)
        away = points - origin
        along = away @ step / pitch_squared
        across = (away[:, 1] * step[0] - away[:, 0] * step[1]) / pitch_squared
        cells = np.round(along)
        slack = (
            0.01 * np.abs(cells - np.median(cells[fits])) if fits.any() else 0.02 * np.abs(cells)
        )
        fits = (
            (np.abs(along - cells) < slack + _TOLERANCE)
            & (np.abs(across) < slack + _TOLERANCE)
            & (np.abs(cells) < _MAX_CELLS)
        )
        if len(np.unique(cells[fits])) < MIN_GLYPHS:
            return None
        design = np.column_stack([np.ones(fits.sum()), cells[fits]])
        solution, *_ = np.linalg.lstsq(design, points[fits], rcond=None)
        origin, step = solution
    first, last = cells[fits].min(), cells[fits].max()
    start_point = origin + first * step
    return MicrRow(
        (float(start_point[0]), float(start_point[1])),
        (float(step[0]), float(step[1])),
        int(last - first) + 1,
        len(np.unique(cells[fits])),
        float(np.median(heights[fits])),
    )
