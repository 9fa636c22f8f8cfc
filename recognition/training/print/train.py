"""Train the print network: a line of figures in, scores a quarter of the width out (CTC)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow import keras

from recognition.engine.print_reader import LINE_HEIGHT, PRINT_ALPHABET, normalise_line
from recognition.training.print.lines import draw_line, load_typefaces

_BUCKET = 96
_WIDEST = 768
_LONGEST = 24
_BLANK = len(PRINT_ALPHABET)
_STRIDE = 4


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """How much to draw and how long to learn. The same seed draws the same lines."""

    lines: int = 60_000
    epochs: int = 5
    batch: int = 32
    seed: int = 5
    held_out_lines: int = 2_000


Line = tuple[NDArray[np.uint8], str]
Batch = tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int32]]


def build_network() -> keras.Model:
    """Return the untrained network: fully convolutional, so that any width goes in."""
    layers = keras.layers

    def block(x: object, filters: int, kernel: tuple[int, int], strides: tuple[int, int]) -> object:
        x = layers.Conv2D(filters, kernel, strides=strides, padding="same", use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization()(x))

    image = keras.Input((LINE_HEIGHT, None, 1))
    x = block(image, 16, (5, 5), (2, 2))
    x = block(x, 32, (3, 3), (2, 2))
    x = block(x, 48, (3, 3), (2, 1))
    x = block(x, 64, (3, 3), (2, 1))
    x = layers.Conv2D(80, (2, 3), padding="valid", use_bias=False)(layers.ZeroPadding2D((0, 1))(x))
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = block(x, 80, (1, 5), (1, 1))
    x = layers.Dropout(0.1)(x)
    scores = layers.Conv2D(_BLANK + 1, (1, 1), dtype="float32")(x)
    return keras.Model(image, scores, name="print")


def draw_lines(folders: list[Path], count: int, seed: int) -> list[Line]:
    """Draw lines that the network can label: narrow enough, and wide enough for their label."""
    typefaces = load_typefaces(folders)
    rng = np.random.default_rng(seed)
    lines: list[Line] = []
    while len(lines) < count:
        grey, label = draw_line(typefaces, rng)
        steps = len(label) + sum(a == b for a, b in pairwise(label))
        if grey.shape[1] <= _WIDEST and len(label) <= _LONGEST and steps < grey.shape[1] // _STRIDE:
            lines.append((grey, label))
    return lines


def batches(lines: list[Line], batch: int, rng: np.random.Generator) -> Iterator[Batch]:
    """Yield lines of like width together, the narrower ones padded with paper."""
    buckets: dict[int, list[Line]] = {}
    for index in rng.permutation(len(lines)):
        grey, label = lines[index]
        width = -(-grey.shape[1] // _BUCKET) * _BUCKET
        bucket = buckets.setdefault(width, [])
        bucket.append((grey, label))
        if len(bucket) == batch:
            yield _stack(bucket, width)
            bucket.clear()


def _stack(lines: list[Line], width: int) -> Batch:
    images = np.zeros((len(lines), LINE_HEIGHT, width, 1), np.float32)
    labels = np.zeros((len(lines), _LONGEST), np.int32)
    lengths = np.zeros(len(lines), np.int32)
    for row, (grey, label) in enumerate(lines):
        images[row, :, : grey.shape[1], 0] = normalise_line(grey)
        labels[row, : len(label)] = [PRINT_ALPHABET.index(character) for character in label]
        lengths[row] = len(label)
    return images, labels, lengths


def ctc_loss(scores: tf.Tensor, labels: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
    """Return the mean CTC loss; lines without figures must be blank at every step."""
    steps = tf.fill([tf.shape(scores)[0]], tf.shape(scores)[2])
    frames = tf.squeeze(scores, 1)
    is_empty = lengths == 0
    ctc = tf.nn.ctc_loss(
        labels, frames, tf.maximum(lengths, 1), steps, logits_time_major=False, blank_index=_BLANK
    )
    blank = -tf.reduce_sum(tf.nn.log_softmax(frames)[..., _BLANK], axis=1)
    return tf.reduce_mean(tf.where(is_empty, blank, ctc))


def train(
    plan: TrainingPlan, folders: list[Path], work: Path, report: Callable[[str], None]
) -> keras.Model:
    """Draw the lines and fit the network to them; ``report`` is told of every epoch.

    What each epoch learnt is kept below ``work``, whence a training that was interrupted goes on.
    """
    keras.utils.set_random_seed(plan.seed)
    model = build_network()
    schedule = keras.optimizers.schedules.CosineDecay(
        2e-3, plan.epochs * plan.lines // plan.batch, warmup_target=None
    )
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=1e-3, global_clipnorm=5.0)

    def learn(images: tf.Tensor, labels: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = ctc_loss(model(images, training=True), labels, lengths)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return loss

    step = tf.function(learn, reduce_retracing=True)
    done = tf.Variable(0, name="epochs_done")
    state = tf.train.Checkpoint(model=model, optimizer=optimizer, done=done)
    kept = tf.train.CheckpointManager(state, work, max_to_keep=1)
    optimizer.build(model.trainable_variables)
    state.restore(kept.latest_checkpoint)
    left = range(int(done), plan.epochs)
    lines = draw_lines(folders, plan.lines, plan.seed) if left else []
    for epoch in left:
        rng = np.random.default_rng([plan.seed, epoch])
        losses = [float(step(*batch)) for batch in batches(lines, plan.batch, rng)]
        report(f"epoch {epoch + 1} of {plan.epochs}: loss {np.mean(losses[-200:]):.4f}")
        done.assign_add(1)
        kept.save()
    return model
