"""Train the E-13B network: a cell of the MICR strip in, 14 characters and "nothing" out."""

from dataclasses import dataclass

import numpy as np
from tensorflow import keras

from recognition.engine.micr.strip import CELL_WIDTH, STRIP_HEIGHT
from recognition.training.micr.cells import CLASSES, draw_cells


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """How much to draw and how long to learn. The same seed gives the same network."""

    cells: int = 120_000
    epochs: int = 8
    batch: int = 256
    seed: int = 13
    held_out_cells: int = 20_000


def build_network() -> keras.Model:
    """Return the untrained network: about 30,000 parameters, 0.3 million products a cell."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((STRIP_HEIGHT, CELL_WIDTH, 1)),
            layers.Conv2D(12, 5, strides=2, padding="same", activation="relu"),
            layers.Conv2D(24, 3, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2D(48, 3, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(48, activation="relu"),
            layers.Dense(CLASSES),
        ],
        name="micr",
    )


def train(plan: TrainingPlan) -> keras.Model:
    """Draw the cells and fit the network to them; raw scores (logits) are its output."""
    keras.utils.set_random_seed(plan.seed)
    images, classes = draw_cells(plan.cells, np.random.default_rng(plan.seed))
    model = build_network()
    steps = plan.epochs * (plan.cells // plan.batch)
    model.compile(
        optimizer=keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(3e-3, steps), weight_decay=1e-3
        ),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(images, classes, batch_size=plan.batch, epochs=plan.epochs, verbose=2)
    return model
