"""Crops that hold no number: blank paper, scribbles, words and noise, none as training makes them.

Training has its own empty fields, printed with its own stationery. These are drawn otherwise, so
that what is measured on them was not learnt from them.
"""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from HersheyFonts import HersheyFonts
from numpy.random import Generator
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

_SEED = 41_000  # the limit of what is legible was set on crops of another seed
_HANDS = ("scriptc", "scripts", "cursive", "futural", "timesi")
_WORDS = (
    "Only", "Rupees", "payee", "Kumar", "Verma", "and Co", "Branch", "Date", "Mumbai", "Santiago",
    "Anders", "Lakh", "Hundred", "Thank you", "Yours", "Marta", "Smith", "Ram Nath", "cash", "self",
)  # fmt: skip
"""Words whose letters do not all pass for digits."""


def crops(kind: str, count: int) -> Iterator[Grey]:
    """Yield ``count`` crops of one of ``KINDS``, (height, width), 0 = black; always the same."""
    rng = np.random.default_rng((_SEED, sorted(KINDS).index(kind)))
    for _ in range(count):
        height = int(rng.integers(36, 90))
        page = _paper(height, int(height * rng.uniform(2, 6)), rng)
        yield _scanned(KINDS[kind](page, rng), rng)


def _paper(height: int, width: int, rng: Generator) -> NDArray[np.float32]:
    """Return paper, brightness 0 to 1, lit from one side, with a fine net printed on half of it."""
    light = np.linspace(1, rng.uniform(0.85, 1), width, dtype=np.float32)
    page = np.tile(light * np.float32(rng.uniform(0.65, 0.98)), (height, 1))
    if rng.random() < 0.5:
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        waves = np.sin(x / rng.uniform(2, 9) + rng.uniform(1, 6) * np.sin(y / rng.uniform(5, 20)))
        page *= 1 - np.float32(rng.uniform(0.02, 0.12)) * (waves > rng.uniform(0.3, 0.9))
    return np.asarray(page, np.float32)


def _scanned(page: NDArray[np.float32], rng: Generator) -> Grey:
    grain = rng.normal(0, rng.uniform(0.004, 0.02), page.shape)
    grey = np.clip((cv2.GaussianBlur(page, (0, 0), 0.6) + grain) * 255, 0, 255).astype(np.uint8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(50, 95))]
    coded = cv2.imencode(".jpg", grey, quality)[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)


def _blank(page: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """Paper alone, now and then with the rule that it was to be written on."""
    if rng.random() < 0.3:
        y = int(page.shape[0] * rng.uniform(0.6, 0.95))
        cv2.line(page, (0, y), (page.shape[1], y), float(rng.uniform(0.1, 0.5)), 1)
    return page


def _scribble(page: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """A pen going to and fro, as to strike something out or to try it."""
    height, width = page.shape
    turns = int(rng.integers(8, 30))
    x = np.linspace(0.1, 0.9, turns) * width + rng.normal(0, 0.12 * height, turns)
    reach = rng.uniform(0.15, 0.4) * height
    y = height / 2 + reach * np.where(np.arange(turns) % 2, 1, -1) * rng.uniform(0.3, 1.1, turns)
    fine = np.linspace(0, turns - 1, turns * 8)
    points = np.stack([np.interp(fine, np.arange(turns), each) for each in (x, y)], axis=1)
    return _inked(page, [np.asarray(cv2.blur(points, (1, 7)), np.float64)], rng)


def _words(page: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """A word or two, in the strokes of a hand."""
    hand = HersheyFonts(load_default_font=str(rng.choice(_HANDS)))
    word = str(rng.choice(_WORDS))
    strokes = [np.array(stroke, float) for stroke in hand.strokes_for_text(word)]
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array(page.shape[::-1]) * rng.uniform(0.6, 0.9)
    scale = (room / np.maximum(high - low, 1)).min()
    shift = (np.array(page.shape[::-1]) - (high - low) * scale) / 2
    return _inked(page, [(stroke - low) * scale + shift for stroke in strokes], rng)


def _noise(page: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """What a broken scan shows: grain, specks, or coarse blots."""
    kind = int(rng.integers(3))
    if kind == 0:
        return np.asarray(page + rng.normal(0, rng.uniform(0.1, 0.4), page.shape), np.float32)
    if kind == 1:
        specks = rng.random(page.shape) < rng.uniform(0.01, 0.3)
        return np.asarray(np.where(specks, rng.uniform(0, 0.4), page), np.float32)
    coarse = rng.random((max(2, page.shape[0] // 8), max(2, page.shape[1] // 8)))
    return np.asarray(cv2.resize(coarse.astype(np.float32), page.shape[::-1]), np.float32)


def _inked(
    page: NDArray[np.float32], strokes: list[NDArray[np.float64]], rng: Generator
) -> NDArray[np.float32]:
    width = max(1, round(page.shape[0] * rng.uniform(0.03, 0.09)))
    shade = float(rng.uniform(0.05, 0.4))
    for stroke in strokes:
        points = np.round(stroke * 8).astype(np.int32)
        cv2.polylines(page, [points], False, shade, width, cv2.LINE_AA, shift=3)  # noqa: FBT003 - OpenCV
    return page


KINDS: dict[str, Callable[[NDArray[np.float32], Generator], NDArray[np.float32]]] = {
    "blank": _blank,
    "scribble": _scribble,
    "words": _words,
    "noise": _noise,
}
