"""What people draw that is no digit gets no value, by the networks that ship."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition.engine.pipeline import Reader
from recognition.engine.types import Kind

MODELS = Path(__file__).parent.parent.parent / "models"
_TURNS = np.linspace(0, 1, 80)
STROKES = {
    "A": [[(0.5, 0.2), (0.25, 0.8)], [(0.5, 0.2), (0.75, 0.8)], [(0.35, 0.6), (0.65, 0.6)]],
    "H": [[(0.3, 0.2), (0.3, 0.8)], [(0.7, 0.2), (0.7, 0.8)], [(0.3, 0.5), (0.7, 0.5)]],
    "K": [[(0.35, 0.2), (0.35, 0.8)], [(0.7, 0.2), (0.35, 0.5), (0.7, 0.8)]],
    "M": [[(0.25, 0.8), (0.25, 0.2), (0.5, 0.6), (0.75, 0.2), (0.75, 0.8)]],
    "plus": [[(0.5, 0.25), (0.5, 0.75)], [(0.25, 0.5), (0.75, 0.5)]],
    "two digits": [[(0.35, 0.2), (0.35, 0.8)], [(0.65, 0.2), (0.65, 0.8)]],
    "zigzag": [[(0.15 + 0.7 * t, 0.5 + 0.3 * np.sin(40 * t)) for t in _TURNS]],
    "spiral": [[(0.5 + 0.3 * t * np.cos(20 * t), 0.5 + 0.3 * t * np.sin(20 * t)) for t in _TURNS]],
    "scribble": [np.random.default_rng(2).uniform(0.15, 0.85, (20, 2)).tolist()],
}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(MODELS)


def _drawing(strokes) -> bytes:
    sheet = np.full((320, 320), 255, np.uint8)
    for stroke in strokes:
        points = np.round(np.array(stroke) * 320).astype(np.int32)
        cv2.polylines(sheet, [points], isClosed=False, color=0, thickness=18, lineType=cv2.LINE_AA)
    return cv2.imencode(".png", sheet)[1].tobytes()


@pytest.mark.parametrize("what", STROKES)
def test_it_is_no_digit(reader, what):
    (field,) = reader.read(_drawing(STROKES[what]), Kind.DIGIT).fields
    assert (field.value, field.accepted) == (None, False)


@pytest.mark.parametrize("what", sorted(STROKES.keys() - {"two digits"}))
def test_it_is_no_number(reader, what):
    (field,) = reader.read(_drawing(STROKES[what]), Kind.NUMBER).fields
    assert (field.value, field.accepted) == (None, False)
