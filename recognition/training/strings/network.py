"""The string network: fully convolutional, so that any width is read in one pass, without loops."""

import numpy as np
from numpy.typing import NDArray
from tensorflow import keras

from recognition.engine.ctc import BLANK
from recognition.engine.line import HEIGHT

_WIDTHS = (32, 48, 80, 128)  # of sixteens: what the vector units take at once


def build(widths: tuple[int, int, int, int] = _WIDTHS, dropout: float = 0.1) -> keras.Model:
    """Return the network: (n, 32, width, 1) → raw scores (n, width / 4, 18), the blank last."""
    layers = keras.layers

    def block(
        x: keras.KerasTensor, maps: int, size: tuple[int, int], strides: tuple[int, int]
    ) -> keras.KerasTensor:
        x = layers.Conv2D(maps, size, strides=strides, padding="same", use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=0.98)(x))

    def pair(x: keras.KerasTensor, maps: int) -> keras.KerasTensor:
        y = block(x, maps, (3, 3), (1, 1))
        y = layers.Conv2D(maps, 3, padding="same", use_bias=False)(y)
        return layers.ReLU()(layers.add([x, layers.BatchNormalization(momentum=0.98)(y)]))

    image = keras.Input((HEIGHT, None, 1))
    x = block(image, widths[0], (5, 5), (2, 2))
    x = pair(block(x, widths[1], (3, 3), (2, 2)), widths[1])
    x = pair(block(x, widths[2], (3, 3), (2, 1)), widths[2])
    x = pair(block(x, widths[3], (3, 3), (2, 1)), widths[3])
    x = block(x, widths[3], (2, 1), (2, 1))
    x = layers.Dropout(dropout)(x)
    x = layers.add([x, block(x, widths[3], (1, 5), (1, 1))])
    x = layers.Dropout(dropout)(x)
    x = layers.Conv2D(BLANK + 1, 1)(x)
    # The height is 1 by now; taking it away by the mean keeps the width dynamic.
    return keras.Model(image, keras.ops.mean(x, axis=1))


def widen(model: keras.Model, narrow: list[NDArray[np.float32]]) -> None:
    """Give a new network what a narrower one of the same form has learnt.

    The old maps compute what they did, for nothing flows into them from the new ones yet; the new
    ones start from chance (in the way of Chen, Goodfellow and Shlens 2016, "Net2Net").
    """
    wide = model.get_weights()
    for new, old in zip(wide, narrow, strict=True):
        if old.ndim == 4:  # a convolution: (height, width, maps in, maps out)
            new[:, :, :, : old.shape[3]] = 0
        new[tuple(slice(side) for side in old.shape)] = old
    model.set_weights(wide)
