"""What a scanner, a camera and JPEG do to a crop."""

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

_BITONAL = 0.13
"""Share of scans in black and white, as clearing houses exchange them."""


def scanned(page: MatLike, height: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return a page of brightness 0 to 1 as grey pixels, ``height`` high, width in proportion."""
    tall, wide = page.shape
    if rng.random() < 0.3:
        light = rng.uniform(0.7, 1.0, (2, 3)).astype(np.float32)
        page = page * cv2.resize(light, (wide, tall))
    if rng.random() < 0.5:
        page = cv2.GaussianBlur(page, (0, 0), float(rng.uniform(0.4, 1.4)))
    scale = height / tall
    if rng.random() < 0.35:  # a coarse scan, enlarged again
        coarse = float(rng.uniform(0.5, 1.0)) * min(1.0, scale * 1.3)
        page = cv2.resize(page, None, fx=coarse, fy=coarse, interpolation=cv2.INTER_AREA)
    if rng.random() < _BITONAL:
        page = _bitonal(page, rng)
    width = max(16, round(wide * scale))
    way = cv2.INTER_AREA if page.shape[0] > height else cv2.INTER_LINEAR
    page = cv2.resize(page, (width, height), interpolation=way)
    if rng.random() < 0.6:
        noise = rng.standard_normal(page.shape, dtype=np.float32)
        page = page + noise * np.float32(rng.gamma(1.5, 0.012))
    grey = np.clip(page * 255, 0, 255).astype(np.uint8)
    if rng.random() < 0.35:
        quality = int(rng.integers(25, 90))
        _, content = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])
        grey = np.asarray(cv2.imdecode(content, cv2.IMREAD_GRAYSCALE), np.uint8)
    return grey


def _bitonal(page: MatLike, rng: np.random.Generator) -> MatLike:
    """Return black and white only: by thresholds near each pixel, or by one for the whole page."""
    way = rng.random()
    if way < 0.5:
        side = int(rng.integers(7, 25)) * 2 + 1
        near = cv2.blur(page, (side, side)) - rng.uniform(0.03, 0.14)
        return np.asarray(page > near, np.float32)
    grey = np.clip(page * 255, 0, 255).astype(np.uint8)
    one = cv2.threshold(grey, 0, 255, cv2.THRESH_OTSU)[0] / 255 + rng.normal(0, 0.04)
    return np.asarray(page > one, np.float32)


def well_scanned(page: MatLike, height: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return what a scanner in good order makes of a page, as ``scanned`` does."""
    page = cv2.GaussianBlur(page, (0, 0), float(rng.uniform(0.3, 0.7)))
    width = max(16, round(page.shape[1] * height / page.shape[0]))
    page = cv2.resize(page, (width, height), interpolation=cv2.INTER_AREA)
    page = page + rng.normal(0, 0.008, page.shape)
    return np.asarray(np.clip(page * 255, 0, 255), np.uint8)
