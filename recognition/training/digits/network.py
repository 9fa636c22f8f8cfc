"""The digit network, and the network of the student report that it replaces."""

from tensorflow import keras

from recognition.engine.glyphs import GLYPH_SIZE
from recognition.training.digits.plan import Plan
from recognition.training.digits.preparation import CLASS_COUNT

_DIGITS = 10
PLACES = "places"  # the layer that weighs where in a map something was found


def build(plan: Plan) -> keras.Model:
    """Return the untrained network: (n, 28, 28, 1) ink in [0, 1] to (n, 11) scores."""
    layers = keras.layers
    entry = keras.Input((GLYPH_SIZE, GLYPH_SIZE, 1), name="ink")
    maps = entry
    for level, channels in enumerate(plan.blocks):
        if level:
            maps = layers.MaxPooling2D()(maps)
        for _ in range(2):
            maps = layers.Conv2D(channels, 3, padding="same", use_bias=False)(maps)
            maps = layers.BatchNormalization()(maps)
            maps = layers.ReLU()(maps)
    # The mean of each map at first; a later stage may learn which places of it count.
    side = maps.shape[1]
    maps = layers.DepthwiseConv2D(side, use_bias=False, depthwise_initializer="ones", name=PLACES)(
        maps
    )
    maps = layers.Rescaling(1 / side**2)(layers.Flatten()(maps))
    maps = layers.Dropout(plan.dropout)(maps)
    # Scores, not probabilities: the calibration divides this layer's weights by a temperature.
    return keras.Model(entry, layers.Dense(CLASS_COUNT, name="scores")(maps), name="digits")


def build_report_network() -> keras.Model:
    """Return the report's own network: Conv 10-10-pool-10-10-pool-Dense 10, digits only."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((GLYPH_SIZE, GLYPH_SIZE, 1)),
            layers.Conv2D(10, 3, activation="relu"),
            layers.Conv2D(10, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(10, 3, activation="relu"),
            layers.Conv2D(10, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(_DIGITS),
        ],
        name="report",
    )
