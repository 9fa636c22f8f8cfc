"""In which directions rows of equally spaced marks run: where a MICR line may be looked for.

Marks follow each other at one pitch on an E-13B line whichever way it is turned, so that a mark
between two others, as far from one as from the other and as large, speaks for their direction.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

_SIZES = (7.0, 70.0)  # diagonals of marks, pixels
_ALIKE = 1.35  # ratio of the diagonals of marks in a row
_PITCH = (0.5, 1.15)  # of the diagonal: 0.6 for marks turned by 45 degrees, 0.87 for level ones
_OFF = 0.2  # of the pitch: ones are narrow, and the camera brings one end nearer
_MOST_MARKS = 1200  # of about one size; more is a pattern
_BINS = 90
_APART = 10.0
_LEAST_ROWS = 4.0
_BLOCK = 45
_DARKER = 15


def row_directions(grey: NDArray[np.uint8], most: int) -> list[float]:
    """Return directions in degrees in [0, 180), clockwise from level, the likeliest first.

    ``grey`` is (height, width), 0 = black, in which figures are 8 to 50 pixels high.
    """
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _BLOCK, _DARKER
    )
    _, _, stats, middles = cv2.connectedComponentsWithStats(ink, connectivity=8)
    diagonals = np.hypot(stats[1:, 2], stats[1:, 3])
    votes = np.zeros(_BINS)
    size = _SIZES[0]
    while size < _SIZES[1]:
        alike = (diagonals >= size) & (diagonals < size * _ALIKE)
        if 3 <= alike.sum() <= _MOST_MARKS:  # noqa: PLR2004 - one between two others
            _vote(np.asarray(middles[1:][alike], np.float64), size, votes)
        size *= _ALIKE**0.5
    return _peaks(votes, most)


def _vote(points: NDArray[np.float64], size: float, votes: NDArray[np.float64]) -> None:
    """Count every mark that stands midway between two others, by their direction."""
    at = points[:, 0] + 1j * points[:, 1]
    apart = at[None, :] - at[:, None]
    distance = np.abs(apart)
    starts, middles = np.nonzero(
        (distance > _PITCH[0] * size) & (distance < _PITCH[1] * size * _ALIKE)
    )
    pitch = apart[starts, middles]
    order = np.argsort(at.real)
    # The third mark is looked for among those whose place across is about the one foretold.
    ordered = at[order]
    foretold = at[middles] + pitch
    slack = _OFF * np.abs(pitch)
    low = np.searchsorted(ordered.real, foretold.real - slack)
    high = np.searchsorted(ordered.real, foretold.real + slack)
    for start, end, goal, off, step in zip(
        low.tolist(), high.tolist(), foretold.tolist(), slack.tolist(), pitch.tolist(), strict=True
    ):
        if start < end and np.abs(ordered[start:end] - goal).min() < off:
            degrees = float(np.degrees(np.angle(step))) % 180.0
            votes[int(degrees / 180.0 * _BINS) % _BINS] += 0.5  # every row is seen from both ends


def _peaks(votes: NDArray[np.float64], most: int) -> list[float]:
    width = 180.0 / _BINS
    wide = np.concatenate([votes, votes, votes])
    smooth = np.convolve(wide, (0.25, 0.75, 1.0, 0.75, 0.25), "same")[_BINS : 2 * _BINS]
    peaks: list[float] = []
    for number in np.argsort(-smooth, kind="stable"):
        degrees = (float(number) + 0.5) * width
        if smooth[number] < _LEAST_ROWS or len(peaks) == most:
            break
        if all(abs((degrees - other + 90.0) % 180.0 - 90.0) >= _APART for other in peaks):
            peaks.append(degrees)
    return peaks
