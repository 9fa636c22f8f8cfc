"""Glyphs that are no digit: letters, marks, pairs, fragments, scribbles and blanks.

Left out on purpose is what a person would read as a digit too: letters such as O, l and Z, a
steep slash, a comma. The evaluation takes fonts, digits and seeds that training never saw.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from HersheyFonts import HersheyFonts
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recognition.engine.glyphs import GLYPH_SIZE, normalise_glyph
from recognition.training.datasets import DataMissingError
from recognition.training.digits.pen import draw_strokes

Glyph = NDArray[np.uint8]

LETTERS = "ACEFHKMNRUVWXaefhkmnruvwx"
"""Letters that do not pass for a digit in any hand that we know, in small or capital form."""

MARKS = ("=", "#", "*", "+", "%", "&", "@", "-", "/-", "**", "()", "<", ">", "{", "~", "Rs", "No")
HERSHEY_TRAINING = (
    "futural", "scripts", "rowmans", "cursive", "futuram", "rowmand", "timesr", "timesrb",
)  # fmt: skip
HERSHEY_TEST = ("scriptc", "timesi")
FONTS_FOLDER = Path("/usr/share/fonts")
FONTS_TRAINING = (
    "truetype/breip/Breip.ttf",
    "truetype/femkeklaver/femkeklaver.ttf",
    "truetype/rufscript/Rufscript010.ttf",
    "opentype/bwht/BecauseWeBuild-Regular.otf",
    "opentype/bwht/BecauseWeCreate-Regular.otf",
    "opentype/bwht/BecauseWeLearn-Regular.otf",
    "opentype/bwht/BecauseWeMentor-Regular.otf",
    "truetype/klee/KleeOne-Regular.ttf",
    "truetype/ecolier-court/Ecolier-court.ttf",
    "truetype/kiloji/kiloji.ttf",
    "truetype/dejavu/DejaVuSans.ttf",
    "truetype/liberation/LiberationSerif-Italic.ttf",
)
FONTS_TEST = (
    "truetype/fifthhorseman/dkg.ttf",
    "truetype/humor-sans/Humor-Sans.ttf",
    "truetype/kristi/Kristi.ttf",
    "opentype/comic-neue/ComicNeue-Regular.otf",
    "opentype/dancingscript/DancingScript-Regular.otf",
)
FONT_PACKAGES = (
    "fonts-breip fonts-femkeklaver fonts-rufscript fonts-bwht fonts-klee fonts-ecolier-court"
    " fonts-kiloji fonts-dejavu fonts-liberation"
    " fonts-dkg-handwriting fonts-humor-sans fonts-kristi fonts-comic-neue fonts-dancingscript"
)
_CANVAS = 96
_FAINT = 40  # of 255: the soft edge of a stroke


class NegativeMaker:
    """Makes glyphs of each kind from the fonts given and the digits of one split."""

    def __init__(
        self, hershey: Sequence[str], fonts: Sequence[str], digits: Glyph, labels: NDArray[np.int64]
    ) -> None:
        self._hershey = [HersheyFonts(load_default_font=name) for name in hershey]
        self._fonts = [open_font(FONTS_FOLDER / name) for name in fonts]
        self._digits, self._labels = digits, labels
        self._everything = np.arange(len(labels))
        self.kinds: dict[str, Callable[[Generator], Glyph]] = {
            "letter": self._letter,
            "mark": self._mark,
            "pair": self._pair,
            "fragment": self._fragment,
            "scribble": _scribble,
            "blank": _blank,
        }

    def make(self, kind: str, count: int, rng: Generator) -> Glyph:
        """Return (count, 28, 28) glyphs of one kind, ink 255."""
        return np.stack([self.kinds[kind](rng) for _ in range(count)])

    def _letter(self, rng: Generator) -> Glyph:
        letter = str(rng.choice(list(LETTERS)))
        is_typed = bool(self._fonts) and _happens(0.5, rng)
        return self._type(letter, rng) if is_typed else self._pen(letter, rng)

    def _mark(self, rng: Generator) -> Glyph:
        return self._pen(str(rng.choice(MARKS)), rng)

    def _pen(self, text: str, rng: Generator) -> Glyph:
        drawn = draw_strokes(self._strokes(text, rng), _CANVAS, 0.7, rng.uniform(2, 10))
        return normalise_glyph(np.asarray(255 - drawn, np.uint8))

    def _type(self, letter: str, rng: Generator) -> Glyph:
        """Return a letter of a handwriting font, half of the time with a thicker line."""
        font = self._fonts[rng.integers(len(self._fonts))]
        image = Image.new("L", (192, 160))
        ImageDraw.Draw(image).text((40, 24), letter, fill=255, font=font)
        ink = np.asarray(image)
        if _happens(0.5, rng):
            side = int(rng.integers(2, 6))
            ink = np.asarray(cv2.dilate(ink, np.ones((side, side), np.uint8)), np.uint8)
        return normalise_glyph(ink)

    def _strokes(self, text: str, rng: Generator) -> list[NDArray[np.float32]]:
        font = self._hershey[rng.integers(len(self._hershey))]
        drawn = [np.array(list(stroke), np.float32) for stroke in font.strokes_for_text(text)]
        return [_warp(stroke, rng) for stroke in drawn if len(stroke)]

    def _digit(self, rng: Generator, among: Sequence[int] = ()) -> Glyph:
        fitting = np.flatnonzero(np.isin(self._labels, among)) if among else self._everything
        return np.asarray(self._digits[rng.choice(fitting)], np.uint8)

    def _pair(self, rng: Generator) -> Glyph:
        """Return two digits side by side, touching or a little apart."""
        left, right = (_trim(self._digit(rng)) for _ in range(2))
        height = 24
        left, right = (_scale_to(part, height) for part in (left, right))
        gap = int(rng.integers(-4, 5))
        drift = int(rng.integers(0, 5))
        page = np.zeros((height + drift, left.shape[1] + right.shape[1] + 5), np.uint8)
        page[:height, : left.shape[1]] = left
        start = max(0, left.shape[1] + gap)
        area = page[drift:, start : start + right.shape[1]]
        np.maximum(area, right[:, : area.shape[1]], out=area)
        return normalise_glyph(page)

    def _fragment(self, rng: Generator) -> Glyph:
        """Return half a digit, of those whose halves are no digit themselves."""
        if _happens(0.6, rng):
            whole = _trim(self._digit(rng, (0, 2, 3, 5, 6, 8)))
            cut = round(whole.shape[1] * rng.uniform(0.4, 0.6))
            part = whole[:, :cut] if _happens(0.5, rng) else whole[:, cut:]
        else:
            whole = _trim(self._digit(rng, (2, 3, 5)))
            cut = round(whole.shape[0] * rng.uniform(0.4, 0.55))
            part = whole[:cut] if _happens(0.5, rng) else whole[cut:]
        # Kept at its size, in its place: a half scaled up to full height could be a 1.
        glyph = np.zeros((GLYPH_SIZE, GLYPH_SIZE), np.uint8)
        top, left = ((GLYPH_SIZE - side) // 2 for side in part.shape)
        glyph[top : top + part.shape[0], left : left + part.shape[1]] = part
        return glyph if _happens(0.5, rng) else normalise_glyph(glyph)


def open_font(path: Path) -> ImageFont.FreeTypeFont:
    """Return a font of 64 pixels.

    Raises:
        DataMissingError: the machine does not have it.
    """
    try:
        return ImageFont.truetype(path, 64)
    except OSError as error:
        message = f"The font {path} is missing. Get it: apt-get install {FONT_PACKAGES}."
        raise DataMissingError(message) from error


def _happens(share: float, rng: Generator) -> bool:
    return bool(rng.random() < share)


def _warp(stroke: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """Move the points of a stroke a little, smoothly: a hand is no plotter."""
    phase, amount = rng.uniform(0, 6.3, 4), rng.uniform(0, 1.2, 2)
    x, y = stroke[:, 0], stroke[:, 1]
    dx = amount[0] * (np.sin(x / 5 + phase[0]) + np.sin(y / 5 + phase[1]))
    dy = amount[1] * (np.sin(x / 5 + phase[2]) + np.sin(y / 5 + phase[3]))
    shear = rng.uniform(-0.3, 0.3)
    return np.stack([x + dx - shear * y, y + dy], axis=1).astype(np.float32)


def _scale_to(part: Glyph, height: int) -> Glyph:
    width = max(3, part.shape[1] * height // part.shape[0])
    return np.asarray(cv2.resize(part, (width, height)), np.uint8)


def _trim(glyph: Glyph) -> Glyph:
    x, y, width, height = cv2.boundingRect((glyph >= _FAINT).astype(np.uint8))
    return glyph[y : y + height, x : x + width]


def _scribble(rng: Generator) -> Glyph:
    """Return what a pen leaves that goes to and fro many times."""
    count = int(rng.integers(12, 40))
    steps = rng.normal(0, 1, (count, 2)) * rng.uniform(0.3, 1, 2)
    points = steps if _happens(0.5, rng) else np.cumsum(steps, axis=0)
    time = np.linspace(0, count - 1, count * 6)
    smooth = np.stack([np.interp(time, np.arange(count), points[:, axis]) for axis in (0, 1)], 1)
    path = np.asarray(cv2.blur(smooth.astype(np.float32), (1, 5)), np.float32)
    drawn = draw_strokes([path], _CANVAS, 0.75, rng.uniform(2, 8))
    return normalise_glyph(np.asarray(255 - drawn, np.uint8))


def _blank(rng: Generator) -> Glyph:
    """Return nothing, specks, or the grain of paper stretched to full contrast."""
    glyph = np.zeros((GLYPH_SIZE, GLYPH_SIZE), np.uint8)
    if _happens(0.15, rng):
        return glyph
    if _happens(0.5, rng):
        grain = rng.normal(rng.uniform(-40, 90), rng.uniform(15, 70), glyph.shape)
        if _happens(0.5, rng):
            spread = float(rng.uniform(0.5, 2.5))
            grain = 2 * np.asarray(cv2.GaussianBlur(grain, (0, 0), spread), np.float64)
        return np.asarray(np.clip(grain, 0, 255), np.uint8)
    for _ in range(int(rng.integers(1, 8))):
        centre = tuple(int(part) for part in rng.integers(2, GLYPH_SIZE - 2, 2))
        cv2.circle(glyph, centre, int(rng.integers(0, 2)), int(rng.integers(80, 256)), -1)
    return glyph if _happens(0.5, rng) else normalise_glyph(glyph)
