"""Make the exported network's probabilities as often right as they say, on data kept for that."""

import numpy as np
from numpy.typing import NDArray
from tensorflow import keras

from recognition.engine.backends.protocol import InferenceSession
from recognition.training.calibrate import best_temperature, scale_scores, softmax_loss
from recognition.training.digits.preparation import Labelled

_BATCH = 250


def calibrate(model: keras.Model, parts: dict[str, Labelled]) -> float:
    """Divide the scores by the temperature that fits the calibration part; return it."""
    scores = [
        model.predict(as_ink(data.glyphs), batch_size=_BATCH, verbose=0) for data in parts.values()
    ]
    labels = np.concatenate([data.labels for data in parts.values()])
    temperature = best_temperature(softmax_loss(np.concatenate(scores), labels))
    scale_scores(model, temperature)
    return temperature


def run_session(session: InferenceSession, glyphs: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the scores (n, classes) of glyphs (n, 28, 28), in batches."""
    ink = as_ink(glyphs)
    whole = len(ink) // _BATCH * _BATCH
    parts = [session.run(ink[start : start + _BATCH]) for start in range(0, whole, _BATCH)]
    if whole < len(ink):
        parts.append(session.run(ink[whole:]))
    return np.concatenate([part.copy() for part in parts])


def as_ink(glyphs: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (n, 28, 28, 1) ink in [0, 1]."""
    return glyphs[..., np.newaxis].astype(np.float32) / np.float32(255)
