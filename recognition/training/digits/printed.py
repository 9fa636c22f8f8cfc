"""Printed digits: drafts, stamps and forms carry them among the written ones."""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recognition.engine.glyphs import normalise_glyph
from recognition.training.digits.negatives import FONTS_FOLDER, open_font

FONTS = (
    "truetype/dejavu/DejaVuSans.ttf",
    "truetype/dejavu/DejaVuSans-Bold.ttf",
    "truetype/dejavu/DejaVuSansMono.ttf",
    "truetype/dejavu/DejaVuSerif.ttf",
    "truetype/dejavu/DejaVuSerif-Bold.ttf",
    "truetype/dejavu/DejaVuSansCondensed.ttf",
    "truetype/liberation/LiberationSans-Regular.ttf",
    "truetype/liberation/LiberationSans-Bold.ttf",
    "truetype/liberation/LiberationSansNarrow-Regular.ttf",
    "truetype/liberation/LiberationMono-Regular.ttf",
    "truetype/liberation/LiberationMono-Bold.ttf",
    "truetype/liberation/LiberationSerif-Regular.ttf",
)


def printed_digits(
    each: int, rng: Generator
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Return glyphs (n, 28, 28), their digits and their fonts: ``each`` of every digit and font.

    Each is printed at another size, between what a scanner makes of small print and of large.
    """
    fonts = [open_font(FONTS_FOLDER / name) for name in FONTS]
    glyphs, labels, places = [], [], []
    for place, font in enumerate(fonts):
        for digit in range(10):
            glyphs += [_printed(font, digit, rng) for _ in range(each)]
            labels += [digit] * each
            places += [place] * each
    return np.stack(glyphs), np.array(labels), np.array(places)


def _printed(font: ImageFont.FreeTypeFont, digit: int, rng: Generator) -> NDArray[np.uint8]:
    image = Image.new("L", (96, 112))
    ImageDraw.Draw(image).text((24, 16), str(digit), fill=255, font=font)
    scale = float(np.exp(rng.uniform(np.log(0.2), 0.0)))
    small = cv2.resize(np.asarray(image), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        small = cv2.GaussianBlur(small, (0, 0), float(rng.uniform(0.3, 0.9)))
    return normalise_glyph(np.asarray(small, np.uint8))
