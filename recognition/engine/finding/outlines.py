"""Outlines of sheets in an image: four-sided shapes that are large and whose edges are there.

No single threshold shows every sheet on every table, so that shapes come from many: levels of
brightness, of colour, and closed edges. Edges in the image say which of them are borne out.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.finding.edges import Edges, Line, Plane, Quad, meeting

_LEAST_AREA = 0.015  # of the image: one of several cheques on a page that fills a third of a scan
_MOST_AREA = 0.985
_LEAST_FILL = 0.86  # of its quadrilateral that a shape's hull fills: a finger may cut some off
_PROPORTIONS = (1.45, 4.2)  # long by short side as seen; 35 degrees of tilt make 2.2 to 1.75 or 2.7
_SAME = 0.93  # intersection over union of two outlines of one sheet
_STRAIGHT = 0.46  # of a side, to both sides of its middle: corners may be bent
_FITTED = 100  # points a side that a line is fitted to
_LEAST_SUPPORT = 0.45  # share of them that must have one
_MOST = 12  # outlines that are worth a closer look
_MOST_ELSEWHERE = 12  # that lie where none of these does: other cheques of a page
_ELSEWHERE = 0.02  # of two outlines that is common to them, at most
_PLAIN = 0.8  # support of an outline elsewhere


def find_outlines(edges: Edges) -> list[Quad]:
    """Return outlines, the best first, in pixels of the pictures that the edges are from."""
    found: list[tuple[float, Quad]] = []
    for mask in _masks(edges.channels):
        found.extend((edges.support(quad), quad) for quad in _quads(mask))
    found = [(support, quad) for support, quad in found if support >= _LEAST_SUPPORT]
    found.sort(key=lambda one: -_rank(one[0], one[1], edges.pixels))
    distinct = _distinct(found)
    best = distinct[:_MOST]
    elsewhere = [
        one
        for one in distinct[_MOST:]
        if one[0] >= _PLAIN and all(overlap(one[1], other) < _ELSEWHERE for _, other in best)
    ]
    return [quad for _, quad in (*best, *elsewhere[:_MOST_ELSEWHERE])]


def overlap(one: Quad, other: Quad) -> float:
    """Return the intersection of two convex outlines over their union."""
    first, second = one.astype(np.float32), other.astype(np.float32)
    shared, _ = cv2.intersectConvexConvex(first, second)
    union = cv2.contourArea(first) + cv2.contourArea(second) - shared
    return float(shared / union) if union > 0 else 0.0


def share_within(one: Quad, other: Quad) -> float:
    """Return how much of a convex outline lies within another."""
    first, second = one.astype(np.float32), other.astype(np.float32)
    shared, _ = cv2.intersectConvexConvex(first, second)
    return float(shared / max(cv2.contourArea(first), 1.0))


def _rank(support: float, quad: Quad, mask_size: int) -> float:
    return support + 0.3 * float(cv2.contourArea(quad.astype(np.float32)) / mask_size)


def _masks(channels: tuple[Plane, ...]) -> Iterator[Plane]:
    square = np.ones((3, 3), np.uint8)
    for channel in channels:
        levels = np.quantile(channel[::4, ::4], (0.2, 0.35, 0.5, 0.65, 0.8, 0.9))
        otsu, _ = cv2.threshold(channel, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        for level in sorted({int(otsu), *map(int, levels)}):
            mask = np.asarray((channel > level) * np.uint8(255), np.uint8)
            yield np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)))
            yield np.asarray(
                cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8), iterations=2)
            )
        coarse = channel[::4, ::4].astype(np.float32)
        spread = float(np.median(np.abs(coarse - np.median(coarse))))
        for high in (max(0.7 * spread, 12), max(1.8 * spread, 30)):
            edges = cv2.Canny(channel, high * 0.4, high)
            for width in (1, 3):
                yield np.asarray(cv2.dilate(edges, square, iterations=width), np.uint8)


def _quads(mask: NDArray[np.uint8]) -> Iterator[Quad]:
    """Return the four-sided shapes among a mask's regions, and among the holes in them."""
    least, most = _LEAST_AREA * mask.size, _MOST_AREA * mask.size
    framed = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    contours, _ = cv2.findContours(framed, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE, offset=(-1, -1))
    for contour in contours:
        if len(contour) < 100:  # noqa: PLR2004 - pixels around: no sheet is so small
            continue
        hull = cv2.convexHull(contour)
        area = cv2.contourArea(hull)
        if not least <= area <= most:
            continue
        quad = _four_sided(np.asarray(contour, np.int32), np.asarray(hull, np.int32))
        if quad is not None:
            yield quad


def _four_sided(contour: NDArray[np.int32], hull: NDArray[np.int32]) -> Quad | None:
    area = cv2.contourArea(hull)
    around = cv2.approxPolyN(hull, 4, ensure_convex=True).reshape(-1, 2).astype(np.float64)
    if len(around) != 4 or area < _LEAST_FILL * cv2.contourArea(around.astype(np.float32)):  # noqa: PLR2004
        return None
    if _in_order(around) is None:
        return None
    quad = _fitted(contour.reshape(-1, 2).astype(np.float64), around)
    if quad is None or not cv2.isContourConvex(quad.astype(np.float32)):
        return None
    return _in_order(quad)


def _fitted(points: NDArray[np.float64], around: Quad) -> Quad | None:
    """Return the corners where straight lines through the contour's own points meet."""
    lines: list[Line] = []
    for start, end in zip(around, np.roll(around, -1, axis=0), strict=True):
        along = end - start
        length = float(np.hypot(*along))
        if length < 12:  # noqa: PLR2004 - pixels
            return None
        along = along / length
        away = points - start
        position = away @ along / length
        distance = np.abs(away[:, 0] * along[1] - away[:, 1] * along[0])
        near = points[(np.abs(position - 0.5) < _STRAIGHT) & (distance < max(4.0, 0.03 * length))]
        if len(near) < 12:  # noqa: PLR2004 - points
            return None
        near = near[:: len(near) // _FITTED + 1].astype(np.float32)
        dx, dy, x, y = cv2.fitLine(near, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel().tolist()
        lines.append((dy, -dx, x * dy - y * dx))
    corners = [meeting(lines[side - 1], lines[side]) for side in range(4)]
    quad = np.array([corner for corner in corners if corner is not None])
    if len(quad) < 4:  # noqa: PLR2004 - two sides are parallel
        return None
    drift = np.hypot(*(quad - around).T).max()
    return quad if drift < 0.15 * np.hypot(*np.ptp(around, axis=0)) else None


def _in_order(quad: Quad) -> Quad | None:
    """Return the corners clockwise, a long side first, if the sides have a sheet's proportions."""
    around = quad - quad.mean(axis=0)
    quad = quad[np.argsort(np.arctan2(around[:, 1], around[:, 0]))]
    sides = np.hypot(*(np.roll(quad, -1, axis=0) - quad).T)
    long, short = sides[0] + sides[2], sides[1] + sides[3]
    if long < short:
        quad, long, short = np.roll(quad, -1, axis=0), short, long
    return quad if _PROPORTIONS[0] <= long / max(short, 1.0) <= _PROPORTIONS[1] else None


def _distinct(found: list[tuple[float, Quad]]) -> list[tuple[float, Quad]]:
    kept: list[tuple[float, Quad]] = []
    for support, quad in found:
        if all(overlap(quad, other) < _SAME for _, other in kept):
            kept.append((support, quad))
    return kept
