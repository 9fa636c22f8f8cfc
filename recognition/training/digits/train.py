"""Train the digit network: seeded, resumable from the last whole epoch, its curves in a CSV."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow import keras

from recognition.engine.glyphs import GLYPH_SIZE
from recognition.training.digits.augment import Augmenter
from recognition.training.digits.network import build
from recognition.training.digits.plan import Plan
from recognition.training.digits.preparation import CLASS_COUNT, Labelled, Prepared

CURVES_FILE = "curves.csv"
_MODEL_FILE = "network.keras"
_RESUME_FOLDER = "resume"


def train(prepared: Prepared, plan: Plan, work: Path, *, progress: int = 2) -> keras.Model:
    """Return the trained network (weights averaged over the last steps).

    Args:
        prepared: the data; only its training and validation parts are read.
        plan: all choices.
        work: folder of this training; a run that was stopped goes on from its last whole epoch,
            and one that is complete is loaded.
        progress: what Keras prints: 0 nothing, 1 a bar, 2 a line an epoch.
    """
    work.mkdir(parents=True, exist_ok=True)
    if (work / _MODEL_FILE).exists():
        return keras.models.load_model(work / _MODEL_FILE)
    keras.utils.set_random_seed(plan.seed)
    steps = samples_per_epoch(prepared, plan) // plan.batch
    warm_up = plan.warm_up_epochs * steps
    model = build(plan)
    model.compile(
        optimizer=keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(
                plan.learning_rate / 20,
                decay_steps=plan.epochs * steps - warm_up,
                alpha=1e-3,
                warmup_target=plan.learning_rate,
                warmup_steps=warm_up,
            ),
            weight_decay=plan.weight_decay,
            use_ema=True,
            ema_momentum=plan.average,
            ema_overwrite_frequency=None,
        ),
        loss=keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=plan.label_smoothing
        ),
        metrics=["accuracy"],
        jit_compile=False,  # XLA's convolutions are three times slower on a CPU
    )
    model.fit(
        _batches(prepared, plan, epochs_done=len(read_curves(work))),
        shuffle=False,  # the batches are
        steps_per_epoch=steps,
        epochs=plan.epochs,
        validation_data=_as_input(_join(list(prepared.validation.values()))),
        validation_batch_size=500,
        callbacks=[
            keras.callbacks.BackupAndRestore(work / _RESUME_FOLDER),  # before the exchange below
            # Exchanges raw and averaged weights around validation and checkpoints.
            keras.callbacks.SwapEMAWeights(swap_on_epoch=True),
            keras.callbacks.ModelCheckpoint(work / "epoch.keras"),
            keras.callbacks.CSVLogger(work / CURVES_FILE, append=True),
        ],
        verbose=progress,
    )
    model.save(work / _MODEL_FILE)
    return model


def read_curves(work: Path) -> list[dict[str, float]]:
    """Return loss and accuracy of each finished epoch, in training and validation."""
    if not (work / CURVES_FILE).exists():
        return []
    with (work / CURVES_FILE).open(newline="", encoding="utf-8") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def samples_per_epoch(prepared: Prepared, plan: Plan) -> int:
    """Return how many glyphs one epoch draws."""
    return sum(
        min(plan.samples[name], len(data.labels)) for name, data in prepared.training.items()
    )


def _batches(prepared: Prepared, plan: Plan, epochs_done: int) -> tf.data.Dataset:
    # A run that goes on must not see again what its first epochs saw: it would learn it by heart.
    rng = np.random.default_rng([plan.seed, epochs_done])
    augment = Augmenter(plan.augmentation, int(rng.integers(2**32)))

    def epochs() -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        while True:
            data = _join(
                [_draw(data, plan.samples[name], rng) for name, data in prepared.training.items()]
            )
            order = rng.permutation(len(data.labels))
            for start in range(0, len(order) - plan.batch + 1, plan.batch):
                chosen = order[start : start + plan.batch]
                part = Labelled(augment(data.glyphs[chosen]), data.labels[chosen])
                yield _as_input(part)

    signature = (
        tf.TensorSpec((plan.batch, GLYPH_SIZE, GLYPH_SIZE, 1), tf.float32),
        tf.TensorSpec((plan.batch, CLASS_COUNT), tf.float32),
    )
    return tf.data.Dataset.from_generator(epochs, output_signature=signature).prefetch(8)


def _draw(data: Labelled, count: int, rng: np.random.Generator) -> Labelled:
    chosen = rng.permutation(len(data.labels))[:count]
    return Labelled(data.glyphs[chosen], data.labels[chosen])


def _join(parts: list[Labelled]) -> Labelled:
    return Labelled(
        np.concatenate([part.glyphs for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )


def _as_input(data: Labelled) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    ink = data.glyphs[..., None].astype(np.float32) / np.float32(255)
    return ink, np.eye(CLASS_COUNT, dtype=np.float32)[data.labels]
