"""From data sets to labelled glyphs: checks, one form, no duplicates, splits by writer.

Splits of one set never share a writer. Where a source names no writers (USPS, Semeion, DIDA), its
parts are contiguous in the order of the source, so that neighbours stay together.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from recognition.engine.glyphs import GLYPH_SIZE, normalise_glyph
from recognition.training import datasets
from recognition.training.datasets import DataFolders, DigitSet, GlyphSet, PenDigit
from recognition.training.digits import negatives
from recognition.training.digits.pen import CANVAS_LINE, CANVAS_SIZE, draw_strokes
from recognition.training.digits.printed import printed_digits

NOT_A_DIGIT = 10
CLASS_COUNT = 11
_FEWEST_INK_PIXELS = 8  # a "digit" with fewer is a corrupt sample
_PRINTED_EACH = 25  # of every digit and font
_PEN_DRAWINGS = 4  # of every pen digit, each with another line and size
_DRAWING_SIZE = 96  # pixels of the canvas that training digits are drawn on


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Glyphs (n, 28, 28) uint8, ink 255, with labels 0-9 or ``NOT_A_DIGIT``."""

    glyphs: NDArray[np.uint8]
    labels: NDArray[np.int64]


@dataclass(slots=True)
class Prepared:
    """The data of one network by source, in three parts that share no writer; and what was lost."""

    training: dict[str, Labelled] = field(default_factory=dict)
    validation: dict[str, Labelled] = field(default_factory=dict)
    calibration: dict[str, Labelled] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Split:
    """How much of each source is kept from training, and from which seed the writers are drawn."""

    seed: int
    validation: float
    calibration: float
    usps_test: float
    negatives: int


def prepare(folders: DataFolders, split: Split) -> Prepared:
    """Return everything that training, choosing and calibrating see. Reads no test set."""
    rng = np.random.default_rng(split.seed)
    prepared = Prepared()
    mnist = clean(datasets.load_mnist_train(folders), prepared.dropped)
    for name, glyphs, labels, part in (
        ("mnist", mnist.images, mnist.labels, writer_parts(mnist.writers, split, rng)),
        *_other_sources(folders, split, prepared.dropped, rng),
    ):
        _spread(prepared, name, Labelled(glyphs, labels), part)
    for part_name, hershey, fonts, count in (
        ("training", negatives.HERSHEY_TRAINING, negatives.FONTS_TRAINING, split.negatives),
        ("validation", negatives.HERSHEY_TRAINING, negatives.FONTS_TRAINING, split.negatives // 8),
        ("calibration", negatives.HERSHEY_TRAINING, negatives.FONTS_TRAINING, split.negatives // 8),
    ):
        part_data = getattr(prepared, part_name)
        source = part_data["mnist"]
        maker = negatives.NegativeMaker(hershey, fonts, source.glyphs, source.labels)
        part_data["negatives"] = make_negatives(maker, count, rng)
    return prepared


def make_negatives(maker: negatives.NegativeMaker, count: int, rng: Generator) -> Labelled:
    """Return about ``count`` glyphs that are no digit, the same number of each kind."""
    each = count // len(maker.kinds)
    glyphs = np.concatenate([maker.make(kind, each, rng) for kind in maker.kinds])
    return Labelled(glyphs, np.full(len(glyphs), NOT_A_DIGIT))


def clean(digits: DigitSet, dropped: dict[str, int]) -> DigitSet:
    """Drop and count samples with no ink, with a label that is no digit, and exact repetitions."""
    ink = (digits.images > 0).reshape(len(digits.images), -1).sum(axis=1)
    valid = (ink >= _FEWEST_INK_PIXELS) & (digits.labels >= 0) & (digits.labels < NOT_A_DIGIT)
    _, first = np.unique(digits.images, axis=0, return_index=True)
    unique = np.zeros(len(valid), bool)
    unique[first] = True
    dropped[f"{digits.name}: empty or mislabelled"] = int((~valid).sum())
    dropped[f"{digits.name}: repeated"] = int((valid & ~unique).sum())
    return digits.take(valid & unique)


def writer_parts(writers: NDArray[np.int64], split: Split, rng: Generator) -> NDArray[np.int64]:
    """Return 0 (training), 1 (validation) or 2 (calibration) for each sample, by its writer."""
    people = rng.permutation(np.unique(writers))
    validation = round(len(people) * split.validation)
    calibration = round(len(people) * split.calibration)
    part = np.zeros(len(writers), np.int64)
    part[np.isin(writers, people[:validation])] = 1
    part[np.isin(writers, people[validation : validation + calibration])] = 2
    return part


def contiguous_parts(count: int, split: Split) -> NDArray[np.int64]:
    """Return parts in source order: training, validation, calibration."""
    part = np.zeros(count, np.int64)
    calibration = round(count * split.calibration)
    part[count - calibration - round(count * split.validation) :] = 1
    part[count - calibration :] = 2
    return part


def usps_parts(folders: DataFolders, split: Split) -> tuple[DigitSet, DigitSet]:
    """Return USPS for training, and its last part as the stand-in for the test set.

    The official test set is not among the registered files; nothing but the evaluation may take
    the second part.
    """
    usps = datasets.load_usps_train(folders)
    kept = len(usps.labels) - round(len(usps.labels) * split.usps_test)
    return usps.take(np.arange(kept)), usps.take(np.arange(kept, len(usps.labels)))


_Source = tuple[str, NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]


def _other_sources(
    folders: DataFolders, split: Split, dropped: dict[str, int], rng: Generator
) -> list[_Source]:
    sources: list[_Source] = []
    for digits in (usps_parts(folders, split)[0], datasets.load_semeion(folders)):
        kept = clean(digits, dropped)
        glyphs = np.stack([normalise_glyph(image) for image in kept.images])
        sources.append((kept.name, glyphs, kept.labels, contiguous_parts(len(glyphs), split)))
    glyphs, labels = normalise_paper(datasets.load_dida(folders))
    # DIDA comes sorted by digit: every tenth file keeps the classes balanced in each part.
    order = np.argsort(np.arange(len(labels)) % 10, kind="stable")
    sources.append(("dida", glyphs[order], labels[order], contiguous_parts(len(labels), split)))
    pen = datasets.load_pen_train(folders)
    writers = writer_parts(np.array([digit.writer for digit in pen]), split, rng)
    for _ in range(_PEN_DRAWINGS):
        glyphs = np.stack([draw_varied(digit, rng) for digit in pen])
        labels = np.array([digit.label for digit in pen])
        sources.append(("pen", glyphs, labels, writers))
    glyphs, labels, fonts = printed_digits(_PRINTED_EACH, rng)
    sources.append(("printed", glyphs, labels, writer_parts(fonts, split, rng)))
    return sources


def draw_varied(digit: PenDigit, rng: Generator) -> NDArray[np.uint8]:
    """Return the glyph of a pen digit, drawn with any line from a hairline to a felt pen."""
    line = _DRAWING_SIZE * np.exp(rng.uniform(np.log(0.02), np.log(0.12)))
    canvas = draw_strokes(digit.strokes, _DRAWING_SIZE, rng.uniform(0.5, 0.85), line)
    return normalise_glyph(np.asarray(255 - canvas, np.uint8))


def draw_as_canvas(digit: PenDigit, rng: Generator) -> NDArray[np.uint8]:
    """Return the drawing page's canvas, white with black ink, with this digit drawn on it."""
    return draw_strokes(digit.strokes, CANVAS_SIZE, rng.uniform(0.45, 0.8), CANVAS_LINE)


def normalise_paper(glyphs: GlyphSet) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the glyphs of digits on paper: light background out, ink up."""
    images = []
    for paper in glyphs.images:
        ink = np.percentile(paper, 75) - paper
        ink -= max(8.0, ink.max() * 0.2)  # the paper's grain
        images.append(normalise_glyph(np.clip(ink, 0, 255).astype(np.uint8)))
    return np.stack(images), glyphs.labels


def _spread(prepared: Prepared, name: str, data: Labelled, part: NDArray[np.int64]) -> None:
    for index, target in enumerate((prepared.training, prepared.validation, prepared.calibration)):
        chosen = Labelled(data.glyphs[part == index], data.labels[part == index])
        if name in target:
            earlier = target[name]
            chosen = Labelled(
                np.concatenate([earlier.glyphs, chosen.glyphs]),
                np.concatenate([earlier.labels, chosen.labels]),
            )
        target[name] = chosen
    if not prepared.training[name].glyphs.shape[1:] == (GLYPH_SIZE, GLYPH_SIZE):
        raise ValueError(f"{name} is not {GLYPH_SIZE} pixels wide")
