"""Images that the browser tests submit, drawn here; no two are the same."""

import datetime as dt
import io
import itertools

import cv2
import numpy as np
from PIL import Image, ImageDraw

from recognition.engine.types import Kind
from recognition.training.cheques.draw import DrawnCheque, draw_cheque

_numbers = itertools.count(1)
TODAY = dt.datetime.now(dt.UTC).date()


def seven(size: int = 320) -> Image.Image:
    """Draw a seven as the drawing page does: black ink on white, round ends."""
    image = Image.new("L", (size, size), 255)
    pen = ImageDraw.Draw(image)
    shift = next(_numbers) % 40
    line = [(80 + shift, 80), (230, 80 + shift // 4), (150 + shift // 2, 265)]
    pen.line(line, fill=0, width=18, joint="curve")
    for x, y in line:
        pen.ellipse((x - 9, y - 9, x + 9, y + 9), fill=0)
    return image


def digit_png() -> bytes:
    stream = io.BytesIO()
    seven().save(stream, "PNG")
    return stream.getvalue()


def document_pdf(pages: int) -> bytes:
    stream = io.BytesIO()
    first, *others = [seven() for _ in range(pages)]
    first.save(stream, "PDF", save_all=True, append_images=others)
    return stream.getvalue()


def cheque() -> tuple[DrawnCheque, bytes]:
    """Return a cheque and its image as PNG."""
    drawn = draw_cheque(Kind.CHEQUE, np.random.default_rng(next(_numbers)), today=TODAY)
    return drawn, cv2.imencode(".png", drawn.pixels)[1].tobytes()


def as_file(name: str, data: bytes) -> dict[str, object]:
    """Return what a browser is told to choose; of the type it says nothing."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}
