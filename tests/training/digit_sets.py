"""Small data sets in the registered layout, drawn here: no test needs the real ones."""

import gzip
import hashlib
import io
import pickle
import zipfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import ImageFont

from recognition.training import datasets
from recognition.training.digits import printed


def draw_digit(digit: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """Ink 255 on 0: a digit in a drawn typeface, a little out of place."""
    ink = np.zeros((112, 112), np.uint8)
    place = (int(rng.integers(25, 35)), int(rng.integers(84, 92)))
    cv2.putText(ink, str(digit), place, cv2.FONT_HERSHEY_SIMPLEX, 3, 255, int(rng.integers(7, 14)))
    return cv2.resize(ink, (size, size), interpolation=cv2.INTER_AREA)


def _digits(count: int, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 10
    return np.stack([draw_digit(int(label), size, rng) for label in labels]), labels


def _mnist() -> bytes:
    parts = []
    for count, seed in ((400, 1), (100, 2), (60, 3)):
        images, labels = _digits(count, 28, seed)
        parts.append((images.reshape(count, -1).astype(np.float32) / 256, labels))
    return gzip.compress(pickle.dumps(tuple(parts)))


def _qmnist(count: int, people: int) -> bytes:
    rows = [f"{i % 10}\t0\t{i % people}\t0\t0\t0\t0\t0" for i in range(count)]
    return gzip.compress("\n".join(rows).encode())


def _npz(count: int, ink: int, seed: int) -> bytes:
    images, labels = _digits(count, 16, seed)
    buffer = io.BytesIO()
    np.savez(buffer, x=(images >= 128).astype(np.uint8) * ink, y=labels.astype(np.uint8))
    return buffer.getvalue()


def _dida() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for index, (image, label) in enumerate(zip(*_digits(60, 40, 6), strict=True)):
            _, content = cv2.imencode(".jpg", 220 - image // 2)
            archive.writestr(f"{label}/{index}.jpg", content.tobytes())
    return buffer.getvalue()


def _pen(count: int) -> bytes:
    lines = []
    for index in range(count):
        lines += [
            f'.SEGMENT DIGIT {index} ? "{index % 10}"',
            f".COMMENT {index % 10} {index % 7} 1",
        ]
        lines += [".PEN_DOWN", f" {index % 10} 0", " 20 50", f" {index} 90", ".PEN_UP"]
    return gzip.compress("\n".join(lines).encode())


def write_digit_sets(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write every registered file, small, and typefaces, for the time of one test."""
    for name, content in {
        "mnist.pkl.gz": _mnist(),
        "qmnist-train-labels.tsv.gz": _qmnist(500, 25),
        "qmnist-test-labels.tsv.gz": _qmnist(60, 6),
        "usps_train.npz": _npz(100, 255, 4),
        "semeion.npz": _npz(60, 1, 5),
        "dida10k.zip": _dida(),
        "pendigits-train.txt.gz": _pen(70),
        "pendigits-test.txt.gz": _pen(20),
    }.items():
        (folder / name).write_bytes(content)
        file = replace(datasets.REGISTRY[name], sha256=hashlib.sha256(content).hexdigest())
        monkeypatch.setitem(datasets.REGISTRY, name, file)
    typefaces = [folder / f"{number}.ttf" for number in range(5)]  # a machine may have none
    for typeface in typefaces:
        typeface.write_bytes(ImageFont.load_default(64).path.getvalue())
    monkeypatch.setattr(printed, "FONTS", typefaces)
