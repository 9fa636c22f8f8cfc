"""From a trained string network to a version in the models folder, with its card."""

from pathlib import Path

from recognition.engine.ctc import ALPHABET
from recognition.training.card import write_card
from recognition.training.export import record_model, to_tflite
from recognition.training.strings.network import build
from recognition.training.strings.train import Trainer

_SUMMARY = [
    (
        "Reads a line of handwriting without segmenting it: a fully convolutional network, trained "
        "by "
        "CTC on strings composed of real digits on drawn paper. It has seen no real amount."
    ),
    "The running mean of the weights is what is shipped, its weights in eight bits.",
]


def publish(trainer: Trainer, models_dir: Path, version: str) -> Path:
    """Export the mean weights as the active version ``strings/<version>``; return its folder."""
    model = build()
    model.set_weights(trainer.mean)
    content = to_tflite(model)
    folder = record_model(models_dir, "strings", version, content)
    facts = {
        "alphabet": ALPHABET,
        "parameters": model.count_params(),
        "file_kib": round(len(content) / 1024),
        "strings_seen": trainer.strings,
        "steps": trainer.step,
        "learnt_from": "MNIST, USPS, Semeion, DIDA, UCI pen digits, drawn styles, free fonts",
    }
    write_card(folder, f"String reader, version {version}", _SUMMARY, facts)
    return folder
