"""What is printed in and about a field: rules, boxes, combs, currency signs, stray type."""

from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from recognition.training.strings.papers import Stationery

Paper = NDArray[np.float32]  # (height, width), brightness 0 to 1, printed on in place


@dataclass(frozen=True, slots=True)
class Place:
    """Where the writing is on a piece of paper, pixels; ``size`` is the height of its digits."""

    left: float
    right: float
    base: float
    size: float


class FieldPrinter:
    """Prints the parts of one field, all in one shade and thickness."""

    def __init__(self, paper: Paper, stationery: Stationery, rng: np.random.Generator) -> None:
        self._paper, self._stationery, self._rng = paper, stationery, rng
        self._shade = float(rng.uniform(0.08, 0.7))
        self._thickness = int(rng.choice([1, 1, 2, 3]))

    def rule(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a straight line."""
        ends = (round(start[0]), round(start[1])), (round(end[0]), round(end[1]))
        shade = self._shade * float(self._paper.mean())
        cv2.line(self._paper, *ends, shade, self._thickness, cv2.LINE_AA)

    def level_rules(self, place: Place) -> None:
        """Draw, or leave out, a line under the writing and the field's upper and lower edge."""
        rng = self._rng
        height, width = self._paper.shape
        tilt = float(rng.normal(0, 0.008)) * width
        if rng.random() < 0.45:
            y = place.base + place.size * float(rng.normal(0.1, 0.12))
            self.rule((-5, y), (width + 5, y + tilt))
        if rng.random() < 0.3:
            y = height * (1 - rng.uniform(0, 0.12))
            self.rule((-5, y), (width + 5, y + tilt))
        if rng.random() < 0.3:
            y = height * rng.uniform(0, 0.15)
            self.rule((-5, y), (width + 5, y + tilt))

    def upright_rules(self, place: Place) -> None:
        """Draw, or leave out, a line left and a line right of the writing."""
        rng = self._rng
        height, width = self._paper.shape
        room = width - place.right
        if rng.random() < 0.3 and place.left > 5:
            x = place.left * rng.uniform(0, 0.97)
            self.rule((x, -5), (x + rng.normal(0, 0.5), height + 5))
        if rng.random() < 0.25 and room > 5:
            x = place.right + room * rng.uniform(0.1, 1)
            self.rule((x, -5), (x + rng.normal(0, 0.5), height + 5))

    def sign(self, place: Place) -> bool:
        """Print a currency sign left of the writing; tell whether it had room."""
        rng = self._rng
        height = self._paper.shape[0]
        sign = self._stationery.signs[int(rng.integers(len(self._stationery.signs)))]
        tall = min(float(rng.uniform(0.5, 1.2)) * place.size, height * 0.9)
        wide = round(sign.shape[1] * tall / sign.shape[0])
        if not 0 < wide < place.left * 0.95:
            return False
        x, y = rng.uniform(0, place.left * 0.97 - wide), rng.uniform(0.0, height - tall)
        self.stamp(cv2.resize(sign, (wide, round(tall))), x, y, self._shade * 0.6)
        return True

    def stray_type(self) -> None:
        """Print words that reach in from above or below."""
        rng = self._rng
        height, width = self._paper.shape
        for _ in range(int(rng.choice([0, 1, 2], p=[0.7, 0.22, 0.08]))):
            word = self.word()
            tall = word.shape[0]
            above = -tall * rng.uniform(0.3, 0.9)
            y = above if rng.random() < 0.4 else height - tall * rng.uniform(0.1, 0.6)
            self.stamp(word, rng.uniform(-40, width), y, self._shade)

    def word(self) -> NDArray[np.uint8]:
        """Return some printed word."""
        return self._stationery.words[int(self._rng.integers(len(self._stationery.words)))]

    def comb(self, first: float, pitch: float, cells: int, edges: tuple[float, float]) -> None:
        """Draw a row of cells between two level lines; sometimes only ticks part them."""
        rng = self._rng
        top, bottom = edges
        last = first + cells * pitch
        tilt = float(rng.normal(0, 0.004)) * (last - first)
        for y in edges:
            self.rule((first, y), (last, y + tilt))
        inner = bottom - 0.3 * (bottom - top) if rng.random() < 0.15 else top
        for number in range(cells + 1):
            x = first + number * pitch
            self.rule((x, inner if 0 < number < cells else top), (x, bottom))

    def stamp(self, sprite: MatLike, left: float, top: float, shade: float) -> None:
        """Print a sprite of ink in a shade, cut off where the paper ends."""
        x, y = int(left), int(top)
        x0, y0 = max(0, x), max(0, y)
        part = self._paper[y0 : max(y0, y + sprite.shape[0]), x0 : max(x0, x + sprite.shape[1])]
        if part.size:
            cover = sprite[y0 - y :, x0 - x :][: part.shape[0], : part.shape[1]] / np.float32(255)
            part -= (part - part * np.float32(shade)) * cover
