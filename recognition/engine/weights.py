"""Find a network by name in the models folder, and refuse it unless its content is as recorded.

The folder holds ``manifest.json`` and ``<name>/<version>/{model.tflite, card.md, ...}``. The
manifest says which version of each name is active and what every version must hash to::

    {"digits": {"active": "1", "versions": {"1": {"sha256": "...", "created": "2026-01-31"}}}}
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.types import ModelIdentity


@dataclass(frozen=True, slots=True)
class Weights:
    """One verified network file."""

    path: Path
    identity: ModelIdentity


def find_weights(models_dir: Path, name: str, version: str | None = None) -> Weights:
    """Return the verified file of a version of a network, the active one unless told.

    Raises:
        EngineError: ``model_missing`` or ``model_corrupt``.
    """
    try:
        manifest = json.loads((models_dir / "manifest.json").read_text(encoding="utf-8"))
        chosen = version or manifest[name]["active"]
        expected = manifest[name]["versions"][chosen]["sha256"]
        path = models_dir / name / chosen / "model.tflite"
        actual = hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError, KeyError) as error:
        message = f"The network “{name}” is missing from {models_dir}."
        raise EngineError(ErrorCode.MODEL_MISSING, message) from error
    if actual != expected:
        message = f"The network “{name}” version {chosen} is not the file that was recorded."
        raise EngineError(ErrorCode.MODEL_CORRUPT, message)
    return Weights(path, ModelIdentity(name, chosen, actual))
