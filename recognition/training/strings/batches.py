"""Batches of strings of about one width, written by processes beside the training."""

import multiprocessing
import queue
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recognition.engine.line import HEIGHT, STRIDE, normalise
from recognition.training.strings import texts
from recognition.training.strings.glyphs import Pool, font_files
from recognition.training.strings.papers import Stationery
from recognition.training.strings.synthesis import Sample, Synthesiser

_EDGES = (64, 96, 128, 160, 192, 224, 256, 320, 384)
_COLUMNS_A_BATCH = 32 * 160
_KEPT = 1200


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Images (n, 32, width, 1) float16; labels (n, longest) padded with -1."""

    images: NDArray[np.float16]
    labels: NDArray[np.int32]


def has_room(text: str, width: int) -> bool:
    """Tell whether CTC has frames enough for a text: one a symbol, and one between equals."""
    classes = texts.encode(text)
    doubles = sum(a == b for a, b in pairwise(classes))
    return len(classes) + doubles <= width // STRIDE


def pack(samples: list[Sample], width: int) -> Batch:
    """Set samples into one batch, paper added on the right."""
    images = np.zeros((len(samples), HEIGHT, width, 1), np.float16)
    encoded = [texts.encode(sample.text) for sample in samples]
    labels = np.full((len(samples), max(1, *map(len, encoded))), -1, np.int32)
    for row, (sample, classes) in enumerate(zip(samples, encoded, strict=True)):
        images[row, :, : sample.image.shape[1], 0] = normalise(sample.image)
        labels[row, : len(classes)] = classes
    return Batch(images, labels)


def stream(synthesiser: Synthesiser) -> Iterator[Batch]:
    """Yield batches without end; every width has its own, of about equal pixels."""
    waiting: dict[int, list[Sample]] = {edge: [] for edge in _EDGES}
    while True:
        sample = synthesiser.sample()
        width = sample.image.shape[1]
        edge = next((edge for edge in _EDGES if edge >= width), None)
        if edge is None or not has_room(sample.text, width):
            continue
        waiting[edge].append(sample)
        if len(waiting[edge]) * edge >= _COLUMNS_A_BATCH:
            yield pack(waiting[edge], edge)
            waiting[edge] = []


def _work(pool: Pool, seed: int, out: "multiprocessing.Queue[Batch]") -> None:
    stationery = Stationery.make(np.random.default_rng(seed), font_files())
    for batch in stream(Synthesiser(pool, stationery, seed)):
        out.put(batch)


class Press:
    """Processes that write strings. Batches come again only while new ones are not ready."""

    def __init__(self, pool: Pool, seed: int, workers: int) -> None:
        context = multiprocessing.get_context("fork")
        self._queue: multiprocessing.Queue[Batch] = context.Queue(maxsize=60)
        self._old: list[Batch] = []
        self._rng = np.random.default_rng(seed)
        self.new = 0
        self._workers: list[multiprocessing.context.ForkProcess] = [
            context.Process(target=_work, args=(pool, seed * 1000 + i, self._queue), daemon=True)
            for i in range(workers)
        ]
        for worker in self._workers:
            worker.start()

    def batch(self) -> Batch:
        """Return a new batch, or one of the last 600 again."""
        try:
            batch = self._queue.get(timeout=None if len(self._old) < 200 else 0.002)
        except queue.Empty:
            return self._old[int(self._rng.integers(len(self._old)))]
        self.new += len(batch.images)
        self._old.append(batch)
        if len(self._old) > _KEPT:
            self._old.pop(0)
        return batch

    def stop(self) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.terminate()
