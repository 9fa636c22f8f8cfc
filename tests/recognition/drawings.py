"""Images that tests draw themselves, and readings to be had without networks."""

import io
import itertools
from collections.abc import Callable
from datetime import date

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from recognition.engine.terms import Terms
from recognition.engine.types import (
    CHEQUE_FIELDS,
    Box,
    Candidate,
    Character,
    Check,
    FieldName,
    FieldReading,
    Kind,
    Lie,
    ModelIdentity,
    QualityMetric,
    Reading,
    Verdict,
)

VALUES = {
    FieldName.DIGIT: "7",
    FieldName.NUMBER: "1947",
    FieldName.COURTESY_AMOUNT: "125000.50",
    FieldName.DATE: "2026-01-31",
    FieldName.ACCOUNT_NUMBER: "00123456789",
    FieldName.CHEQUE_NUMBER: "004512",
    FieldName.MICR_LINE: "⑈004512⑈ 560229012⑆ 000123⑈ 31",
}
_numbers = itertools.count(1)


def drawing(size: tuple[int, int] = (120, 80), *, mode: str = "RGB") -> Image.Image:
    """Draw a cross on white; no two drawings are the same."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    pen.line((10, 10, size[0] - 10, size[1] - 10), "black", 5)
    number = next(_numbers)
    pen.point([(i, 0) for i in range(20) if number >> i & 1], "black")
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def upload(data: bytes | None = None, name: str = "digit.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, encoded(drawing()) if data is None else data)


def field(name: FieldName, **changed: object) -> FieldReading:
    value = VALUES[name]
    box = Box(10, 10, 60, 30)
    character = Character(value[0], 0.97, (Candidate("1", 0.02),), box)
    facts = {
        "value": value,
        "raw_text": value,
        "confidence": 0.93,
        "accepted": True,
        "box": box,
        "characters": (character,),
        "alternatives": (Candidate("8", 0.04),),
        "notes": ("a note",),
    }
    return FieldReading(name=name, **(facts | changed))


def reading(kind: Kind, **changed: object) -> Reading:
    names = {Kind.DIGIT: (FieldName.DIGIT,), Kind.NUMBER: (FieldName.NUMBER,)}
    facts = {
        "width": 120,
        "height": 80,
        "fields": tuple(field(name) for name in names.get(kind, CHEQUE_FIELDS)),
        "checks": (Check("stale", Verdict.FAILED, "It is older than three months.", "31"),),
        "quality": (QualityMetric("focus", 12.0, 5.0, Verdict.PASSED),),
        "engine_version": "test",
        "layout": "" if kind in names else "cts-2010",
        "models": (ModelIdentity("digits", "1", "0" * 64),),
        "milliseconds": {"decode": 1.5},
    }
    return Reading(kind=kind, **(facts | changed))


class FakeReader:
    """Reads what it is told, without networks; an exception is raised instead.

    ``figures`` is what is told before the words are read.
    """

    def __init__(self) -> None:
        self.answer: Reading | Exception | None = None
        self.figures: Reading | None = None
        self.terms: Terms | None = None
        self.parts: dict[Lie, Reading] = {}
        self.seen: list[bytes] = []

    def read(
        self,
        data: bytes,
        kind: Kind,
        *,
        today: date | None = None,
        terms: Terms | None = None,
        on_figures: Callable[[Reading], None] | None = None,
        at: Lie | None = None,
    ) -> Reading:
        assert today is not None
        self.seen.append(data)
        self.terms = terms
        if at is not None and self.parts:
            return self.parts[at]
        if self.figures is not None and on_figures is not None:
            on_figures(self.figures)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or reading(kind)


class FakeScorer:
    """Sees the digit n in an image of brightness 100 n, and nothing in what is brighter."""

    version = "7"

    def score(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        table = np.full((len(images), 11), 0.01, np.float32)
        means = images.reshape(len(images), -1).mean(axis=1)
        seen = np.where(means > 200, 10, means // 100).astype(int)
        table[np.arange(len(images)), seen] = 0.9
        return table
