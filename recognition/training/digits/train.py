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
from recognition.training.digits.network import PLACES, build
from recognition.training.digits.plan import Plan, Stage
from recognition.training.digits.preparation import CLASS_COUNT, Labelled, Prepared

CURVES_FILE = "curves.csv"
_MODEL_FILE = "network.keras"
_RESUME_FOLDER = "resume"


def train(prepared: Prepared, plan: Plan, work: Path, *, progress: int = 2) -> keras.Model:
    """Return the network after the last stage (weights averaged over the last steps).

    Args:
        prepared: the data; its calibration part is not read.
        plan: all choices.
        work: folder of this training; a run that was stopped goes on from its last whole epoch,
            and one that is complete is loaded.
        progress: what Keras prints: 0 nothing, 1 a bar, 2 a line an epoch.
    """
    keras.utils.set_random_seed(plan.seed)
    model = build(plan)
    for number in range(len(plan.stages)):
        folder = work / f"stage-{number + 1}"
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / _MODEL_FILE).exists():
            model = keras.models.load_model(folder / _MODEL_FILE)
        else:
            _train_stage(model, prepared, plan, number, folder, progress)
            model.save(folder / _MODEL_FILE)
    return model


def _train_stage(
    model: keras.Model, prepared: Prepared, plan: Plan, number: int, folder: Path, progress: int
) -> None:
    stage = plan.stages[number]
    model.get_layer(PLACES).trainable = stage.weighs_places
    steps = samples_per_epoch(prepared, stage) // plan.batch
    warm_up = round(stage.warm_up_epochs * steps)
    model.compile(
        optimizer=keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(
                stage.learning_rate / 20,
                decay_steps=stage.epochs * steps - warm_up,
                alpha=1e-3,
                warmup_target=stage.learning_rate,
                warmup_steps=warm_up,
            ),
            weight_decay=plan.weight_decay,
            use_ema=True,
            ema_momentum=stage.average,
            ema_overwrite_frequency=None,
        ),
        loss=keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=stage.label_smoothing
        ),
        metrics=["accuracy"],
        jit_compile=False,  # XLA's convolutions are three times slower on a CPU
    )
    model.fit(
        _batches(prepared, plan, number, epochs_done=len(_read_curve(folder))),
        shuffle=False,  # the batches are
        steps_per_epoch=steps,
        epochs=stage.epochs,
        validation_data=_as_input(_join(list(prepared.validation.values()))),
        validation_batch_size=500,
        callbacks=[
            keras.callbacks.BackupAndRestore(folder / _RESUME_FOLDER),  # before the exchange below
            # Exchanges raw and averaged weights around validation and checkpoints.
            keras.callbacks.SwapEMAWeights(swap_on_epoch=True),
            keras.callbacks.ModelCheckpoint(folder / "epoch.keras"),
            keras.callbacks.CSVLogger(folder / CURVES_FILE, append=True),
        ],
        verbose=progress,
    )


def read_curves(work: Path) -> list[dict[str, float]]:
    """Return loss and accuracy of each finished epoch of all stages, numbered through."""
    rows = [row for folder in sorted(work.glob("stage-*")) for row in _read_curve(folder)]
    return [{**row, "epoch": float(number)} for number, row in enumerate(rows)]


def _read_curve(folder: Path) -> list[dict[str, float]]:
    if not (folder / CURVES_FILE).exists():
        return []
    with (folder / CURVES_FILE).open(newline="", encoding="utf-8") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def samples_per_epoch(prepared: Prepared, stage: Stage) -> int:
    """Return how many glyphs one epoch of a stage draws."""
    return sum(
        min(stage.samples[name], len(data.labels))
        for name, data in _learnt(prepared, stage).items()
    )


def _learnt(prepared: Prepared, stage: Stage) -> dict[str, Labelled]:
    if not stage.learns_validation:
        return prepared.training
    return {
        name: _join([data, prepared.validation[name]]) for name, data in prepared.training.items()
    }


def _batches(prepared: Prepared, plan: Plan, number: int, epochs_done: int) -> tf.data.Dataset:
    stage = plan.stages[number]
    # A run that goes on must not see again what its first epochs saw: it would learn it by heart.
    rng = np.random.default_rng([plan.seed, number, epochs_done])
    augment = Augmenter(stage.augmentation, int(rng.integers(2**32)))
    learnt = _learnt(prepared, stage)

    def epochs() -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        while True:
            data = _join([_draw(data, stage.samples[name], rng) for name, data in learnt.items()])
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
