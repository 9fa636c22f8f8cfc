"""Train the student report's network as the report did, to stand beside ours in the same run."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import tensorflow as tf
from tensorflow import keras

from recognition.engine.backends.litert import LiteRtSession
from recognition.training.datasets import DigitSet
from recognition.training.digits.calibration import as_ink, run_session
from recognition.training.digits.evaluate import milliseconds_a_digit
from recognition.training.digits.network import build_report_network

_EPOCHS = 3


@dataclass(frozen=True, slots=True)
class ReportResult:
    """What the report's network does on the MNIST test set."""

    parameters: int
    right: int
    count: int
    kilobytes: float
    milliseconds: float


def measure_report_network(train: DigitSet, test: DigitSet, seed: int) -> ReportResult:
    """Train it for its three epochs on all of MNIST's training digits, and read the test set."""
    keras.utils.set_random_seed(seed)
    model = build_report_network()
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(as_ink(train.images), train.labels, batch_size=128, epochs=_EPOCHS, verbose=0)
    content = bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.tflite"
        path.write_bytes(content)
        session = LiteRtSession(path)
        right = (run_session(session, test.images).argmax(axis=1) == test.labels).sum()
        milliseconds = milliseconds_a_digit(session)
    return ReportResult(
        model.count_params(), int(right), len(test.labels), len(content) / 1000, milliseconds
    )
