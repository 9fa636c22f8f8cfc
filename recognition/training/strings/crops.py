"""Labelled crops to measure the string reader on: real ones from a folder, or written anew."""

import csv
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.training.datasets import DataFolders
from recognition.training.strings.glyphs import font_files, testing_pool
from recognition.training.strings.papers import Stationery
from recognition.training.strings.synthesis import Synthesiser

Crop = tuple[NDArray[np.uint8], str]  # grey, 0 = black, and the digits in it

_TEST_SEED = 20_000
_LONGEST = 9


def labelled(folder: Path) -> list[Crop]:
    """Return the crops that ``labels.tsv`` in a folder, or in its ``amounts``, names.

    Raises:
        FileNotFoundError: there is no table of labels, or a crop can't be opened.
    """
    found = [place for place in (folder, folder / "amounts") if (place / "labels.tsv").exists()]
    if not found:
        message = f"There is no labels.tsv in {folder}."
        raise FileNotFoundError(message)
    crops = []
    with (found[0] / "labels.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            image = cv2.imread(str(found[0] / row["file"]), cv2.IMREAD_GRAYSCALE)
            if image is None:
                message = f"{row['file']} cannot be opened."
                raise FileNotFoundError(message)
            crops.append((np.asarray(image, np.uint8), row["digits"]))
    return crops


def written(folders: DataFolders, count: int, *, is_clear: bool = False) -> list[Crop]:
    """Return fresh strings that hold digits, by writers and a seed of the test's own.

    All in a clear hand on plain paper, or none on purpose: then many are beyond any reader.

    Raises:
        DataMissingError: a data set is not in the folders.
    """
    pool = testing_pool(folders)
    stationery = Stationery.make(np.random.default_rng(_TEST_SEED), font_files())
    careful = 1.0 if is_clear else 0.0
    synthesiser = Synthesiser(pool, stationery, _TEST_SEED, careful=careful)
    crops: list[Crop] = []
    while len(crops) < count:
        sample = synthesiser.sample()
        digits = "".join(character for character in sample.text if character.isdigit())
        if digits and len(digits) <= _LONGEST:
            crops.append((sample.image, digits))
    return crops
