"""Bring a colour scan into the forms in which cheques are scanned, faxed and exchanged.

Clearing houses exchange 100 dpi grey and 200 dpi bitonal images (X9.100-187; in India CTS-2010 asks
for 100 dpi grey JPEG and 200 dpi bitonal TIFF G4). Scanners make bitonal ones either with one
threshold for the whole image or with one for every place; programs that are told no better scatter
dots as dense as the image is dark.
"""

import io
from enum import StrEnum

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray
from PIL import Image

_EXCHANGED = 100.0
_BITONAL = 200.0
_DARKER_SHARE = 0.18  # than the paper about it: ink, to a scanner with local thresholds
_ABOUT_MM = 5.0
_LEAST_CONTRAST = 12.0
_GREY_QUALITY, _COLOUR_QUALITY = 75, 92


class Condition(StrEnum):
    """What form an image has."""

    COLOUR_300 = "300 dpi colour"
    GREY_100 = "100 dpi grey"
    BITONAL_200_LOCAL = "200 dpi bitonal, local thresholds"
    BITONAL_200_GLOBAL = "200 dpi bitonal, one threshold"
    BITONAL_200_DITHERED = "200 dpi bitonal, dithered"


def as_scanned(pixels: NDArray[np.uint8], dpi: float, condition: Condition) -> bytes:
    """Return a BGR image of so many dots an inch as a file of that condition.

    JPEG, or TIFF with Group 4 compression.
    """
    if condition is Condition.COLOUR_300:
        same = _at(pixels, 300.0 / dpi)
        return _jpeg(same, _COLOUR_QUALITY)
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    if condition is Condition.GREY_100:
        return _jpeg(_at(grey, _EXCHANGED / dpi), _GREY_QUALITY)
    coarse = _at(grey, _BITONAL / dpi)
    if condition is Condition.BITONAL_200_LOCAL:
        return _group4(_light_by_place(coarse))
    if condition is Condition.BITONAL_200_GLOBAL:
        return _group4(cv2.threshold(coarse, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1])
    return _group4(coarse)  # Floyd and Steinberg's way, Pillow's own


def _at(pixels: MatLike, factor: float) -> MatLike:
    if abs(factor - 1) < 0.02:  # as good as the same
        return pixels
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=way)


def _light_by_place(grey: MatLike) -> MatLike:
    """Return 255 where a pixel is about as light as the paper around it."""
    paper = cv2.GaussianBlur(grey, (0, 0), _ABOUT_MM * _BITONAL / 25.4 / 2).astype(np.float32)
    limit = paper - np.maximum(_DARKER_SHARE * paper, _LEAST_CONTRAST)
    return np.where(grey > limit, 255, 0).astype(np.uint8)


def _jpeg(pixels: MatLike, quality: int) -> bytes:
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _group4(light: MatLike) -> bytes:
    file = io.BytesIO()
    dpi = (_BITONAL, _BITONAL)
    Image.fromarray(light).convert("1").save(file, "TIFF", compression="group4", dpi=dpi)
    return file.getvalue()
