"""Photograph drawn cheques on a table, as people do with a telephone.

A photograph is a pinhole camera over a plane: ``image = K [r1 r2 t] paper`` (Hartley and Zisserman,
*Multiple View Geometry*, 8.1.1), with light, blur and noise on top.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.training.cheques.draw import DrawnCheque

_FOCAL = 0.9  # of the longer side: the main camera of a telephone, 28 mm of a film camera
_ROOM = (0.72, 0.94)  # of the picture that the cheque's extent fills
_TABLES = ("white", "wood", "cloth", "tiles", "print")


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

    tilt_degrees: float | None = (
        None  # of the camera away from straight above; at most 35 by chance
    )
    turn_degrees: float | None = None  # of the cheque on the table, clockwise; any by chance
    table: str | None = None


def photograph(
    cheque: DrawnCheque,
    rng: np.random.Generator,
    shot: Shot | None = None,
    *,
    size: tuple[int, int] = (3200, 2400),
) -> Picture:
    """Photograph one cheque on a table; ``size`` is the picture's width and height in pixels."""
    shot = shot or Shot()
    tilt = rng.uniform(0, 35) if shot.tilt_degrees is None else shot.tilt_degrees
    turn = rng.uniform(0, 360) if shot.turn_degrees is None else shot.turn_degrees
    table = shot.table or str(rng.choice(_TABLES))
    corners = _corners_in_view(cheque.layout.size, size, tilt, turn, rng)
    pixels = _table(table, size, rng)
    _lay(pixels, cheque.pixels, corners, shadow=table != "white")
    pixels *= _light(size, rng)[..., None]
    pixels *= rng.uniform(0.92, 1.04, 3).astype(np.float32)  # the white balance
    pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.4, 1.1)), np.float32)
    pixels += rng.normal(0, rng.uniform(1.0, 4.0), pixels.shape[:2])[..., None]
    return Picture(np.clip(pixels, 0, 255).astype(np.uint8), corners)


def _corners_in_view(
    sheet_mm: tuple[float, float],
    size: tuple[int, int],
    tilt: float,
    turn: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return where the corners come to lie, near enough for the cheque to fill the picture."""
    sheet = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * np.divide(sheet_mm, 2)
    away = rng.uniform(0, 2 * np.pi)
    axis = np.array((np.cos(away), np.sin(away), 0.0)) * np.radians(tilt)
    in_plane, _ = cv2.Rodrigues(np.array((0.0, 0.0, np.radians(turn))))
    tilted, _ = cv2.Rodrigues(axis)
    points = np.column_stack([sheet, np.zeros(4)]) @ (tilted @ in_plane).T
    focal = _FOCAL * max(size)
    share = rng.uniform(*_ROOM)
    near, far = 50.0, 5000.0
    for _ in range(40):  # the cheque's extent shrinks steadily with the distance
        distance = (near + far) / 2
        depth = points[:, 2] + distance
        seen = focal * points[:, :2] / np.maximum(depth, 1.0)[:, None]
        fills = max((np.ptp(seen, axis=0) / size).max(), 0.0)
        if fills > share or depth.min() < 1:
            near = distance
        else:
            far = distance
    middle = (seen.min(axis=0) + seen.max(axis=0)) / 2
    free = (np.array(size) - np.ptp(seen, axis=0)) / 2
    return np.asarray(seen - middle + np.array(size) / 2 + rng.uniform(-0.7, 0.7, 2) * free)


def _lay(
    pixels: NDArray[np.float32],
    cheque: NDArray[np.uint8],
    corners: NDArray[np.float64],
    *,
    shadow: bool,
) -> None:
    """Lay a cheque on what is there, with the thin shadow of its edge."""
    height, width = cheque.shape[:2]
    own = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(own, corners.astype(np.float32))
    size = (pixels.shape[1], pixels.shape[0])
    inside = cv2.warpPerspective(np.ones((height, width), np.float32), matrix, size)
    if shadow:
        soft = cv2.GaussianBlur(inside, (0, 0), 4)
        moved = cv2.warpAffine(soft, np.array([[1.0, 0, 3], [0, 1, 3]]), size)
        pixels *= (1 - 0.35 * moved)[..., None]
    # One pixel in the image may be several of the drawing: softened first, so that none is lost.
    shrink = width / max(float(np.hypot(*(corners[1] - corners[0]))), 1.0)
    if shrink > 1.2:  # below, linear sampling sees every pixel
        cheque = np.asarray(cv2.GaussianBlur(cheque, (0, 0), 0.4 * shrink), np.uint8)
    laid = cv2.warpPerspective(cheque, matrix, size).astype(np.float32)
    pixels += inside[..., None] * (laid - pixels)


def _light(size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the light on every pixel: falling off to one side, and the shadow of something."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / max(size)
    angle = rng.uniform(0, 2 * np.pi)
    fall = rng.uniform(0.0, 0.3)
    light = rng.uniform(0.85, 1.0) - fall * (0.5 + (np.cos(angle) * (x - 0.5) + np.sin(angle) * y))
    if rng.random() < 0.6:
        edge = rng.uniform(0, 2 * np.pi)
        side = np.cos(edge) * (x - rng.uniform(0.2, 0.8)) + np.sin(edge) * (y - 0.35)
        softness = rng.uniform(0.005, 0.05)
        light *= 1 - rng.uniform(0.15, 0.4) / (1 + np.exp(-side / softness))
    return np.asarray(np.clip(light, 0.35, 1.05), np.float32)


def _table(name: str, size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return what the cheque lies on, (height, width, 3)."""
    width, height = size
    plain = {
        "white": (238, 240, 240), "wood": (70, 110, 150), "cloth": (120, 80, 60),
        "tiles": (190, 195, 200), "print": (235, 238, 240),
    }  # fmt: skip
    pixels = np.full((height, width, 3), plain[name], np.float32)
    if name == "wood":
        grain = cv2.resize(
            rng.normal(0, 1, (height // 6, 12)).astype(np.float32), size,
            interpolation=cv2.INTER_CUBIC,
        )  # fmt: skip
        pixels += 18 * grain[..., None]
    elif name == "cloth":
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        pixels += (14 * np.sin(x / 3.1) * np.sin(y / 2.7) + 10 * np.sin((x + y) / 90))[..., None]
    elif name == "tiles":
        side = int(rng.integers(120, 400))
        for at in range(int(rng.integers(0, side)), max(size), side):
            cv2.line(pixels, (at, 0), (at, height), (120, 122, 125), 7)
            cv2.line(pixels, (0, at), (width, at), (120, 122, 125), 7)
    elif name == "print":  # a form or a newspaper lies beneath
        for y in range(20, height, 44):
            for x in range(int(rng.integers(0, 60)), width, 60):
                if rng.random() < 0.8:
                    word = (x + int(rng.integers(20, 52)), y + 18)
                    cv2.rectangle(pixels, (x, y), word, (70, 70, 70), 2)
    return pixels
