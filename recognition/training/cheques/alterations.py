"""Alter the amount of a drawn cheque, as people do, and measure how often that is seen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.alterations import RULE
from recognition.engine.errors import EngineError
from recognition.engine.pipeline import Reader
from recognition.engine.types import FieldName, Kind, Verdict
from recognition.training.cheques.draw import DrawnCheque, draw_cheque
from recognition.training.cheques.handwriting import write
from recognition.training.cheques.layouts import Layout
from recognition.training.cheques.truth import load_labelled
from recognition.training.report import rate_with_interval

_BLACK, _BLUE = (28, 24, 24), (150, 60, 30)
_FLUID = 252.0
_TODAY = date(2026, 3, 1)


def overwrite(cheque: DrawnCheque, rng: np.random.Generator) -> DrawnCheque:
    """Write a figure over one of the amount with a pen of another colour."""
    box = cheque.boxes[FieldName.COURTESY_AMOUNT]
    pixels = cheque.pixels.copy()
    part = pixels[box.y : box.y + box.height, box.x : box.x + box.width].reshape(-1, 3)
    darkest = part[part.sum(axis=1) <= np.quantile(part.sum(axis=1), 0.05)].mean(axis=0)
    other = _BLACK if darkest[0] - darkest[2] > 25 else _BLUE
    x = box.x + round(rng.uniform(0.05, 0.7) * box.width)
    _write(pixels, str(rng.choice(list("03589"))), x, box.y, box.height, other, rng)
    return replace(cheque, pixels=pixels)


def cover(cheque: DrawnCheque, rng: np.random.Generator) -> DrawnCheque:
    """Paint a figure over with correction fluid, and write another on it with the same pen."""
    box = cheque.boxes[FieldName.COURTESY_AMOUNT]
    pixels = cheque.pixels.astype(np.float32)
    x = box.x + round(rng.uniform(0.0, 0.6) * box.width)
    patch = np.zeros(pixels.shape[:2], np.float32)
    middle = (x + round(0.4 * box.height), box.y + box.height // 2)
    cv2.ellipse(
        patch, middle, (round(0.55 * box.height), round(0.7 * box.height)), 0, 0, 360, 1.0, -1
    )
    soft = cv2.GaussianBlur(patch, (0, 0), 1.5)[..., None]
    pixels += soft * (_FLUID - pixels)
    noisy = np.clip(pixels + rng.normal(0, 1.5, pixels.shape[:2])[..., None], 0, 255)
    painted = np.asarray(noisy, np.uint8)
    _write(painted, str(rng.integers(10)), x, box.y, box.height, _BLUE, rng)
    return replace(cheque, pixels=painted)


def strike(cheque: DrawnCheque, rng: np.random.Generator) -> DrawnCheque:
    """Draw a line through the amount."""
    box = cheque.boxes[FieldName.COURTESY_AMOUNT]
    pixels = cheque.pixels.copy()
    y = box.y + rng.uniform(0.42, 0.58, 2) * box.height
    ends = (
        (box.x, round(y[0])),
        (box.x + round(rng.uniform(0.8, 1.0) * box.width), round(y[1])),
    )
    cv2.line(pixels, *ends, _BLUE, max(2, box.height // 14), cv2.LINE_AA)
    return replace(cheque, pixels=pixels)


Way = Callable[[DrawnCheque, np.random.Generator], DrawnCheque]

WAYS: dict[str, Way] = {
    "overwritten with another pen": overwrite,
    "covered and written anew": cover,
    "struck through": strike,
}


def alterations_table(
    reader: Reader, layouts: tuple[Layout, ...], count: int, data: Path | None
) -> str:
    """Return as Markdown how often altered and unaltered amounts are flagged.

    ``count`` are drawn of each sort; the real ones in ``data``, which nobody has called altered,
    are counted beside them.
    """
    ways: dict[str, Way] = {"unaltered": lambda cheque, _rng: cheque} | WAYS
    rows = []
    for seed, (name, way) in enumerate(ways.items()):
        rng = np.random.default_rng(seed)
        flagged = 0
        for number in range(count):
            layout = layouts[number % len(layouts)]
            cheque = way(draw_cheque(Kind.CHEQUE, rng, today=_TODAY, layout=layout), rng)
            flagged += _is_flagged(reader, _encoded(cheque.pixels))
        rows.append(f"| drawn, {name} | {count} | {rate_with_interval(flagged, count)} |")
    if data is not None:
        files = [cheque.file.read_bytes() for cheque in load_labelled(data)]
        flagged = sum(_is_flagged(reader, file) for file in files)
        rows.append(
            f"| real, as they are | {len(files)} | {rate_with_interval(flagged, len(files))} |"
        )
    forms = ", ".join(layout.name for layout in layouts)
    head = [
        "## Amounts suspected of being altered",
        "",
        (
            f"Drawn on the forms {forms}; real ones are not known to be altered. A first run on "
            "these forms flagged unaltered amounts, and the rule was changed after it: no clean "
            "measure."
        ),
        "",
        "| amounts | n | flagged % (95 % Wilson interval) |",
        "|---|--:|--:|",
    ]
    return "\n".join([*head, *rows])


def _is_flagged(reader: Reader, data: bytes) -> bool:
    try:
        reading = reader.read(data, Kind.CHEQUE, today=_TODAY)
    except EngineError:
        return False
    return any(c.rule == RULE and c.verdict is Verdict.FAILED for c in reading.checks)


def _encoded(pixels: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()


def _write(
    pixels: NDArray[np.uint8], digit: str, x: int, y: int, height: int,
    colour: tuple[int, int, int], rng: np.random.Generator,
) -> None:  # fmt: skip
    """Write a digit of a height in place, with a stroke that fits it."""
    ink, boxes = write(digit, 0.85 * height, 0.11 * height, rng)
    left, top, right, bottom = boxes[0]
    ink = ink[max(top, 0) : bottom, max(left, 0) : right]
    view = pixels[y : y + ink.shape[0], x : x + ink.shape[1]]
    share = ink[: view.shape[0], : view.shape[1], None] / 255
    view[:] = np.asarray(view + share * (np.array(colour) - view), np.uint8)
