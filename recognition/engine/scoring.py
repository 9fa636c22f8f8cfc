"""Score whole batches of images of single digits, as model servers do: no layout, no policy."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognition.engine.backends.litert import LiteRtSession
from recognition.engine.digits import DigitReader
from recognition.engine.glyphs import normalise_glyph
from recognition.engine.weights import find_weights

_LIGHT = 127  # of 255; a brighter border is paper, a darker one the ground of white ink


class DigitScorer:
    """The digit network alone. Not thread-safe: one a process."""

    def __init__(self, models_dir: Path, *, version: str | None = None) -> None:
        """Load a version of the network, the active one unless told.

        Raises:
            EngineError: ``model_missing`` or ``model_corrupt``.
        """
        weights = find_weights(models_dir, "digits", version)
        self.version = weights.identity.version
        self._reader = DigitReader(LiteRtSession(weights.path))

    def score(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return (n, 11) calibrated probabilities of (n, height, width) images of either polarity.

        The columns are the digits 0 to 9 and "not a digit".
        """
        glyphs = np.stack([normalise_glyph(_ink(image)) for image in images])
        return self._reader.probabilities(glyphs)


def _ink(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    return 255 - image if np.median(border) > _LIGHT else image
