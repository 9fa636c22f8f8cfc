"""Readers to compare with, run on the same crops: RapidOCR, Tesseract, and cutting at gaps.

The first two are no requirement of the project. RapidOCR: ``pip install onnxruntime==1.32.0`` and
``pip install --no-deps rapidocr==3.10.0``, whose wheel holds PP-OCRv6-small (Apache-2.0).
Tesseract: Debian's ``tesseract-ocr``; its times include the start of its process. Cutting at gaps
is how the student report would read a number: Otsu's threshold, connected pieces of ink from left
to right, each read as a digit, here by the digit network that ships.
"""

import importlib
import importlib.util
import shutil
import subprocess
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.digits import DigitReader

Peer = Callable[[NDArray[np.uint8]], tuple[str, float]]
_MODEL = "models/PP-OCRv6_rec_small.onnx"
_HEIGHT = 48
_LEAST_WIDTH = 320
_SPECK_SHARE = 0.25  # of the crop's height: lower pieces of ink are marks or dirt


def available(digits: DigitReader) -> dict[str, Peer]:
    """Return the peers that this machine has, by name."""
    peers: dict[str, Peer] = {"Connected components and our digit network": _components(digits)}
    spec = importlib.util.find_spec("rapidocr")
    if spec and spec.submodule_search_locations and importlib.util.find_spec("onnxruntime"):
        model = Path(spec.submodule_search_locations[0]) / _MODEL
        peers["RapidOCR 3.10 PP-OCRv6-small, masked to digits"] = _rapidocr(model, masked=True)
        peers["RapidOCR 3.10 PP-OCRv6-small, as shipped"] = _rapidocr(model, masked=False)
    program = shutil.which("tesseract")
    if program:
        peers["Tesseract, eng, one line, digits"] = _tesseract(program)
    return peers


def _rapidocr(model: Path, *, masked: bool) -> Peer:
    runtime = importlib.import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    session = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    metadata = session.get_modelmeta().custom_metadata_map
    characters = ["", *metadata["character"].splitlines(), " "]  # the blank is first
    digits = [0, *(i for i, character in enumerate(characters) if character in set("0123456789"))]
    name = session.get_inputs()[0].name

    def read(grey: NDArray[np.uint8]) -> tuple[str, float]:
        width = round(grey.shape[1] * _HEIGHT / grey.shape[0])
        scaled = cv2.resize(grey, (width, _HEIGHT)).astype(np.float32) / 127.5 - 1
        batch = np.zeros((1, 3, _HEIGHT, max(width, _LEAST_WIDTH)), np.float32)
        batch[0, :, :, :width] = scaled
        frames = session.run(None, {name: batch})[0][0]
        kept = digits if masked else list(range(frames.shape[1]))
        frames = frames[:, kept]
        if masked:
            frames = frames / frames.sum(axis=1, keepdims=True)
        best = frames.argmax(axis=1)
        starts = [next(group)[0] for _, group in groupby(enumerate(best), key=lambda item: item[1])]
        places = [step for step in starts if best[step]]
        text = "".join(characters[kept[best[step]]] for step in places)
        confidence = float(np.prod([frames[step, best[step]] for step in places]))
        return "".join(c for c in text if c.isdigit() and c.isascii()), confidence

    return read


def _tesseract(program: str) -> Peer:
    command = [program, "-", "-", "--psm", "7", "-c", "tessedit_char_whitelist=0123456789"]

    def read(grey: NDArray[np.uint8]) -> tuple[str, float]:
        _, binary = cv2.threshold(
            cv2.resize(grey, None, fx=2, fy=2), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU
        )
        image = cv2.imencode(".png", binary)[1].tobytes()
        done = subprocess.run(command, input=image, capture_output=True, check=True)  # noqa: S603 - our own words
        return "".join(c for c in done.stdout.decode() if c.isdigit()), 0.5

    return read


def _components(digits: DigitReader) -> Peer:
    def read(grey: NDArray[np.uint8]) -> tuple[str, float]:
        _, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
        glyphs = []
        for label in sorted(range(1, len(stats)), key=lambda i: int(stats[i, cv2.CC_STAT_LEFT])):
            x, y, width, height = (int(each) for each in stats[label, :4])
            if height >= _SPECK_SHARE * grey.shape[0]:
                piece = labels[y : y + height, x : x + width] == label
                glyphs.append(np.where(piece, 255, 0).astype(np.uint8))
        read = [glyph for glyph in digits.read(glyphs) if glyph.value is not None]
        confidence = float(np.prod([glyph.confidence for glyph in read]))
        return "".join(glyph.value or "" for glyph in read), confidence

    return read
