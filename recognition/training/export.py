"""From a trained network to a file in the models folder that the engine will load."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import tensorflow as tf
from tensorflow import keras

FILE_NAME = "model.tflite"


def to_tflite(model: keras.Model) -> bytes:
    """Convert with dynamic-range int8: weights in eight bits, inputs and outputs in float."""
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    return bytes(converter.convert())


def record_model(models_dir: Path, name: str, version: str, content: bytes) -> Path:
    """Write a version of a network and make it the active one; return its folder.

    The manifest is what ``recognition.engine.weights`` checks every file against.
    """
    folder = models_dir / name / version
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_bytes(content)
    path = models_dir / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    network = manifest.setdefault(name, {"active": version, "versions": {}})
    network["active"] = version
    network["versions"][version] = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "created": datetime.now(UTC).date().isoformat(),
    }
    path.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return folder
