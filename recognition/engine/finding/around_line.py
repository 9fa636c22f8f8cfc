"""The sheet about a MICR line: predicted from the row, then each side laid on an edge nearby.

The row tells scale, direction and foot, and by its height whether a view is too high, but not the
tilt. The sheet's sides do, where they show: of all lines near a predicted side the plainest are
combined, and that sheet is taken which is borne out best and whose proportions a camera would have
seen.
"""

from dataclasses import replace
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.finding.camera import slack, view_of
from recognition.engine.finding.edges import Edges, Line, Quad, meeting, moved_side, sides
from recognition.engine.layouts.library import locate
from recognition.engine.micr.locate import GLYPH_HEIGHT_MM, PITCH_MM, MicrRow
from recognition.engine.micr.reader import MicrLine
from recognition.engine.sheet import Sheet

_NEAR_MM = (-5.0, 5.0)  # about the foot, which stands by the row; from there the tilt counts
_ABOVE_MM = (-22.0, 22.0)  # 35 degrees shorten 92 mm by as much, or the row in proportion
_ASIDE_MM = (-18.0, 18.0)
_FAR_MM = 12.0  # a predicted side is seldom so far from its edge
_STEP = 1.0  # working pixels
_LINES = 5  # of each side that are tried
_APART = 8.0  # working pixels, at both ends together: nearer ones are the same line
_BLUR = 1.15  # pixels that blur makes glyphs higher in an image than on paper, about
_UNSEEN = 0.45  # how plain an edge must be to count more than the prediction
_ODD = 2.5  # what a wrong proportion costs, for its logarithm
_USUAL = (0.03, 0.08)  # logarithm of a proportion's error: from straight above, and tilted


def stretch_of(row: MicrRow, to_image: NDArray[np.float64]) -> float:
    """Return how much too high a view shows the glyphs of a row, whose true height is known.

    ``to_image`` leads from the view to the image, whose pixels make glyphs look the higher the
    coarser they are.
    """
    upright = (-row.step[1], row.step[0])
    ends = np.array([row.origin, np.add(row.origin, upright)])
    start, end = cv2.perspectiveTransform(ends[None], to_image)[0]
    pixel_mm = PITCH_MM / float(np.hypot(*(end - start)))
    seen_mm = row.height / row.pitch * PITCH_MM
    return float(seen_mm / (GLYPH_HEIGHT_MM + _BLUR * pixel_mm))


def predicted_sheet(line: MicrLine, size: tuple[int, int], stretch: float) -> Sheet:
    """Return the sheet about a line in a view that is so much too high."""
    located = locate(line, size)
    across, down, corner = located.sheet.to_image.T
    to_line = located.layout.anchor_at[1] * down
    columns = [across, down * stretch, corner + to_line * (1 - stretch)]
    return replace(located.sheet, to_image=np.column_stack(columns))


def sheet_about(
    predicted: Quad, size_mm: tuple[float, float], edges: Edges, image: tuple[int, int]
) -> Quad:
    """Return a sheet's corners, clockwise from its own top left, in pixels of the ``image``."""
    small = edges.in_pictures(predicted)
    pixels_a_mm = float(np.hypot(*(small[2] - small[3]))) / size_mm[0]
    reaches = (
        (_ABOVE_MM, _ABOVE_MM),
        (_ASIDE_MM, _NEAR_MM),
        (_NEAR_MM, _NEAR_MM),
        (_NEAR_MM, _ASIDE_MM),
    )
    choices = []
    for (start, end), reach in zip(sides(small), reaches, strict=True):
        at_start, at_end = (
            np.arange(low * pixels_a_mm, high * pixels_a_mm, _STEP) for low, high in reach
        )
        choices.append(_plainest(edges, start, end, at_start, at_end, _FAR_MM * pixels_a_mm))
    best, best_score = predicted, -np.inf
    for four in product(*choices):
        corners = [meeting(four[side - 1][1], four[side][1]) for side in range(4)]
        quad = np.array([corner for corner in corners if corner is not None])
        if len(quad) < len(predicted):
            continue
        quad = edges.in_image(quad)
        view = view_of(quad, image)
        seen = max(view.proportions, 0.1)
        odd = max(abs(float(np.log(seen * size_mm[1] / size_mm[0]))) - slack(view, *_USUAL), 0.0)
        score = sum(plain for plain, _ in four) / 4 - _ODD * odd
        if score > best_score:
            best, best_score = quad, score
    return best


def _plainest(
    edges: Edges,
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    at_start: NDArray[np.float64],
    at_end: NDArray[np.float64],
    far: float,
) -> list[tuple[float, Line]]:
    """Return the plainest lines near a side and how plain they are, and the side itself.

    A line so ``far`` away must be plainer than another by all that lines differ.
    """
    chosen: list[tuple[float, Line]] = [(_UNSEEN, moved_side(start, end, 0.0, 0.0))]
    moves, scores = edges.lines_near(start, end, at_start, at_end)
    scores = scores - (np.abs(moves).mean(axis=1) / far) ** 2
    for _ in range(_LINES):
        top = int(scores.argmax())
        if scores[top] < _UNSEEN:
            break
        first, last = moves[top]
        chosen.append((float(scores[top]), moved_side(start, end, float(first), float(last))))
        scores[np.abs(moves - moves[top]).sum(axis=1) < _APART] = 0.0
    return chosen
