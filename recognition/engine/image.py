"""Bytes to pixels: one decode for everything that follows, and limits before memory is spent."""

import io
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from recognition.engine.errors import EngineError, ErrorCode

MAX_PIXELS = 64_000_000
"""A 600 dpi A4 scan has 35 million; nothing that holds one cheque needs twice that."""

MIN_SIDE = 8
"""Pixels. Below it no digit can be told from another."""

_BAND_ROWS = 64
_WHITE = 255
_SAMPLED_ROWS = 16  # one of so many is looked at
_LONE_SHARE = 0.03  # of a dithered image's pixels, at least; of other black and white ones, less
_DITHER_SIGMA = 0.9  # pixels
_TURNS = {
    1: cv2.ROTATE_90_CLOCKWISE,
    2: cv2.ROTATE_180,
    3: cv2.ROTATE_90_COUNTERCLOCKWISE,
}

FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP")


def decode(data: bytes) -> NDArray[np.uint8]:
    """Return the first page as BGR, (height, width, 3), turned as its EXIF tag says.

    Transparent places become white paper; 16-bit images are brought to 8 bits.

    Raises:
        EngineError: ``unreadable_image``, ``image_too_large`` or ``image_too_small``.
    """
    width, height, has_alpha = _header(data)
    if height * width > MAX_PIXELS:
        message = f"The image has {height * width:,} pixels; at most {MAX_PIXELS:,} are read."
        raise EngineError(ErrorCode.IMAGE_TOO_LARGE, message)
    if min(height, width) < MIN_SIDE:
        message = f"The image is {width} x {height} pixels: too small to hold a digit."
        raise EngineError(ErrorCode.IMAGE_TOO_SMALL, message)
    # Only IMREAD_COLOR obeys the EXIF tag, and only IMREAD_UNCHANGED keeps transparency.
    flag = cv2.IMREAD_UNCHANGED if has_alpha else cv2.IMREAD_COLOR
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flag)
    except cv2.error:
        pixels = None
    if pixels is None:
        raise EngineError(ErrorCode.UNREADABLE_IMAGE, "The file is damaged and cannot be opened.")
    return _undithered(_on_white_paper(pixels))


@dataclass(frozen=True, slots=True)
class Planes:
    """One image in the two greys it is read in, each (height, width), 0 = black.

    ``plain`` is free of coloured print and shows frames and black type; ``grey`` is luminance and
    shows what pens of any colour wrote.
    """

    plain: NDArray[np.uint8]
    grey: NDArray[np.uint8]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.plain.shape
        return width, height


def split_planes(pixels: NDArray[np.uint8]) -> Planes:
    """Return both greys of a BGR image.

    Coloured security print is light in at least one colour and all but vanishes in the largest of
    the three; black print and dark pens stay. Done in bands, because whole planes cost more to
    allocate than to fill, and what was just read is still at hand for the second grey.
    """
    height, width = pixels.shape[:2]
    plain, grey = (np.empty((height, width), np.uint8) for _ in range(2))
    colours = np.empty((3, _BAND_ROWS, width), np.uint8)
    for top in range(0, height, _BAND_ROWS):
        band = pixels[top : top + _BAND_ROWS]
        blue, green, red = colours[:, : len(band)]
        cv2.split(band, [blue, green, red])
        cv2.max(cv2.max(blue, green, blue), red, plain[top : top + _BAND_ROWS])
        cv2.cvtColor(band, cv2.COLOR_BGR2GRAY, grey[top : top + _BAND_ROWS])
    return Planes(plain, grey)


def turn(pixels: NDArray[np.uint8], quarter_turns: int) -> NDArray[np.uint8]:
    """Return the image turned clockwise so many times a quarter."""
    code = _TURNS.get(quarter_turns % 4)
    return pixels if code is None else np.asarray(cv2.rotate(pixels, code), np.uint8)


def shrink_whole(grey: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    """Return an image so many times smaller, each pixel the mean of a square; rests are cut off.

    Whole factors are ten times as fast as OpenCV's others.
    """
    height, width = (side // times for side in grey.shape)
    if times <= 1 or not height or not width:
        return grey
    whole = grey[: height * times, : width * times]
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _header(data: bytes) -> tuple[int, int, bool]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is judged by the caller
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                has_alpha = image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or (
                    "transparency" in image.info
                )
                return (*image.size, has_alpha)
    except Image.DecompressionBombError as error:  # from 179 million pixels on, Pillow says so
        message = f"The image is far too large; at most {MAX_PIXELS:,} pixels are read."
        raise EngineError(ErrorCode.IMAGE_TOO_LARGE, message) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        message = "The file is not an image that can be read."
        raise EngineError(ErrorCode.UNREADABLE_IMAGE, message) from error


def _undithered(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the greys of paper that was made black and white by scattering dots (dithering).

    What a scanner's “text” setting writes has whole strokes and stays as it is. Dithering breaks
    strokes up and strews dots between them, each unlike its four neighbours; seen from far enough,
    their means are the greys that they stand for.
    """
    above, row, below = (pixels[top::_SAMPLED_ROWS, :, 0] for top in range(3))
    above, row = above[: len(below)], row[: len(below)]
    if ((row > 0) & (row < _WHITE)).any():
        return pixels
    middle = row[:, 1:-1]
    neighbours = (row[:, :-2], row[:, 2:], above[:, 1:-1], below[:, 1:-1])
    lone = np.logical_and.reduce([middle != neighbour for neighbour in neighbours])
    if not lone.size or lone.mean() < _LONE_SHARE:
        return pixels
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), _DITHER_SIGMA), np.uint8)


def _on_white_paper(pixels: MatLike) -> NDArray[np.uint8]:
    if pixels.dtype != np.uint8:
        scale = 255.0 / float(np.iinfo(np.uint16).max)
        pixels = cv2.convertScaleAbs(pixels, alpha=scale)
    if pixels.ndim == 2:  # noqa: PLR2004 - grey has two axes
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR), np.uint8)
    if pixels.shape[2] == 4:  # noqa: PLR2004 - the fourth channel is opacity
        laid = np.empty((*pixels.shape[:2], 3), np.uint8)
        for top in range(0, len(pixels), _BAND_ROWS):  # whole, it would take nine times the memory
            *colours, opacity = cv2.split(pixels[top : top + _BAND_ROWS])
            inks = [cv2.multiply(cv2.bitwise_not(c), opacity, scale=1 / 255) for c in colours]
            cv2.bitwise_not(cv2.merge(inks), laid[top : top + _BAND_ROWS])
        return laid
    return np.asarray(pixels[..., :3], np.uint8)
