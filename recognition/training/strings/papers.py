"""Paper: safety prints, and what is printed about a field. 255 is white, drawn by code."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.training.strings.glyphs import Glyph, printed

Grey = NDArray[np.uint8]
_SHEET = (160, 1200)
_WORDS = (
    "BANK", "Syndicate", "PAYEE", "CHEQUE", "SERIE", "PESOS", "CANARA BANK", "DATE", "RUPEES",
    "VALID FOR THREE MONTHS ONLY", "D D M M Y Y Y Y", "A/c No.", "or bearer", "AMOUNT",
    "PAGUESE A LA ORDEN DE", "FECHA", "IFSC", "Please sign above",
)  # fmt: skip
_SIGNS = ("\u20b9", "Rs.", "$", "Rs")


def _waves(rng: np.random.Generator) -> Grey:
    """Families of parallel curves: the commonest safety print."""
    height, width = _SHEET
    sheet = np.full(_SHEET, 255, np.uint8)
    x = np.arange(0, width, 4, dtype=np.float32)
    for _ in range(int(rng.integers(1, 4))):
        pitch = rng.uniform(4, 16)
        slope = rng.normal(0, 0.6)
        reach, period, phase = rng.uniform(0, 14), rng.uniform(20, 260), rng.uniform(0, 6.3)
        drift = rng.uniform(0, 0.02)
        shade = int(rng.integers(60, 200))
        extent = abs(slope) * width
        for number, start in enumerate(np.arange(-extent - 20, height + extent + 20, pitch)):
            y = start + slope * x + reach * np.sin(x / period * 6.3 + phase + number * drift * 6.3)
            line = np.stack([x, y], 1)
            if y.max() < 0 or y.min() > height:
                continue
            cv2.polylines(sheet, [np.round(line * 8).astype(np.int32)], isClosed=False, color=shade,
                          thickness=1, lineType=cv2.LINE_AA, shift=3)  # fmt: skip
    return sheet


def _rosettes(rng: np.random.Generator) -> Grey:
    """Guilloche: hypotrochoids in rows."""
    sheet = np.full(_SHEET, 255, np.uint8)
    turn = np.linspace(0, 2 * np.pi * int(rng.integers(3, 9)), 500)
    outer, inner, arm = rng.uniform(0.5, 1), rng.uniform(0.08, 0.4), rng.uniform(0.1, 0.6)
    ratio = (outer - inner) / inner
    shape = np.stack(
        [
            (outer - inner) * np.cos(turn) + arm * np.cos(ratio * turn),
            (outer - inner) * np.sin(turn) - arm * np.sin(ratio * turn),
        ],
        1,
    )
    size = rng.uniform(20, 90)
    for x in np.arange(0, _SHEET[1] + size, size * rng.uniform(0.8, 1.6)):
        for y in np.arange(0, _SHEET[0] + size, size * rng.uniform(0.9, 1.6)):
            curve = np.round((shape * size + (x, y)) * 8).astype(np.int32)
            cv2.polylines(sheet, [curve], True, 130, 1, cv2.LINE_AA, shift=3)  # noqa: FBT003 - OpenCV
    return sheet


def _net(rng: np.random.Generator) -> Grey:
    """A tile repeated: dots, triangles, hatches or small type."""
    side = int(rng.integers(6, 40))
    tile = np.full((side, side * int(rng.integers(1, 3))), 255, np.uint8)
    for _ in range(int(rng.integers(1, 4))):
        points = (rng.random((int(rng.integers(2, 5)), 2)) * tile.shape[::-1]).astype(np.int32)
        cv2.polylines(tile, [points], bool(rng.random() < 0.5), 90, 1, cv2.LINE_AA)
    repeats = (_SHEET[0] // tile.shape[0] + 1, _SHEET[1] // tile.shape[1] + 1)
    return np.tile(tile, repeats)[: _SHEET[0], : _SHEET[1]]


def _type(rng: np.random.Generator, fonts: list[Path]) -> Grey:
    """A bank's name, over and over, dark or light."""
    sheet = np.full(_SHEET, 255, np.uint8)
    font = fonts[int(rng.integers(len(fonts)))]
    word = str(rng.choice(_WORDS[:6])) + str(rng.choice([" ", "\u00b7", "  "]))
    line = printed(word * 60, font, int(rng.integers(7, 26)))
    if line is None:
        return sheet
    row = 0
    while row + line.shape[0] < _SHEET[0]:
        shift = int(rng.integers(0, 60))
        part = line[:, shift : shift + _SHEET[1]]
        sheet[row : row + part.shape[0], : part.shape[1]] = 255 - part // 2
        row += line.shape[0] + int(rng.integers(2, 30))
    return sheet


def _mottle(rng: np.random.Generator) -> Grey:
    """Uneven paper, as of photographs and tinted forms."""
    coarse = rng.normal(0, 1, (int(rng.integers(3, 80)), int(rng.integers(4, 400))))
    smooth = cv2.resize(coarse.astype(np.float32), _SHEET[::-1], interpolation=cv2.INTER_CUBIC)
    return np.clip(200 + 40 * smooth, 60, 255).astype(np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Stationery:
    """Sheets of safety print and pieces of type, made once a process and cut from ever after."""

    sheets: tuple[Grey, ...]
    signs: tuple[Glyph, ...]
    words: tuple[Glyph, ...]

    @classmethod
    def make(cls, rng: np.random.Generator, fonts: list[Path], count: int = 160) -> "Stationery":
        """Draw ``count`` sheets, currency signs and words in the fonts."""
        makers = (_waves, _waves, _rosettes, _net, _mottle, lambda rng: _type(rng, fonts))
        sheets = [makers[number % len(makers)](rng) for number in range(count)]
        signs, words = [], []
        for number in range(90):
            font = fonts[int(rng.integers(len(fonts)))]
            # Only DejaVu has the rupee's sign; Liberation would draw an empty box.
            rupee = [font for font in fonts if "DejaVu" in font.name and "Math" not in font.name]
            face = rupee[number % len(rupee)] if number % 2 else font
            sign = printed(_SIGNS[0] if number % 2 else str(rng.choice(_SIGNS[1:])), face, 52)
            word = printed(str(rng.choice(_WORDS)), font, int(rng.integers(14, 30)))
            signs.extend([sign] if sign is not None else [])
            words.extend([word] if word is not None else [])
        return cls(tuple(sheets), tuple(signs), tuple(words))

    def cut(self, height: int, width: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return paper of that size: brightness 0 to 1."""
        paper = np.full((height, width), np.float32(rng.uniform(0.55, 1.0)), np.float32)
        for _ in range(int(rng.choice(4, p=(0.22, 0.48, 0.22, 0.08)))):
            sheet = self.sheets[int(rng.integers(len(self.sheets)))]
            scale = float(rng.choice([0.5, 0.75, 1.0, 1.4]))
            tall = min(_SHEET[0], max(8, round(height / scale)))
            wide = min(_SHEET[1], max(8, round(width / scale)))
            y = int(rng.integers(0, _SHEET[0] - tall + 1))
            x = int(rng.integers(0, _SHEET[1] - wide + 1))
            part = cv2.resize(sheet[y : y + tall, x : x + wide], (width, height))
            if rng.random() < 0.5:
                part = part[:, ::-1]
            strength = float(rng.choice([0.08, 0.2, 0.38], p=(0.35, 0.4, 0.25)))
            pattern = part.astype(np.float32) / 255 - 1
            # Some safety print is white on a tint.
            paper += pattern * strength * (-0.6 if rng.random() < 0.15 else 1.0)
        return np.clip(paper, 0.05, 1.0)
