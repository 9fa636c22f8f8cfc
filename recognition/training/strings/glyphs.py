"""Handwritten and printed digits to compose strings from: one ``Hand`` writes one string."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recognition.training.datasets import (
    DataFolders,
    DigitSet,
    GlyphSet,
    PenDigit,
    load_dida,
    load_mnist_test,
    load_mnist_train,
    load_pen_test,
    load_pen_train,
    load_semeion,
    load_usps_train,
)
from recognition.training.strings import pens

GLYPH_HEIGHT = 48
Glyph = NDArray[np.uint8]
_INK = 60
_LEAST_INK = 12  # pixels of ink below which a cut-out holds no digit
_FONTS = ("dejavu", "liberation")
_FONT_FOLDER = Path("/usr/share/fonts/truetype")


def deslanted(image: NDArray[np.uint8]) -> Glyph | None:
    """Cut a digit to its ink, upright by its moments, ``GLYPH_HEIGHT`` high; ``None`` if empty."""
    large = cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    moments = cv2.moments(large)
    if moments["m00"] < _LEAST_INK * 255:
        return None
    shear = moments["mu11"] / moments["mu02"] if moments["mu02"] > 1 else 0.0
    shear = float(np.clip(shear, -0.7, 0.7))
    height, width = large.shape
    turn = np.array(
        [[1, -shear, shear * moments["m01"] / moments["m00"] + width / 2], [0, 1, 0]], np.float32
    )
    upright = cv2.warpAffine(large, turn, (width * 2, height))
    x, y, w, h = cv2.boundingRect((upright > _INK).astype(np.uint8))
    if w < 2 or h < 8:
        return None
    cut = upright[y : y + h, x : x + w]
    scaled = cv2.resize(cut, (max(4, round(w * GLYPH_HEIGHT / h)), GLYPH_HEIGHT))
    return np.asarray(scaled, np.uint8)


class Hand(Protocol):
    """One writer with one pen: gives each digit of a string as strokes or as a picture."""

    is_printed: bool

    def digit(self, value: str, rng: np.random.Generator) -> pens.Strokes | Glyph:
        """Return one way that this hand writes a digit, one unit or ``GLYPH_HEIGHT`` high."""
        ...


@dataclass(slots=True)
class PictureHand:
    """A hand known from pictures of its digits."""

    glyphs: dict[str, list[Glyph]]
    fallback: dict[str, list[Glyph]]
    is_printed: bool = False

    def digit(self, value: str, rng: np.random.Generator) -> Glyph:
        """Return one of the hand's own pictures of the digit."""
        own = self.glyphs.get(value) or self.fallback[value]
        return own[int(rng.integers(len(own)))]


@dataclass(slots=True)
class PenHand:
    """A hand known from pen strokes, recorded or designed."""

    recorded: dict[str, list[pens.Strokes]]
    styles: dict[str, pens.Skeleton]
    style_share: float
    looseness: float
    is_printed: bool = False

    def digit(self, value: str, rng: np.random.Generator) -> pens.Strokes:
        """Return strokes: this hand's style of the digit, or one of its recordings."""
        own = self.recorded.get(value)
        if not own or rng.random() < self.style_share:
            return pens.write(self.styles[value], rng, self.looseness)
        return own[int(rng.integers(len(own)))]


@dataclass(slots=True)
class Pool:
    """All hands. ``shares`` weigh the kinds: written by pen, MNIST, USPS, Semeion, DIDA, print."""

    pictures: dict[str, list[dict[str, list[Glyph]]]] = field(default_factory=dict)
    everyone: dict[str, dict[str, list[Glyph]]] = field(default_factory=dict)
    writers: list[dict[str, list[pens.Strokes]]] = field(default_factory=list)
    shares: dict[str, float] = field(default_factory=dict)

    def hand(self, rng: np.random.Generator) -> Hand:
        """Return a hand to write one string with."""
        kinds = list(self.shares)
        weights = np.array([self.shares[kind] for kind in kinds])
        kind = kinds[int(rng.choice(len(kinds), p=weights / weights.sum()))]
        if kind == "pen":
            styles = {
                digit: skeletons[int(rng.integers(len(skeletons)))]
                for digit, skeletons in pens.DIGIT_STYLES.items()
            }
            recorded = self.writers[int(rng.integers(len(self.writers)))] if self.writers else {}
            share = float(rng.choice([0.0, 0.3, 1.0], p=[0.3, 0.3, 0.4]))
            return PenHand(recorded, styles, share, float(rng.uniform(0.015, 0.05)))
        writers = self.pictures[kind]
        return PictureHand(
            writers[int(rng.integers(len(writers)))], self.everyone[kind], kind == "print"
        )

    def careful_hand(self, rng: np.random.Generator) -> Hand:
        """Return a hand that writes its digits as they were recorded, in no style put on."""
        hand = self.hand(rng)
        return replace(hand, style_share=0.0) if isinstance(hand, PenHand) else hand

    def add_pictures(self, kind: str, share: float, sets: Sequence[dict[str, list[Glyph]]]) -> None:
        """Add writers of one kind; digits that a writer lacks are taken from all of the kind."""
        everyone: dict[str, list[Glyph]] = {}
        for writer in sets:
            for value, glyphs in writer.items():
                everyone.setdefault(value, []).extend(glyphs)
        self.pictures[kind], self.everyone[kind], self.shares[kind] = list(sets), everyone, share


def by_writer(digits: DigitSet) -> list[dict[str, list[Glyph]]]:
    """Group the digits by who wrote them, upright and cut to their ink."""
    writers: dict[int, dict[str, list[Glyph]]] = {}
    for image, label, writer in zip(digits.images, digits.labels, digits.writers, strict=True):
        glyph = deslanted(image)
        if glyph is not None:
            writers.setdefault(int(writer), {}).setdefault(str(label), []).append(glyph)
    return list(writers.values())


def from_paper(glyphs: GlyphSet) -> list[dict[str, list[Glyph]]]:
    """Lift digits off their paper: the contrast to it as ink, stray neighbours dropped."""
    found: dict[str, list[Glyph]] = {}
    for grey, label in zip(glyphs.images, glyphs.labels, strict=True):
        paper, dark = np.percentile(grey, (75, 3))
        ink = np.clip((paper - grey.astype(np.float32)) / max(paper - dark, 20) * 285 - 50, 0, 255)
        mask = (ink > _INK).astype(np.uint8)
        count, pieces, stats, _ = cv2.connectedComponentsWithStats(mask)
        if count < 2:
            continue
        largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
        if stats[largest, cv2.CC_STAT_HEIGHT] < 0.5 * grey.shape[0]:
            continue
        whole = cv2.dilate((pieces == largest).astype(np.uint8), np.ones((5, 5), np.uint8))
        glyph = deslanted((ink * whole).astype(np.uint8))
        if glyph is not None:
            found.setdefault(str(label), []).append(glyph)
    return [found]


def pen_writers(digits: Sequence[PenDigit]) -> list[dict[str, list[pens.Strokes]]]:
    """Group pen digits by writer; each is moved and scaled to a height of one, its slant kept."""
    writers: dict[int, dict[str, list[pens.Strokes]]] = {}
    for digit in digits:
        points = np.concatenate(digit.strokes)
        low, high = points.min(0), points.max(0)
        height = max(float(high[1] - low[1]), 1.0)
        if high[0] - low[0] > 1.6 * height:
            continue
        strokes = tuple((stroke - low) / np.float32(height) for stroke in digit.strokes)
        writers.setdefault(digit.writer, {}).setdefault(str(digit.label), []).append(strokes)
    return list(writers.values())


def font_files() -> list[Path]:
    """Return the free fonts of this machine that may be drawn for training."""
    return sorted(file for name in _FONTS for file in (_FONT_FOLDER / name).glob("*.ttf"))


def printed(text: str, font: Path, size: int) -> Glyph | None:
    """Return a line of type as ink, cut to its ink; ``None`` if the font has no such characters."""
    face = ImageFont.truetype(str(font), size)
    left, top, right, bottom = (round(edge) for edge in face.getbbox(text))
    if right - left < 1 or bottom - top < 1:
        return None
    page = Image.new("L", (right - left, bottom - top), 0)
    ImageDraw.Draw(page).text((-left, -top), text, fill=255, font=face)
    return np.asarray(page, np.uint8)


def type_faces(fonts: Sequence[Path]) -> list[dict[str, list[Glyph]]]:
    """Return the digits of each font at one height."""
    faces = []
    for font in fonts:
        face: dict[str, list[Glyph]] = {}
        for digit in "0123456789":
            glyph = printed(digit, font, 64)
            if glyph is not None:
                width = max(4, round(glyph.shape[1] * GLYPH_HEIGHT / glyph.shape[0]))
                face[digit] = [np.asarray(cv2.resize(glyph, (width, GLYPH_HEIGHT)), np.uint8)]
        faces.append(face)
    return faces


def training_pool(folders: DataFolders, held_out: float = 0.1) -> Pool:
    """Return the hands to train on; the last ``held_out`` of the MNIST writers are left out.

    Raises:
        DataMissingError: a data set is not in the folders.
    """
    pool = Pool()
    writers = by_writer(load_mnist_train(folders))
    pool.add_pictures("mnist", 0.34, writers[: round(len(writers) * (1 - held_out))])
    pool.add_pictures("usps", 0.08, by_writer(load_usps_train(folders)))
    pool.add_pictures("semeion", 0.05, by_writer(load_semeion(folders)))
    pool.add_pictures("dida", 0.1, from_paper(load_dida(folders)))
    pool.add_pictures("print", 0.05, type_faces(font_files()))
    pool.writers, pool.shares["pen"] = pen_writers(load_pen_train(folders)), 0.48
    return pool


def testing_pool(folders: DataFolders) -> Pool:
    """Return hands of which training saw no digit: MNIST's test writers, UCI's test pen writers.

    Raises:
        DataMissingError: a data set is not in the folders.
    """
    pool = Pool()
    pool.add_pictures("mnist", 0.5, by_writer(load_mnist_test(folders)))
    pool.writers, pool.shares["pen"] = pen_writers(load_pen_test(folders)), 0.5
    return pool
