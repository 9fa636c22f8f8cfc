"""Train, calibrate, measure and publish the print network, with a card that says what was found."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow import keras

from recognition.engine.backends.litert import LiteRtSession
from recognition.engine.print_reader import PrintReader
from recognition.training.calibrate import best_temperature, scale_scores
from recognition.training.card import write_card
from recognition.training.export import FILE_NAME, record_model, to_tflite
from recognition.training.print.train import (
    Line,
    TrainingPlan,
    batches,
    build_network,
    ctc_loss,
    draw_lines,
    train,
)

_SUMMARY = [
    (
        "Reads a line of printed, typed or stamped figures (32 pixels high, any width) into "
        "`0123456789.,/-` and letters, which are not told apart. Its scores are calibrated."
    ),
    (
        "Learnt from lines drawn in free type (DejaVu, Liberation), stretched, thickened, "
        "worn, stamped, ruled through, on security print, and scanned badly; no real cheque was "
        "used. The figures below are of drawn lines that neither training nor calibration saw; "
        "`manage.py evaluate` measures account numbers of real cheques."
    ),
]


def publish(
    models_dir: Path,
    version: str,
    plan: TrainingPlan,
    folders: list[Path],
    work: Path,
    report: Callable[[str], None],
) -> dict[str, float]:
    """Make ``models/print/<version>`` and make it active; return what its card says."""
    trained = train(plan, folders, work, report)
    return publish_trained(models_dir, version, plan, folders, trained)


def publish_trained(
    models_dir: Path, version: str, plan: TrainingPlan, folders: list[Path], trained: keras.Model
) -> dict[str, float]:
    """Calibrate, convert, measure and record a network that is already trained."""
    model = build_network()  # in full precision, whatever the training used
    model.set_weights(trained.get_weights())
    temperature = _temperature(model, draw_lines(folders, plan.held_out_lines, plan.seed + 1))
    scale_scores(model, temperature)
    content = to_tflite(model)
    folder = record_model(models_dir, "print", version, content)
    reader = PrintReader(LiteRtSession(folder / FILE_NAME))
    lines = [line for line in draw_lines(folders, plan.held_out_lines, plan.seed + 2) if line[1]]
    exact = sum(_text(reader, line) == line[1] for line in lines)
    facts = {
        "parameters": model.count_params(),
        "kilobytes": round(len(content) / 1000, 1),
        "lines_learnt_from": plan.lines,
        "epochs": plan.epochs,
        "seed": plan.seed,
        "temperature": round(temperature, 3),
        "test_lines": len(lines),
        "test_lines_exact_percent": round(100 * exact / len(lines), 2),
    }
    write_card(folder, f"Lines of print, version {version}", _SUMMARY, facts)
    return facts


def _text(reader: PrintReader, line: Line) -> str:
    return "".join(character.value for character in reader.read(line[0]))


def _temperature(model: keras.Model, lines: list[Line]) -> float:
    """Return the temperature with the least CTC loss."""
    rng = np.random.default_rng(0)
    scored = [
        (model.predict(images, verbose=0), labels, lengths)
        for images, labels, lengths in batches(lines, 32, rng)
    ]

    compiled = tf.function(ctc_loss, reduce_retracing=True)  # step by step it takes half an hour

    def loss(temperature: float) -> float:
        losses = [
            float(compiled(tf.constant(scores / temperature), labels, lengths))
            for scores, labels, lengths in scored
        ]
        return float(np.mean(losses))

    return best_temperature(loss)
