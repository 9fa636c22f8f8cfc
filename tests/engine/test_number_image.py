"""Numbers on their own: drawn with any pen, dark on light or light on dark."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition.engine.pipeline import Reader
from recognition.engine.types import FieldName, Kind

MODELS = Path(__file__).parent.parent.parent / "models"
STROKES = (
    [(0.16, 0.2), (0.16, 0.8)],
    [(0.40, 0.25), (0.52, 0.25), (0.46, 0.85)],
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(MODELS)


def _drawing(width: int, height: int, line: int) -> np.ndarray:
    sheet = np.full((height, width), 255, np.uint8)
    for stroke in STROKES:
        points = np.round(np.array(stroke) * (width, height)).astype(np.int32)
        cv2.polylines(
            sheet, [points], isClosed=False, color=0, thickness=line, lineType=cv2.LINE_AA
        )
    return sheet


def _png(sheet: np.ndarray) -> bytes:
    return cv2.imencode(".png", sheet)[1].tobytes()


@pytest.mark.parametrize("size", [(900, 320, 18), (640, 320, 18), (640, 320, 10), (700, 250, 14)])
@pytest.mark.parametrize("is_inverted", [False, True])
def test_a_drawn_number_is_read_at_its_place(reader, size, is_inverted) -> None:
    sheet = _drawing(*size)
    reading = reader.read(_png(255 - sheet if is_inverted else sheet), Kind.NUMBER)
    field = reading.field(FieldName.NUMBER)
    assert field.value == "17"
    assert 0 < field.box.x < 0.16 * size[0]
    assert field.box.x + field.box.width < 0.6 * size[0]
    one, seven = (character.box for character in field.characters)
    assert field.box.x <= one.x < seven.x < field.box.x + field.box.width


def test_an_empty_sheet_is_no_number(reader) -> None:
    sheet = np.full((320, 640), 255, np.uint8)
    field = reader.read(_png(sheet), Kind.NUMBER).field(FieldName.NUMBER)
    assert (field.value, field.accepted) == (None, False)
