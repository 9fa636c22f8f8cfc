"""Train the string network by CTC on strings that are written while it learns."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow import keras

from recognition.training.strings.batches import Batch, Press
from recognition.training.strings.network import build, widen

_MEAN = "mean.npz"


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn. The rate falls to nothing in the last third."""

    minutes: float
    rate: float = 2e-3
    averaging: float = 0.9985
    report_every: int = 100


@tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]  # TensorFlow has no types
def _step(
    model: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    images: tf.Tensor,
    labels: tf.Tensor,
) -> tf.Tensor:
    with tf.GradientTape() as tape:
        scores = tf.cast(model(images, training=True), tf.float32)
        frames = tf.shape(scores)[1]
        rows = tf.shape(scores)[0]
        is_empty = labels[:, 0] < 0
        # The sparse kernel refuses empty labels: those rows get one symbol and no weight here.
        filled = tf.where(is_empty[:, None] & (tf.range(tf.shape(labels)[1])[None] == 0), 0, labels)
        places = tf.where(filled >= 0)
        sparse = tf.SparseTensor(
            places, tf.gather_nd(filled, places), tf.cast(tf.shape(filled), tf.int64)
        )
        loss = tf.compat.v1.nn.ctc_loss(
            sparse, scores, tf.fill([rows], frames), time_major=False,
            ignore_longer_outputs_than_inputs=True,
        )  # fmt: skip
        blank = -tf.nn.log_softmax(scores)[:, :, -1]
        loss = tf.where(is_empty, tf.reduce_sum(blank, axis=1), loss)
        mean = tf.reduce_mean(tf.minimum(loss, 60.0))
    gradients = tape.gradient(mean, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return mean


def steps_done(folder: Path) -> int:
    """Return how many steps the training in a folder has taken."""
    path = folder / "state.json"
    return int(json.loads(path.read_text(encoding="utf-8"))["step"]) if path.exists() else 0


def blended(
    mean: Sequence[NDArray[np.float32]], others: Sequence[tuple[Path, float]]
) -> list[NDArray[np.float32]]:
    """Return mean weights with those of earlier trainings, each by its share, mixed in.

    Networks of one line, trained on from each other, read better when averaged (Wortsman et al.
    2022, "Model soups").
    """
    own = 1 - sum(share for _, share in others)
    mixed = [own * value for value in mean]
    for folder, share in others:
        with np.load(folder / _MEAN) as arrays:
            for value, name in zip(mixed, arrays.files, strict=True):
                np.add(value, share * arrays[name], out=value)
    return mixed


class Trainer:
    """One network in training, with the running mean of its weights, saved as it goes."""

    def __init__(self, folder: Path, *, rate: float, narrow: Path | None = None) -> None:
        """Go on in a folder, or start: from chance, or from the mean of a narrower training."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.model = build()
        if narrow is not None:
            with np.load(narrow / _MEAN) as arrays:
                widen(self.model, [arrays[name] for name in arrays.files])
        self.optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-3, global_clipnorm=5.0)
        self.optimizer.build(self.model.trainable_variables)
        self.mean = [value.copy() for value in self.model.get_weights()]
        self.step = 0
        self.strings = 0
        if (folder / "state.json").exists():
            self._load()

    def _load(self) -> None:
        state = json.loads((self.folder / "state.json").read_text(encoding="utf-8"))
        self.step, self.strings = state["step"], state["strings"]
        self.model.load_weights(self.folder / "last.weights.h5")
        with np.load(self.folder / _MEAN) as arrays:
            self.mean = [arrays[name] for name in arrays.files]

    def save(self) -> None:
        """Write what is needed to go on, and the mean weights."""
        self.model.save_weights(self.folder / "last.weights.h5")
        np.savez(self.folder / _MEAN, *self.mean)
        state = {"step": self.step, "strings": self.strings}
        (self.folder / "state.json").write_text(json.dumps(state), encoding="utf-8")

    def learn(self, batch: Batch, averaging: float) -> float:
        """Take one step; return its loss."""
        loss = float(
            _step(self.model, self.optimizer, tf.constant(batch.images), tf.constant(batch.labels))
        )
        self.step += 1
        self.strings += len(batch.images)
        keep = min(averaging, (1 + self.step) / (10 + self.step))
        if self.step % 4 == 0:
            keep **= 4
            for mean, value in zip(self.mean, self.model.get_weights(), strict=True):
                np.add(keep * mean, (1 - keep) * value, out=mean)
        return loss


def train(trainer: Trainer, press: Press, plan: Plan) -> None:
    """Learn for the planned minutes, saving every two, with a line of progress at each report."""
    start = saved = time.monotonic()
    losses: list[float] = []
    began = trainer.step
    while (done := (time.monotonic() - start) / (plan.minutes * 60)) < 1:
        warm = min(1.0, (trainer.step - began + 1) / 60)
        trainer.optimizer.learning_rate = plan.rate * warm * min(1.0, 3 * (1 - done) + 0.01)
        losses.append(trainer.learn(press.batch(), plan.averaging))
        now = time.monotonic()
        if len(losses) == plan.report_every:
            print(  # noqa: T201 - the progress of a command
                f"{now - start:6.0f} s  step {trainer.step}  strings {trainer.strings}"
                f"  new {press.new}  loss {np.mean(losses):.3f}",
                flush=True,
            )
            losses.clear()
        if now - saved > 120:
            trainer.save()
            saved = now
    trainer.save()
