"""Measure one exported digit network on data that nothing before it has seen."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognition.engine.backends.litert import LiteRtSession
from recognition.engine.digit_image import read_digit_image
from recognition.engine.digits import NOT_A_DIGIT, REJECT_AT, DigitReader
from recognition.engine.glyphs import normalise_glyph
from recognition.training import datasets
from recognition.training.calibrate import calibration_error
from recognition.training.datasets import DataFolders
from recognition.training.digits import negatives
from recognition.training.digits.preparation import (
    CLASS_COUNT,
    Labelled,
    Split,
    draw_as_canvas,
    usps_parts,
)

_SEED = 77  # of what is drawn for the test: other letters, marks and pens than in training
_NEGATIVES_OF_A_KIND = 1000
_BATCH = 16
_TIMED_RUNS = 300
_WORST = 40


@dataclass(frozen=True, slots=True, eq=False)
class Mistake:
    """One test digit that was read wrongly, or sent away."""

    glyph: NDArray[np.uint8]
    label: int
    reading: str
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """One answer a digit: whether the best of the ten is right, whether it was given, how sure."""

    is_right: NDArray[np.bool_]
    is_given: NDArray[np.bool_]
    confidence: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SetResult:
    """How one set was read. ``forced``: the best of the ten digits, whatever the eleventh says."""

    name: str
    count: int
    forced_right: int
    rejected: int
    accepted_wrong: int
    calibration_error: float


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Everything that the card and ``docs/accuracy.md`` say about one network."""

    sets: tuple[SetResult, ...]
    confusion: NDArray[np.int64]  # (10, 11): MNIST test, true digit by reading or rejection
    reliability: tuple[tuple[float, float, int], ...]  # confidence, share right, count
    rejected_of_kind: dict[str, tuple[int, int]]  # rejected, of
    mistakes: tuple[Mistake, ...]  # MNIST test only, the most confident first
    milliseconds: float  # a digit, one thread, batch of 16
    kilobytes: float


def evaluate(model: Path, folders: DataFolders, split: Split) -> Evaluation:
    """Read every test set once with the file that ships.

    MNIST test; the held-out part of USPS; UCI pen test strokes, drawn on the page's canvas and
    read as an uploaded image; and what is no digit, from fonts and digits kept for this.
    """
    session = LiteRtSession(model)
    reader = DigitReader(session)
    mnist = datasets.load_mnist_test(folders)
    probabilities = in_batches(reader, mnist.images)
    usps = usps_parts(folders, split)[1]
    usps_probabilities = in_batches(
        reader, np.stack([normalise_glyph(image) for image in usps.images])
    )
    rng = np.random.default_rng(_SEED)
    answers = {
        "MNIST test": answers_of(probabilities, mnist.labels),
        "USPS, last part of the training file": answers_of(usps_probabilities, usps.labels),
        "drawn: UCI pen test": _read_drawings(reader, datasets.load_pen_test(folders), rng),
    }
    answers["all of these"] = _together(answers.values())
    maker = negatives.NegativeMaker(
        negatives.HERSHEY_TEST, negatives.FONTS_TEST, mnist.images, mnist.labels
    )
    rejected = {}
    for kind in maker.kinds:
        glyphs = maker.make(kind, _NEGATIVES_OF_A_KIND, rng)
        sent_away = in_batches(reader, glyphs)[:, NOT_A_DIGIT] >= REJECT_AT
        rejected[kind] = (int(sent_away.sum()), len(glyphs))
    return Evaluation(
        sets=tuple(score_set(name, each) for name, each in answers.items()),
        confusion=confusion_matrix(probabilities, mnist.labels),
        reliability=reliability(probabilities, mnist.labels),
        rejected_of_kind=rejected,
        mistakes=_mistakes(probabilities, Labelled(mnist.images, mnist.labels)),
        milliseconds=milliseconds_a_digit(session),
        kilobytes=model.stat().st_size / 1000,
    )


def in_batches(reader: DigitReader, glyphs: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return probabilities (n, 11) of glyphs (n, 28, 28), in equal batches of the engine's size."""
    padding = -len(glyphs) % _BATCH
    padded = np.concatenate([glyphs, glyphs[:1].repeat(padding, axis=0)])
    parts = np.split(padded, len(padded) // _BATCH)
    return np.concatenate([reader.probabilities(part) for part in parts])[: len(glyphs)]


def answers_of(probabilities: NDArray[np.float32], labels: NDArray[np.int64]) -> Answers:
    """Return what a reader answers to glyphs with these probabilities (n, 11)."""
    digits = probabilities[:, :NOT_A_DIGIT]
    return Answers(
        digits.argmax(axis=1) == labels,
        probabilities[:, NOT_A_DIGIT] < REJECT_AT,
        digits.max(axis=1).astype(np.float64),
    )


def score_set(name: str, answers: Answers) -> SetResult:
    """Count what is right, rejected and wrongly accepted; ECE over the accepted (15 bins)."""
    given = answers.is_given
    return SetResult(
        name=name,
        count=len(given),
        forced_right=int(answers.is_right.sum()),
        rejected=int((~given).sum()),
        accepted_wrong=int((given & ~answers.is_right).sum()),
        calibration_error=calibration_error(answers.confidence[given], answers.is_right[given]),
    )


def _together(parts: Iterable[Answers]) -> Answers:
    right, given, confidence = zip(
        *((part.is_right, part.is_given, part.confidence) for part in parts), strict=True
    )
    return Answers(np.concatenate(right), np.concatenate(given), np.concatenate(confidence))


def _read_drawings(
    reader: DigitReader, digits: Sequence[datasets.PenDigit], rng: np.random.Generator
) -> Answers:
    right, given, confidence = [], [], []
    for digit in digits:
        field = read_digit_image(draw_as_canvas(digit, rng), reader, accept_at=1.0)
        best = field.value or (field.alternatives[0].value if field.alternatives else "")
        right.append(best == str(digit.label))
        given.append(field.value is not None)
        confidence.append(field.confidence)
    return Answers(np.array(right), np.array(given), np.array(confidence))


def confusion_matrix(
    probabilities: NDArray[np.float32], labels: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return (10, 11) counts: the true digit by the reading, the last column the rejected."""
    best = probabilities[:, :NOT_A_DIGIT].argmax(axis=1)
    reading = np.where(probabilities[:, NOT_A_DIGIT] >= REJECT_AT, NOT_A_DIGIT, best)
    counts = np.zeros((NOT_A_DIGIT, CLASS_COUNT), np.int64)
    np.add.at(counts, (labels, reading), 1)
    return counts


def reliability(
    probabilities: NDArray[np.float32], labels: NDArray[np.int64], bins: int = 15
) -> tuple[tuple[float, float, int], ...]:
    """Return mean confidence, share right and count of each bin that holds something."""
    digits = probabilities[:, :NOT_A_DIGIT]
    confidence, is_right = digits.max(axis=1), digits.argmax(axis=1) == labels
    chosen = np.minimum((confidence * bins).astype(int), bins - 1)
    return tuple(
        (
            float(confidence[chosen == index].mean()),
            float(is_right[chosen == index].mean()),
            int((chosen == index).sum()),
        )
        for index in np.unique(chosen)
    )


def milliseconds_a_digit(session: LiteRtSession) -> float:
    """Return the median time of one digit in a batch of 16, on one thread."""
    batch = np.random.default_rng(1).random((_BATCH, 28, 28, 1), np.float32)
    session.run(batch)
    times = []
    for _ in range(_TIMED_RUNS):
        start = time.perf_counter()
        session.run(batch)
        times.append(time.perf_counter() - start)
    return float(np.median(times)) * 1000 / _BATCH


def _mistakes(probabilities: NDArray[np.float32], data: Labelled) -> tuple[Mistake, ...]:
    best = probabilities[:, :NOT_A_DIGIT].argmax(axis=1)
    is_rejected = probabilities[:, NOT_A_DIGIT] >= REJECT_AT
    wrong = np.flatnonzero((best != data.labels) | is_rejected)
    order = wrong[np.argsort(-probabilities[wrong].max(axis=1))][:_WORST]
    return tuple(
        Mistake(
            data.glyphs[index],
            int(data.labels[index]),
            "none" if is_rejected[index] else str(best[index]),
            float(probabilities[index].max()),
        )
        for index in order
    )
