"""Strings as they stand on cheques: one hand, one pen, on paper with its print, then scanned."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.line import HEIGHT
from recognition.training.strings import pens, texts
from recognition.training.strings.fields import FieldPrinter, Paper, Place
from recognition.training.strings.glyphs import Pool
from recognition.training.strings.papers import Stationery
from recognition.training.strings.scan import scanned, well_scanned
from recognition.training.strings.writing import CANVAS_HEIGHT, MARGIN, Line, LineWriter

_NOTHING, _COMBS, _AMOUNTS, _DATES = 0.05, 0.15, 0.82, 0.86
"""Shares of the kinds of field, added up; plain numbers are the rest."""

_CAREFUL = 0.35
"""Share of strings in a clear hand on plain paper: what no reader may get wrong."""

_LEGIBLE = 3.5
"""How much deeper than the paper's own unevenness (one deviation) ink is at least."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One grey crop (32, width) and the text in it; empty: nothing to read."""

    image: NDArray[np.uint8]
    text: str


class Synthesiser:
    """Makes samples; the same seed makes the same ones."""

    def __init__(
        self, pool: Pool, stationery: Stationery, seed: int, *, careful: float = _CAREFUL
    ) -> None:
        """Of the strings, the share ``careful`` (0 to 1) is in a clear hand on plain paper."""
        self._careful_share = careful
        self._pool = pool
        self._stationery = stationery
        self._rng = np.random.default_rng(seed)

    def sample(self) -> Sample:
        """Return one string on its paper."""
        rng = self._rng
        if rng.random() < self._careful_share:
            return self._careful()
        kind = rng.random()
        if kind < _NOTHING:
            return self._nothing()
        if kind < _COMBS:
            return self._comb()
        if kind < _AMOUNTS:
            text = texts.amount(rng)
        elif kind < _DATES:
            text = texts.dashed_date(rng)
        else:
            text = texts.number(rng)
        writer = LineWriter(self._pool.hand(rng), float(rng.uniform(24, 46)), rng)
        return self._cropped(writer.write(text), text)

    def _careful(self) -> Sample:
        """A clear hand on plain paper, cropped to its ink and scanned well."""
        rng = self._rng
        text = texts.amount(rng) if rng.random() < 0.5 else texts.number(rng)
        hand = self._pool.careful_hand(rng)
        line = LineWriter(hand, float(rng.uniform(30, 46)), rng, is_careful=True).write(text)
        room = line.size * float(rng.uniform(0.06, 0.4))
        y0, y1 = int(max(0, line.top - room)), int(min(CANVAS_HEIGHT, line.bottom + room))
        x0, x1 = int(max(0, line.left - room)), int(line.right + room)
        cover = line.ink[y0:y1, x0:x1].astype(np.float32) / 255
        page = rng.uniform(0.75, 1.0) * (1 - rng.uniform(0.6, 0.95) * cover)
        return Sample(well_scanned(page, HEIGHT, rng), text)

    def _cropped(self, line: Line, text: str) -> Sample:
        """Crop the line as a field finder would, more or less well."""
        rng, size = self._rng, line.size
        ink = self._warped(line.ink, size) if rng.random() < 0.8 else line.ink
        low, high = line.base - size, line.base
        if rng.random() < 0.75:  # cropped to the ink; else to the digits, their tails cut off
            low, high = min(low, line.top), max(high, line.bottom)
        room = rng.gamma(1.3, 0.12) * size
        top = low - room * rng.uniform(0.2, 1.2) + rng.normal(0, 0.03) * size
        bottom = high + room * rng.uniform(0.2, 1.2) + rng.normal(0, 0.03) * size
        left = line.left - size * self._margin(1.8)
        right = line.right + size * self._margin(3.0)
        y0, y1 = int(max(0, top)), int(min(CANVAS_HEIGHT, bottom))
        x0, x1 = int(left), int(right)
        written = np.zeros((y1 - y0, x1 - x0), np.uint8)
        source = ink[y0:y1, max(0, x0) : x1]
        written[:, max(0, -x0) : max(0, -x0) + source.shape[1]] = source
        paper = self._stationery.cut(*written.shape, rng)
        if rng.random() < 0.75:
            place = Place(line.left - x0, line.right - x0, line.base - y0, size)
            text = self._printed(paper, place, text)
        return Sample(self._finished(paper, written), text)

    def _margin(self, widest: float) -> float:
        rng = self._rng
        return float(rng.uniform(-0.06, 0.3) if rng.random() < 0.6 else rng.uniform(0.2, widest))

    def _printed(self, paper: Paper, place: Place, text: str) -> str:
        """Print a field about the writing; return the text with the sign that came before it."""
        printer = FieldPrinter(paper, self._stationery, self._rng)
        printer.level_rules(place)
        printer.upright_rules(place)
        has_room = place.left > 0.55 * place.size
        if has_room and self._rng.random() < 0.45 and printer.sign(place):
            text = "$" + text.removeprefix("$")
        printer.stray_type()
        return text

    def _comb(self) -> Sample:
        """A date, or a number, with each digit in its own printed cell."""
        rng = self._rng
        is_date = rng.random() < 0.8
        text = texts.date(rng) if is_date else texts.digits(rng, int(rng.integers(3, 13)))
        pitch = float(rng.uniform(30, 52))
        size = pitch * float(rng.uniform(0.5, 0.95))
        line = LineWriter(self._pool.hand(rng), size, rng, pitch=pitch).write(text)
        cell = pitch * float(rng.uniform(0.75, 1.25))
        middle = line.base - size / 2 + float(rng.normal(0, 0.06)) * cell
        top, bottom = middle - cell / 2, middle + cell / 2
        is_loose = rng.random() < 0.35
        room_x = pitch * (rng.uniform(0.1, 1.0) if is_loose else rng.uniform(-0.06, 0.15))
        room_y = pitch * (rng.uniform(0.1, 0.5) if is_loose else rng.uniform(-0.06, 0.12))
        y0, y1 = int(max(0, top - room_y)), int(min(CANVAS_HEIGHT, bottom + room_y))
        x0 = int(max(0, MARGIN - room_x))
        x1 = int(min(line.ink.shape[1], MARGIN + len(text) * pitch + room_x))
        paper = self._stationery.cut(y1 - y0, x1 - x0, rng)
        printer = FieldPrinter(paper, self._stationery, rng)
        printer.comb(MARGIN - x0, pitch, len(text), (top - y0, bottom - y0))
        if is_loose and rng.random() < 0.5:
            printer.stamp(printer.word(), rng.uniform(0, x1 - x0), bottom - y0 + 3, 0.4)
        ink = self._warped(line.ink, size * 0.6)
        return Sample(self._finished(paper, ink[y0:y1, x0:x1]), text)

    def _nothing(self) -> Sample:
        """An empty field, or one with a scribble or printed words in it."""
        rng = self._rng
        height, width = int(rng.integers(40, 90)), int(rng.integers(80, 420))
        paper = self._stationery.cut(height, width, rng)
        written = np.zeros((height, width), np.uint8)
        what = rng.random()
        if what < 0.5:
            pens.draw(written, (_scribble(height, width, rng),), int(rng.integers(1, 5)))
        elif what < 0.8:
            printer = FieldPrinter(paper, self._stationery, rng)
            word = printer.word()
            tall = round(height * rng.uniform(0.4, 0.9))
            wide = max(4, round(word.shape[1] * tall / word.shape[0]))
            y = rng.uniform(0, height - tall)
            printer.stamp(cv2.resize(word, (wide, tall)), rng.uniform(0, 20), y, 0.15)
        if rng.random() < 0.6:
            self._printed(paper, Place(width * 0.4, width * 0.6, height * 0.8, height * 0.6), "")
        return Sample(self._finished(paper, written), "")

    def _warped(self, ink: NDArray[np.uint8], size: float) -> NDArray[np.uint8]:
        """Bend the whole line a little, as a hand on a desk does."""
        height, width = ink.shape
        coarse = self._rng.normal(0, size * 0.035, (2, 4, max(3, width // 24))).astype(np.float32)
        shift_x = cv2.resize(coarse[0], (width, height), interpolation=cv2.INTER_LINEAR)
        shift_y = cv2.resize(coarse[1], (width, height), interpolation=cv2.INTER_LINEAR)
        shift_x += np.arange(width, dtype=np.float32)
        shift_y += np.arange(height, dtype=np.float32)[:, None]
        return np.asarray(cv2.remap(ink, shift_x, shift_y, cv2.INTER_LINEAR), np.uint8)

    def _finished(self, paper: Paper, ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Ink the paper, scan it, and bring it to the network's height."""
        rng = self._rng
        cover = ink.astype(np.float32) / 255
        strength = rng.uniform(0.42, 0.7) if rng.random() < 0.5 else rng.uniform(0.65, 0.98)
        if rng.random() < 0.5:  # a pen that skips or presses unevenly
            coarse = rng.uniform(0.55, 1.15, (3, max(2, ink.shape[1] // 14))).astype(np.float32)
            cover *= np.clip(cv2.resize(coarse, ink.shape[::-1]), 0, 1)
        # Ink fainter than the paper's own print teaches guessing: no person could read it.
        strength = max(strength, min(0.98, _LEGIBLE * float(paper.std() / paper.mean())))
        page = paper * (1 - np.float32(strength) * cover)
        return scanned(page, HEIGHT, rng)


def _scribble(height: int, width: int, rng: np.random.Generator) -> pens.Points:
    """Return a wild path over the paper, (n, 2)."""
    steps = rng.normal(0, height * 0.35, (int(rng.integers(8, 40)), 2))
    steps[:, 0] += width / len(steps) * rng.uniform(0, 0.8)
    path = np.cumsum(steps, axis=0)
    path[:, 1] = height / 2 + (path[:, 1] - path[:, 1].mean()) * 0.6
    return pens.smooth(path.astype(np.float32))
