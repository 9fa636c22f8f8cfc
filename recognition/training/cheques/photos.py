"""Photograph cheques on a table, as people do with a telephone, and lay several on a scanner.

A photograph is a pinhole camera over a plane: ``image = K [r1 r2 t] paper`` (Hartley and Zisserman,
*Multiple View Geometry*, 8.1.1), with the lens' bend, light, blur and noise on top.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.training.cheques.tables import TABLES, Pixels, draw_table

_FOCAL = (0.72, 1.0)  # of the longer side: main cameras of telephones, 24 to 30 mm of film
_ROOM = (0.72, 0.94)  # of the picture that the cheque's extent fills
_SIZES = ((4000, 3000), (3000, 4000), (3264, 2448), (2448, 3264), (2592, 1944))
_SKIN = ((140, 165, 205), (105, 135, 185), (60, 85, 125), (40, 55, 85))
_LIDS = (40, 150, 215, 232)
_PAGE = (1654, 2339)  # A4 at 200 dpi
_PAGE_PIXELS_A_MM = 200 / 25.4


@dataclass(frozen=True, slots=True)
class Paper:
    """A cheque's face, (height, width, 3) BGR, and how large the paper is."""

    pixels: NDArray[np.uint8]
    size_mm: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph, (height, width, 3) BGR, and the cheque's corners in it.

    They run clockwise from the cheque's own top left, (4, 2) pixels.
    """

    pixels: NDArray[np.uint8]
    corners: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shot:
    """How a photograph is taken; ``None`` leaves it to chance."""

    tilt_degrees: float | None = None  # off straight above; at most 35 by chance
    turn_degrees: float | None = None  # of the cheque on the table, clockwise; any by chance
    table: str | None = None
    room: float | None = None  # of the picture that the cheque's extent fills
    blur: float | None = None  # deviation in pixels
    light: float | None = None  # 1: as bright as the paper is white
    size: tuple[int, int] | None = None  # width and height in pixels
    finger: bool | None = None  # whether one holds the cheque at an edge


def photograph(paper: Paper, rng: np.random.Generator, shot: Shot | None = None) -> Picture:
    """Photograph one cheque on a table."""
    shot = shot or Shot()
    size = shot.size or _SIZES[rng.integers(len(_SIZES))]
    tilt = rng.uniform(0, 35) if shot.tilt_degrees is None else shot.tilt_degrees
    turn = rng.uniform(0, 360) if shot.turn_degrees is None else shot.turn_degrees
    room = rng.uniform(*_ROOM) if shot.room is None else shot.room
    table = shot.table or str(rng.choice(list(TABLES)))
    focal = rng.uniform(*_FOCAL) * max(size)
    corners = _corners_in_view(paper.size_mm, size, (tilt, turn, room, focal), rng)
    pixels = draw_table(table, size, rng)
    _lay(pixels, paper.pixels, corners, rng.uniform(0.1, 0.5))
    if rng.random() < 0.25 if shot.finger is None else shot.finger:
        _hold(pixels, corners, rng)
    pixels *= _light(size, rng, shot.light)[..., None]
    pixels *= rng.uniform(0.9, 1.04, 3).astype(np.float32)  # the white balance
    pixels, corners = _through_lens(pixels, corners, focal, rng)
    pixels = _blurred(pixels, rng, shot.blur)
    noise = rng.standard_normal(pixels.shape[:2], np.float32)
    pixels += np.float32(rng.uniform(1.0, 4.0)) * noise[..., None]
    return Picture(np.clip(pixels, 0, 255).astype(np.uint8), corners)


def scan_page(
    papers: Sequence[Paper],
    rng: np.random.Generator,
    *,
    lids: Sequence[int] = _LIDS,
    shadow: float = 0.15,
) -> tuple[NDArray[np.uint8], list[NDArray[np.float64]]]:
    """Lay up to four cheques below each other on an A4 scanner; return the page and all corners.

    One of the ``lids`` gives the grey about them; ``shadow`` is how dark the paper's edge is on it.
    """
    width, height = _PAGE
    pixels = np.full((height, width, 3), float(rng.choice(lids)), np.float32)
    every = []
    room = height / len(papers)
    for number, paper in enumerate(papers):
        across, down = (side * _PAGE_PIXELS_A_MM for side in paper.size_mm)
        half = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (across / 2, down / 2)
        most = np.degrees(0.8 * min((room - down) / across, (width - across) / down, 0.2))
        angle = np.radians(rng.uniform(-most, most) + 180 * rng.integers(2))
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        slack = max((width - across - abs(np.sin(angle)) * down) / 2, 0.0)
        middle = (width / 2 + rng.uniform(-slack, slack), room * (number + 0.5))
        corners = half @ turn + middle
        _lay(pixels, paper.pixels, corners, shadow)
        every.append(corners)
    pixels += 2 * rng.standard_normal((height, width, 1), np.float32)
    return np.clip(pixels, 0, 255).astype(np.uint8), every


def _corners_in_view(
    sheet_mm: tuple[float, float],
    size: tuple[int, int],
    view: tuple[float, float, float, float],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return where the corners come to lie, near enough for the cheque to fill its share."""
    tilt, turn, room, focal = view
    sheet = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * np.divide(sheet_mm, 2)
    away = rng.uniform(0, 2 * np.pi)
    axis = np.array((np.cos(away), np.sin(away), 0.0)) * np.radians(tilt)
    in_plane, _ = cv2.Rodrigues(np.array((0.0, 0.0, np.radians(turn))))
    tilted, _ = cv2.Rodrigues(axis)
    points = np.column_stack([sheet, np.zeros(4)]) @ (tilted @ in_plane).T
    near, far = 50.0, 5000.0
    for _ in range(40):  # the cheque's extent shrinks steadily with the distance
        distance = (near + far) / 2
        depth = points[:, 2] + distance
        seen = focal * points[:, :2] / np.maximum(depth, 1.0)[:, None]
        fills = max((np.ptp(seen, axis=0) / size).max(), 0.0)
        if fills > room or depth.min() < 1:
            near = distance
        else:
            far = distance
    middle = (seen.min(axis=0) + seen.max(axis=0)) / 2
    free = (np.array(size) - np.ptp(seen, axis=0)) / 2
    return np.asarray(seen - middle + np.array(size) / 2 + rng.uniform(-0.7, 0.7, 2) * free)


def _lay(
    pixels: Pixels, paper: NDArray[np.uint8], corners: NDArray[np.float64], shadow: float
) -> None:
    """Lay a cheque on what is there, with the thin shadow of its edge."""
    height, width = paper.shape[:2]
    own = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(own, corners.astype(np.float32))
    size = (pixels.shape[1], pixels.shape[0])
    inside = cv2.warpPerspective(np.ones((height, width), np.float32), matrix, size)
    soft = cv2.GaussianBlur(inside, (0, 0), 4)
    moved = cv2.warpAffine(soft, np.array([[1.0, 0, 3], [0, 1, 3]]), size)
    pixels *= (1 - shadow * moved)[..., None]
    # One pixel in the image may be several of the drawing: softened first, so that none is lost.
    shrink = width / max(float(np.hypot(*(corners[1] - corners[0]))), 1.0)
    if shrink > 1.2:  # below, linear sampling sees every pixel
        paper = np.asarray(cv2.GaussianBlur(paper, (0, 0), 0.4 * shrink), np.uint8)
    laid = cv2.warpPerspective(paper, matrix, size).astype(np.float32)
    pixels += inside[..., None] * (laid - pixels)


def _hold(pixels: Pixels, corners: NDArray[np.float64], rng: np.random.Generator) -> None:
    """Put a finger's tip over the left or the right edge, where no field stands."""
    upper, lower = ((0, 3), (1, 2))[rng.integers(2)]
    at = corners[upper] + rng.uniform(0.3, 0.55) * (corners[lower] - corners[upper])
    outwards = at - corners.mean(axis=0)
    outwards /= np.hypot(*outwards)
    thick = float(np.hypot(*(corners[lower] - corners[upper]))) * rng.uniform(0.12, 0.18)
    tip, root = at - outwards * thick * 0.1, at + outwards * thick * 6
    cover = np.zeros(pixels.shape[:2], np.uint8)
    ends = [tuple(round(float(value)) for value in end) for end in (tip, root)]
    cv2.line(cover, ends[0], ends[1], 255, max(round(thick), 1))
    mask = cv2.GaussianBlur(cover, (0, 0), 2).astype(np.float32)[..., None] / 255
    round_ = 0.75 + 0.25 * cv2.GaussianBlur(mask, (0, 0), thick / 5)[..., None]
    skin = np.array(_SKIN[rng.integers(len(_SKIN))], np.float32)
    pixels += mask * (skin * round_ - pixels)


def _light(
    size: tuple[int, int], rng: np.random.Generator, brightness: float | None
) -> NDArray[np.float32]:
    """Return the light on every pixel: falling off to one side, and the shadow of something."""
    width, height = size[0] // 8 + 1, size[1] // 8 + 1
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / max(width, height)
    angle = rng.uniform(0, 2 * np.pi)
    fall = rng.uniform(0.0, 0.35)
    light = rng.uniform(0.8, 1.0) - fall * (0.5 + (np.cos(angle) * (x - 0.5) + np.sin(angle) * y))
    if rng.random() < 0.6:
        edge = rng.uniform(0, 2 * np.pi)
        side = np.cos(edge) * (x - rng.uniform(0.2, 0.8)) + np.sin(edge) * (y - 0.35)
        softness = rng.uniform(0.005, 0.05)
        light *= 1 - rng.uniform(0.15, 0.45) / (1 + np.exp(-side / softness))
    light = np.clip(light, 0.35, 1.05)
    if brightness is not None:
        light *= brightness / light.mean()
    return np.asarray(cv2.resize(light.astype(np.float32), size), np.float32)


def _through_lens(
    pixels: Pixels, corners: NDArray[np.float64], focal: float, rng: np.random.Generator
) -> tuple[Pixels, NDArray[np.float64]]:
    """Bend the picture a little: Brown's first radial term, as cameras leave it over."""
    height, width = pixels.shape[:2]
    camera = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1.0]])
    bend = np.array([rng.uniform(-0.03, 0.03), 0, 0, 0])
    bent = cv2.undistort(pixels, camera, bend)
    moved = cv2.undistortPoints(corners.reshape(-1, 1, 2), camera, bend, P=camera)
    return np.asarray(bent, np.float32), np.asarray(moved.reshape(4, 2), np.float64)


def _blurred(pixels: Pixels, rng: np.random.Generator, blur: float | None) -> Pixels:
    """Blur by focus, and sometimes by a hand that moves."""
    spread = rng.uniform(0.4, 1.3) if blur is None else blur
    pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), spread), np.float32)
    length = rng.uniform(2.0, 6.0)
    angle = rng.uniform(0, np.pi)
    if blur is not None or rng.random() < 0.6:
        return pixels
    kernel = np.zeros((9, 9), np.float32)
    end = np.array((np.cos(angle), np.sin(angle))) * length / 2
    for share in np.linspace(-1, 1, 41):
        x, y = np.round(4 + share * end).astype(int)
        kernel[y, x] += 1 / 41
    return np.asarray(cv2.filter2D(pixels, -1, kernel), np.float32)
