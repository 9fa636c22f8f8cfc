"""The recogniser of any printed or written line that RapidOCR's package carries (PP-OCRv6 small).

Only the network's file is used, so none of the package's own code is ever imported.
"""

import hashlib
import importlib.metadata
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.types import ModelIdentity

_FILE = "PP-OCRv6_rec_small.onnx"
_HEIGHT = 48  # what the network was trained on


class LineRecogniser:
    """Gives each character its probability in each frame of a line. Not thread-safe."""

    NAME: Final = "PP-OCRv6-small"

    def __init__(self) -> None:
        """Load the network.

        Raises:
            EngineError: ``model_missing``, where the package isn't installed.
        """
        # Where it is switched off, no process shall pay for a second tensor runtime.
        from recognition.engine.backends.onnx import OnnxSession  # noqa: PLC0415

        path = _network()
        self._session = OnnxSession(path)
        characters = ["", *self._session.metadata["character"].split("\n"), " "]
        self._places = {character: place for place, character in enumerate(characters)}
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        version = importlib.metadata.version("rapidocr")
        self.identity = ModelIdentity("words", f"{self.NAME}-{version}", digest)

    def scores(
        self, grey: NDArray[np.uint8], characters: Sequence[str], *, least_width: int = _HEIGHT
    ) -> NDArray[np.float32]:
        """Return (frames, 1 + characters): probabilities of no character and of these.

        ``grey`` is a line (height, width), 0 = black; a line narrower than ``least_width`` at the
        network's height has middling grey added on its right.
        """
        width = max(_HEIGHT, round(grey.shape[1] * _HEIGHT / grey.shape[0]))
        shrinks = grey.shape[0] > _HEIGHT
        kind = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        small = cv2.resize(grey, (width, _HEIGHT), interpolation=kind)
        batch = np.zeros((1, _HEIGHT, max(width, least_width), 3), np.float32)
        batch[0, :, :width] = small[:, :, None] / np.float32(127.5) - 1
        columns = [0, *(self._places[character] for character in characters)]
        return np.asarray(self._session.run(batch)[0][:, columns])


def _network() -> Path:
    package = find_spec("rapidocr")
    folder = Path(package.origin).parent if package and package.origin else None
    path = folder / "models" / _FILE if folder else None
    if path is None or not path.is_file():
        message = "The network that reads the amount in words is not installed."
        raise EngineError(ErrorCode.MODEL_MISSING, message)
    return path
