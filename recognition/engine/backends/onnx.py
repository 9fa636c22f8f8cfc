"""ONNX networks on ONNX Runtime, one thread each: the words reader ships in this form."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray


class OnnxSession:
    """One network with one input and one output; behind ``protocol.InferenceSession``."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # lines differ in width, and the arena never shrinks
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    @property
    def metadata(self) -> dict[str, str]:
        """What the file says of itself."""
        return dict(self._session.get_modelmeta().custom_metadata_map)

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map (n, height, width, channels) to the network's raw output, (n, ...)."""
        channels_first = np.ascontiguousarray(batch.transpose(0, 3, 1, 2))
        output: NDArray[np.float32] = self._session.run(None, {self._input: channels_first})[0]
        return output
