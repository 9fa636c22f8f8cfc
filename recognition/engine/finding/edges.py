"""Edges in an image at the resolution in which sheets are looked for, and lines laid on them.

A sheet's side is a straight line along which brightness or colour changes. How well a line is borne
out is told by a strip of the slopes across it: every line near it is a path through the strip.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.image import Planes, shrink_whole

Quad = NDArray[np.float64]
"""Four corners, (4, 2) pixels, clockwise in the image; the first two end a long side."""

Plane = NDArray[np.uint8]
Slopes = tuple[NDArray[np.float32], NDArray[np.float32]]

WORKING_SIDE = 800
_SAMPLES = 48  # points a side at which an edge is looked for
_ENDS = (0.03, 0.97)  # shares of a side between which they lie: corners may be bent
_EDGE = 4.0  # grey levels a pixel along the side's normal
_PLAIN_EDGE = 12.0  # from which on an edge is as good as any: print is darker than paper's rims
_STEEPEST = 60.0  # black on white, after the blur
_STEEPER = 0.3
_REACH = 5.0  # pixels by which closing and widening of a mask may move a side
_STEP = 0.5


@dataclass(frozen=True, slots=True)
class Edges:
    """Three pictures of an image at ``1 / times`` of its size, and their slopes."""

    channels: tuple[Plane, Plane, Plane]
    slopes: tuple[Slopes, Slopes, Slopes]
    times: int

    @property
    def pixels(self) -> int:
        """How many pixels a picture has."""
        return self.channels[0].size

    def in_image(self, places: Quad) -> Quad:
        """Return places in the pictures, (n, 2), as pixels of the image."""
        return places * self.times + (self.times - 1) / 2

    def in_pictures(self, places: Quad) -> Quad:
        """Return places in the image, (n, 2), as pixels of the pictures."""
        return (places - (self.times - 1) / 2) / self.times

    def support(self, quad: Quad) -> float:
        """Return the share of points on an outline at which some picture has an edge along it.

        The weakest side counts as much as all four: a side that is not there is no side.
        """
        offsets = np.arange(-2.0, 3.0)
        strips = [self._strip(start, end, offsets) for start, end in sides(quad)]
        shares = [float((strip.max(axis=0) >= _EDGE).mean()) for strip in strips]
        return (min(shares) + float(np.mean(shares))) / 2

    def snapped(self, quad: Quad) -> Quad:
        """Return the outline with every side moved to the plainest edge a few pixels off."""
        offsets = np.arange(-_REACH, _REACH + _STEP, _STEP)
        lines = []
        for start, end in sides(quad):
            moves, scores = self.lines_near(start, end, offsets, offsets)
            away = np.abs(moves).mean(axis=1)
            first, last = moves[int((scores - 0.01 * away).argmax())]
            lines.append(moved_side(start, end, float(first), float(last)))
        corners = [meeting(lines[side - 1], lines[side]) for side in range(4)]
        moved = np.array([corner for corner in corners if corner is not None])
        whole = len(moved) == len(quad) and cv2.isContourConvex(moved.astype(np.float32))
        return moved if whole else quad

    def lines_near(
        self,
        start: NDArray[np.float64],
        end: NDArray[np.float64],
        at_start: NDArray[np.float64],
        at_end: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return lines near a side, (n, 2) offsets at its ends, and how plain each is, from 0.

        Offsets are pixels to the right of the way from ``start`` to ``end``, evenly spaced.
        """
        step = float(at_start[1] - at_start[0])
        lowest = min(float(at_start[0]), float(at_end[0]))
        highest = max(float(at_start[-1]), float(at_end[-1]))
        offsets = np.arange(lowest, highest + step / 2, step)
        slope = self._strip(start, end, offsets)
        # Everywhere rather than steep somewhere; of lines on one broad edge, its steepest.
        strip = np.minimum(slope / _PLAIN_EDGE, 1.0) + _STEEPER * np.minimum(slope / _STEEPEST, 1.0)
        moves = np.stack(np.meshgrid(at_start, at_end, indexing="ij"), axis=-1).reshape(-1, 2)
        along = np.linspace(*_ENDS, _SAMPLES)
        scores = np.zeros(len(moves), np.float32)
        for sample, share in enumerate(along):
            row = (moves[:, 0] * (1 - share) + moves[:, 1] * share - lowest) / step
            scores += strip[np.clip(np.round(row).astype(int), 0, len(offsets) - 1), sample]
        return moves, scores / _SAMPLES

    def _strip(
        self, start: NDArray[np.float64], end: NDArray[np.float64], offsets: NDArray[np.float64]
    ) -> NDArray[np.float32]:
        """Return the steepest slope across a side, (offsets, samples); 0 outside the image."""
        along = (end - start) / max(float(np.hypot(*(end - start))), 1.0)
        normal = np.array((-along[1], along[0]))
        on = start + np.linspace(*_ENDS, _SAMPLES)[:, None] * (end - start)
        x, y = (on[None] + offsets[:, None, None] * normal).astype(np.float32).transpose(2, 0, 1)
        best = np.zeros(x.shape, np.float32)
        for pair in self.slopes:
            across, down = (cv2.remap(slope, x, y, cv2.INTER_LINEAR) for slope in pair)
            best = np.maximum(best, np.abs(across * normal[0] + down * normal[1]))
        return best


def edges_of(planes: Planes) -> Edges:
    """Return the edges of an image: in its largest colour, its luminance and their difference."""
    times = max(1, round(max(planes.size) / WORKING_SIDE))
    plain, grey = (
        np.asarray(cv2.GaussianBlur(shrink_whole(plane, times), (0, 0), 1.2), np.uint8)
        for plane in (planes.plain, planes.grey)
    )
    channels = (plain, grey, np.asarray(cv2.subtract(plain, grey), np.uint8))
    slopes = (_slopes(plain), _slopes(grey), _slopes(channels[2]))
    return Edges(channels, slopes, times)


def sides(quad: Quad) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return both ends of every side, the first two corners' first."""
    return list(zip(quad, np.roll(quad, -1, axis=0), strict=True))


Line = tuple[float, float, float]
"""``a``, ``b`` and ``c`` of a line ``a x + b y = c``, the first two of length one."""

_PARALLEL = 0.05  # sine of the least angle between neighbouring sides


def moved_side(
    start: NDArray[np.float64], end: NDArray[np.float64], first: float, last: float
) -> Line:
    """Return the line through a side's ends after moving them across it by so many pixels."""
    along = (end - start) / max(float(np.hypot(*(end - start))), 1.0)
    normal = np.array((-along[1], along[0]))
    return line_through(start + first * normal, end + last * normal)


def line_through(one: NDArray[np.float64], other: NDArray[np.float64]) -> Line:
    """Return the line through two points."""
    dx, dy = (other - one) / max(float(np.hypot(*(other - one))), 1e-9)
    return float(dy), float(-dx), float(one[0] * dy - one[1] * dx)


def meeting(one: Line, other: Line) -> tuple[float, float] | None:
    """Return where two lines meet, or ``None`` where they are all but parallel."""
    (a, b, c), (d, e, f) = one, other
    area = a * e - b * d
    return None if abs(area) < _PARALLEL else ((c * e - b * f) / area, (a * f - c * d) / area)


def _slopes(channel: Plane) -> Slopes:
    across, down = (
        np.asarray(cv2.Sobel(channel, cv2.CV_32F, *axes, ksize=3, scale=0.25), np.float32)
        for axes in ((1, 0), (0, 1))
    )
    return across, down
