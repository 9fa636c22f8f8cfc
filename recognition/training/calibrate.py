"""Make scores into probabilities that are as often right as they say."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from tensorflow import keras

_BINS = 15


def best_temperature(loss: Callable[[float], float]) -> float:
    """Return the temperature between 0.3 and 5 with the least loss, by golden section.

    Temperature scaling: Guo et al. 2017, "On Calibration of Modern Neural Networks".
    """
    low, high = np.log(0.3), np.log(5.0)
    ratio = (np.sqrt(5.0) - 1) / 2
    while high - low > 0.005:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(float(np.exp(left))) < loss(float(np.exp(right))):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def softmax_loss(
    scores: NDArray[np.float32], classes: NDArray[np.int64]
) -> Callable[[float], float]:
    """Return the mean negative log-likelihood of (n, classes) scores, given a temperature."""

    def loss(temperature: float) -> float:
        scaled = scores.astype(np.float64) / temperature
        scaled -= scaled.max(axis=1, keepdims=True)
        log = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return float(-log[np.arange(len(classes)), classes].mean())

    return loss


def calibration_error(confidence: NDArray[np.float64], is_right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error: 15 bins of equal width, weighted by their sizes."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(confidence[bins == index].mean() - is_right[bins == index].mean())
        * (bins == index).sum()
        for index in np.unique(bins)
    ]
    return float(np.sum(gaps) / max(len(confidence), 1))


def scale_scores(model: keras.Model, temperature: float) -> None:
    """Divide the network's scores by the temperature, in its last layer's own weights."""
    layer = model.layers[-1]
    layer.set_weights([weights / temperature for weights in layer.get_weights()])
