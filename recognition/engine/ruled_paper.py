"""Ruled and squared paper: its lines are found by their length and taken out of the ink.

A ruling runs across the whole image and is thinner than any stroke that fills it, which tells it
from the bar of a 7 that is cut out closely. What crosses it stays: inside a ruling's band only
what is as faint as the ruling itself and no thicker, across it, goes (a grey opening, Serra 1982).
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_SMALLEST_SIDE = 64  # pixels; below it a stroke is as thin as a ruling
_THICKEST = 0.03  # of the image's longer side
_STEEPEST = math.radians(7)
_FINENESS = math.radians(0.25)
_FAINTEST = 8  # of 255
_GRAINS = 4.0  # times the grain of the paper
_SMOOTHED = 9  # pixels along a ruling: evens the grain out
_VOTES = 0.3  # of the image's width that a candidate's straight line must hold
_COVERED = 0.7  # of a ruling's length
_PARTS = 8
_COVERED_PART = 0.35  # of each of that many parts of its length: a ruling has no end in the image
_SHORTEST = 0.5  # of the width: a tilted ruling may leave the image at its top or bottom
_STRAYS = 4  # pixels that bent paper may leave the straight line by
_MOST_CANDIDATES = 200
_EDGE = 0.25  # of a ruling's depth: where its soft edge ends
_RESIDUE = 0.5  # of a ruling's depth
_STRONGEST = 99.9  # percentile of ink
_DARKER = 1.3  # times the rulings' depth: the least that writing on them must be
_PEN = 1.5  # times a ruling's depth: ink that strong on it is the pen's


@dataclass(frozen=True, slots=True)
class _Ruling:
    """A line across an image: its columns, its row at each, its half thickness and its ink."""

    columns: NDArray[np.intp]
    rows: NDArray[np.intp]
    reach: int
    depth: float

    def mark(self, mask: NDArray[np.uint8], value: int) -> None:
        """Set the pixels that it covers."""
        for each in range(-self.reach, self.reach + 1):
            mask[np.clip(self.rows + each, 0, len(mask) - 1), self.columns] = value


def without_rulings(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return ink (height, width), 255 = full ink, without the paper's lines, level and upright.

    Where nothing but the lines was dark, no ink comes back: what is left of them is no writing.
    Without any, the same array comes back. At most 7 degrees of tilt; best at 500 to 1,000 pixels
    a side.
    """
    if min(ink.shape) < _SMALLEST_SIDE:
        return ink
    level = _level_rulings(ink)
    turned = np.ascontiguousarray(_without(ink, level).T)
    upright = _level_rulings(turned)
    depths = [ruling.depth for ruling in (*level, *upright)]
    if not depths:
        return ink
    rest = np.ascontiguousarray(_without(turned, upright).T)
    if np.percentile(rest, _STRONGEST) < _DARKER * np.median(depths):
        return np.zeros_like(ink)
    return rest


def _without(ink: NDArray[np.uint8], rulings: list[_Ruling]) -> NDArray[np.uint8]:
    rest = ink.copy()
    for ruling in rulings:
        band = np.zeros_like(ink)
        ruling.mark(band, 1)
        _, top, _, height = cv2.boundingRect(band)
        rows = slice(max(0, top - ruling.reach), top + height + ruling.reach)
        thick = np.ones((2 * ruling.reach, 1), np.uint8)
        opened = cv2.morphologyEx(rest[rows], cv2.MORPH_OPEN, thick)
        is_pen = (rest[rows] > _PEN * ruling.depth).astype(np.uint8)
        gone = (band[rows] > 0) & (cv2.dilate(is_pen, np.ones((3, 3), np.uint8)) == 0)
        # What is much fainter than the ruling is its own edge, not a stroke that crosses it.
        rest[rows][gone] = np.where(opened < _RESIDUE * ruling.depth, 0, opened)[gone]
    return rest


def _level_rulings(ink: NDArray[np.uint8]) -> list[_Ruling]:
    height, width = ink.shape
    thickest = max(3, round(_THICKEST * max(ink.shape)))
    thin = cv2.morphologyEx(ink, cv2.MORPH_TOPHAT, np.ones((2 * thickest + 1, 1), np.uint8))
    along = cv2.blur(thin, (_SMOOTHED, 1))
    mask = (along > max(_FAINTEST, _GRAINS * float(np.median(along)))).astype(np.uint8)
    found = cv2.HoughLines(
        mask,
        1,
        _FINENESS,
        max(1, round(_VOTES * width)),
        min_theta=math.pi / 2 - _STEEPEST,
        max_theta=math.pi / 2 + _STEEPEST,
    )
    rulings: list[_Ruling] = []
    near = np.asarray(cv2.dilate(mask, np.ones((3, 1), np.uint8)), np.uint8)
    columns = np.arange(width)
    for rho, theta in found[:_MOST_CANDIDATES, 0] if found is not None else ():
        places = ((rho - columns * math.cos(theta)) / math.sin(theta)).round().astype(np.intp)
        inside = np.flatnonzero((places >= 0) & (places < height))
        rows = places[inside]
        if len(rows) < _SHORTEST * width or not _is_covered(near[rows, inside]):
            continue
        rows = _followed(np.asarray(along, np.uint8), inside, rows)
        ruling = _measured(np.asarray(thin, np.uint8), inside, rows, thickest)
        if ruling is not None:
            rulings.append(ruling)
            ruling.mark(near, 0)
    return rulings


def _is_covered(hits: NDArray[np.uint8]) -> bool:
    return bool(hits.mean() >= _COVERED) and all(
        part.mean() >= _COVERED_PART for part in np.array_split(hits, _PARTS)
    )


def _followed(
    along: NDArray[np.uint8], columns: NDArray[np.intp], rows: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return the rows of a ruling that is not quite straight: a parabola through its parts."""
    offsets = np.arange(-_STRAYS, _STRAYS + 1)[:, np.newaxis]
    places = np.clip(rows + offsets, 0, len(along) - 1)
    parts = np.array_split(along[places, columns], _PARTS, axis=1)
    best = np.array([part.mean(axis=1).argmax() - _STRAYS for part in parts])
    middles = np.array([part.mean() for part in np.array_split(columns, _PARTS)])
    strays = np.polyval(np.polyfit(middles, best, 2), columns)
    return np.asarray((rows + strays).round().clip(0, len(along) - 1), np.intp)


def _measured(
    thin: NDArray[np.uint8], columns: NDArray[np.intp], rows: NDArray[np.intp], thickest: int
) -> _Ruling | None:
    """Return a ruling with its thickness and depth; ``None`` if it is too thick to be one.

    Judged by the median along it, which strokes that cross it do not change.
    """
    last = len(thin) - 1
    offsets = np.arange(-thickest, thickest + 1)[:, np.newaxis]
    profile = np.median(thin[np.clip(rows + offsets, 0, last), columns], axis=1)
    depth = float(profile.max())
    inked = np.flatnonzero(profile > _EDGE * depth)
    if not depth or inked[-1] - inked[0] >= thickest:
        return None
    reach = int(max(thickest - inked[0], inked[-1] - thickest)) + 1
    return _Ruling(columns, rows, reach, depth)
