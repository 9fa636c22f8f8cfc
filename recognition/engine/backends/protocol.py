"""The one interface through which the engine runs a network."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class InferenceSession(Protocol):
    """One loaded network. Not thread-safe: one session a process."""

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map (n, height, width, channels) to the network's raw output, (n, ...)."""
        ...
