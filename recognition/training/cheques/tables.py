"""What cheques lie on when people photograph them: desks, cloth, papers, things; by chance.

Every table is (height, width, 3) BGR in float32, made at half the size, which cameras blur anyway.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float32]


def draw_table(name: str, size: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """Return the table of a name in ``TABLES``; ``size`` is width and height in pixels."""
    half = (size[0] // 2 + 1, size[1] // 2 + 1)
    table = TABLES[name](half, rng)
    return np.asarray(cv2.resize(table, size, interpolation=cv2.INTER_LINEAR), np.float32)


def clouds(size: tuple[int, int], rng: np.random.Generator, coarse: int) -> Pixels:
    """Return smooth noise of unit deviation with ``coarse`` bumps across, (height, width)."""
    across = max(2, coarse)
    down = max(2, round(coarse * size[1] / size[0]))
    small = rng.normal(0, 1, (down, across)).astype(np.float32)
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC), np.float32)


def _plain(size: tuple[int, int], colour: tuple[float, ...], rng: np.random.Generator) -> Pixels:
    pixels = np.empty((size[1], size[0], 3), np.float32)
    pixels[:] = np.array(colour, np.float32) * rng.uniform(0.9, 1.08)
    pixels += (2.5 * clouds(size, rng, 9) + 1.5 * clouds(size, rng, 200))[..., None]
    return pixels


def _white(size: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """Draw a white desk, hardly darker than paper."""
    return _plain(size, (222, 226, 228), rng)


def _dark(size: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """Draw a dark desk that shines somewhere."""
    pixels = _plain(size, tuple(rng.uniform(25, 70, 3)), rng)
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32) / max(size)
    away = (x - rng.uniform(0, 1)) ** 2 + (y - rng.uniform(0, 0.75)) ** 2
    pixels += rng.uniform(0, 70) * np.exp(-away / 0.02)[..., None]
    return pixels


def _wood(size: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """Draw planks with grain that runs along them, light or dark."""
    height = size[1]
    light = rng.random() < 0.5
    colour = (120, 165, 200) if light else (45, 75, 115)
    pixels = _plain(size, colour, rng)
    wave = clouds(size, rng, 5) * 40
    y = np.arange(height, dtype=np.float32)[:, None]
    fine = clouds((16, height), rng, 16)
    grain = cv2.resize(rng.normal(0, 1, (height, 8)).astype(np.float32), size)
    rings = np.sin((y + wave) / rng.uniform(6, 16) + fine[:, :1] * 2)
    pixels += (rng.uniform(6, 16) * rings + 6 * grain)[..., None] * (0.8, 1.0, 1.1)
    plank = int(rng.integers(180, 500))
    for at in range(int(rng.integers(0, plank)), height, plank):
        pixels[at : at + 3] *= 0.45
    if rng.random() < 0.5:
        pixels = np.ascontiguousarray(cv2.resize(pixels.transpose(1, 0, 2), size))
    return pixels


def _cloth(size: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """Draw woven cloth with folds, plain or checked."""
    width, height = size
    pixels = _plain(size, tuple(rng.uniform(50, 200, 3)), rng)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    pixels += (9 * np.sin(x / 1.7) * np.sin(y / 1.6))[..., None]
    pixels *= (1 + 0.10 * clouds(size, rng, 6))[..., None]
    if rng.random() < 0.6:
        side = rng.uniform(60, 160)
        stripes = (np.sin(x / side * 6.28) > 0.3).astype(np.float32)
        stripes += (np.sin(y / side * 6.28) > 0.3).astype(np.float32)
        pixels *= (1 - rng.uniform(0.15, 0.35) * stripes)[..., None]
    return pixels


def _tiles(size: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """Draw stone tiles and their joints."""
    pixels = _plain(size, tuple(rng.uniform(120, 205) + rng.uniform(-12, 12, 3)), rng)
    pixels += (10 * np.abs(clouds(size, rng, 14)) - 8 * np.abs(clouds(size, rng, 60)))[..., None]
    side = int(rng.integers(90, 420))
    joint = rng.uniform(0.5, 1.3)
    for at in range(int(rng.integers(0, side)), max(size), side):
        pixels[:, at : at + 4] *= joint
        pixels[at : at + 4] *= joint
    return pixels


def _papers(size: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """Draw printed sheets lying about, so that paper lies on paper."""
    pixels = _dark(size, rng) if rng.random() < 0.5 else _wood(size, rng)
    for _ in range(int(rng.integers(2, 6))):
        _lay_paper(pixels, rng)
    return pixels


def _lay_paper(pixels: Pixels, rng: np.random.Generator) -> None:
    height, width = pixels.shape[:2]
    long = rng.uniform(0.5, 1.1) * max(size := (width, height))
    sheet = np.full((round(long), round(long / 1.414), 3), rng.uniform(200, 245), np.float32)
    step = int(rng.integers(14, 30))
    for y in range(step * 3, sheet.shape[0] - step * 2, step):
        x = step * 2
        while x < sheet.shape[1] - step * 5 and rng.random() < 0.97:
            word = int(rng.integers(step, step * 4))
            sheet[y : y + step // 3, x : x + word : 3] = rng.uniform(40, 110)
            x += word + step // 2
    turn = cv2.getRotationMatrix2D((0, 0), float(rng.uniform(0, 360)), 1.0)
    middle = turn[:, :2] @ (sheet.shape[1] / 2, sheet.shape[0] / 2)
    turn[:, 2] = rng.uniform(0, 1, 2) * size - middle
    inside = cv2.warpAffine(np.ones(sheet.shape[:2], np.float32), turn, size)
    pixels *= 1 - 0.3 * cv2.GaussianBlur(inside, (0, 0), 3)[..., None] * (1 - inside[..., None])
    pixels += inside[..., None] * (cv2.warpAffine(sheet, turn, size) - pixels)


def _clutter(size: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """Draw a keyboard, pens and coins on a desk."""
    desk = (_white, _dark, _wood)[rng.integers(3)](size, rng)
    pixels = np.clip(desk, 0, 255).astype(np.uint8)  # letters are drawn in no other type
    width, height = size
    key = int(rng.integers(50, 90))
    tone, glyph = ((35, 200), (230, 60))[rng.integers(2)]
    left, top = int(rng.uniform(-0.3, 0.6) * width), int(rng.uniform(-0.2, 0.9) * height)
    cv2.rectangle(
        pixels, (left, top), (left + key * 15, top + key * 5), (tone * 0.7,) * 3, cv2.FILLED
    )
    for row in range(5):
        for column in range(15):
            x, y = left + column * key + row * key // 5 + 4, top + row * key + 4
            cv2.rectangle(pixels, (x, y), (x + key - 8, y + key - 8), (tone,) * 3, cv2.FILLED)
            letter = chr(65 + int(rng.integers(26)))
            at = (x + key // 4, y + key * 3 // 5)
            cv2.putText(pixels, letter, at, cv2.FONT_HERSHEY_SIMPLEX, key / 60, (glyph,) * 3, 2)
    for _ in range(int(rng.integers(1, 4))):
        ends = rng.uniform(0, 1, (2, 2)) * size
        colour = tuple(rng.uniform(20, 230, 3))
        cv2.line(
            pixels, tuple(ends[0].astype(int)), tuple(ends[1].astype(int)), colour, key // 4,
            cv2.LINE_AA,
        )  # fmt: skip
    for _ in range(int(rng.integers(0, 4))):
        at = tuple((rng.uniform(0, 1, 2) * size).astype(int))
        cv2.circle(pixels, at, key // 2, tuple(rng.uniform(90, 190, 3)), cv2.FILLED, cv2.LINE_AA)
    return pixels.astype(np.float32)


TABLES: dict[str, Callable[[tuple[int, int], np.random.Generator], Pixels]] = {
    "white": _white,
    "dark": _dark,
    "wood": _wood,
    "cloth": _cloth,
    "tiles": _tiles,
    "papers": _papers,
    "clutter": _clutter,
}
