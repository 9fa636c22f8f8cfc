"""Lines of printed, typed and stamped figures as cheques carry them, with their labels.

A label holds the characters that stand in the line, in order, letters and currency signs as
``LETTER``. Type is rendered from freely licensed fonts (Debian's
``fonts-dejavu`` and ``fonts-liberation``); the fonts themselves are not part of the project.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recognition.engine.print_reader import LETTER, LINE_HEIGHT, PRINT_ALPHABET

_TYPE_SIZE = 48
_BITONAL = 0.3  # of the lines: clearing houses exchange black and white
_TOLD_APART = PRINT_ALPHABET.replace(LETTER, "")
_LABELS = ("A/c No.", "A/C NO.", "Account No", "A/c. No.", "Acct", "No.", "SAN :", "SB", "CA")
_WORDS = (
    "Payable at par", "Valid for three months", "SAPPM", "BRANCH", "Please sign above", "Rupees",
    "or Bearer", "IFSC", "CBS", "Personal Banking", "HYDERABAD", "Pay", "VISA CARD", "Pvt Ltd",
    "NEW SAVINGS ACCOUNT", "RTGS / NEFT", "Only", "Not over", "A/c payee",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typeface:
    """The glyphs of one font at one size, 255 = ink, each at its full line height."""

    glyphs: dict[str, NDArray[np.uint8]]
    figure_top: int
    figure_bottom: int


def load_typefaces(folders: list[Path]) -> list[Typeface]:
    """Render every upright TrueType font below the folders.

    Raises:
        FileNotFoundError: No font is there; the message names the Debian packages.
    """
    files = sorted(
        file
        for folder in folders
        for file in folder.rglob("*.ttf")
        if not any(word in file.name for word in ("MathTeX", "ExtraLight"))
    )
    if not files:
        raise FileNotFoundError(
            "No fonts to draw type with: install fonts-dejavu and fonts-liberation."
        )
    return [_render(file) for file in files]


def _render(file: Path) -> Typeface:
    font = ImageFont.truetype(str(file), _TYPE_SIZE)
    characters = sorted(set("".join((*_LABELS, *_WORDS, _TOLD_APART, "*Rs₹="))) - {" "})
    glyphs = {}
    for character in characters:
        width = max(1, round(font.getlength(character)))
        image = Image.new("L", (width + 4, _TYPE_SIZE * 3 // 2))
        ImageDraw.Draw(image).text((2, 4), character, fill=255, font=font)
        glyphs[character] = np.asarray(image)
    rows = np.flatnonzero(glyphs["8"].max(axis=1) > 128)
    return Typeface(glyphs, int(rows[0]), int(rows[-1]) + 1)


def draw_line(typefaces: list[Typeface], rng: np.random.Generator) -> tuple[NDArray[np.uint8], str]:
    """Return one line, (32, width), 0 = black, and its label."""
    texts = _texts(rng)
    main = typefaces[rng.integers(len(typefaces))]
    figure_height = rng.uniform(15.5, 22.5)
    pieces: list[NDArray[np.uint8]] = []
    for text, is_main in texts:
        face = main if is_main else typefaces[rng.integers(len(typefaces))]
        size = figure_height * (1.0 if is_main else rng.uniform(0.55, 1.1))
        pieces.append(_set(face, text, size, rng, is_main=is_main))
        pieces.append(np.zeros((LINE_HEIGHT, int(rng.integers(6, 60))), np.uint8))
    margin = np.zeros((LINE_HEIGHT, int(rng.integers(4, 30))), np.uint8)
    ink = np.hstack([margin, *pieces])
    label = "".join(
        c if c in _TOLD_APART else LETTER for text, _ in texts for c in text if c != " "
    )
    return _printed(ink, rng), label


def _texts(rng: np.random.Generator) -> list[tuple[str, bool]]:
    """Return the pieces of a line, and which of them are the figures."""
    kind = rng.random()
    if kind < 0.62:
        figures = _account_number(rng)
    elif kind < 0.76:
        figures = _amount(rng)
    elif kind < 0.86:
        figures = _date(rng)
    else:
        return [(str(rng.choice(_WORDS)), True)] if rng.random() < 0.8 else []
    texts = [(figures, True)]
    if rng.random() < 0.3:
        texts.insert(0, (str(rng.choice(_LABELS)), False))
    if rng.random() < 0.08:
        texts.append((str(rng.choice(_WORDS)), False))
    return texts


def _account_number(rng: np.random.Generator) -> str:
    digits = rng.integers(0, 10, rng.integers(3, 19))
    digits[rng.random(len(digits)) < 0.2] = 0
    text = "".join(map(str, digits))
    if rng.random() < 0.08:
        cut = int(rng.integers(1, len(text)))
        text = text[:cut] + str(rng.choice(["-", " ", "/"])) + text[cut:]
    return text


def _amount(rng: np.random.Generator) -> str:
    value = int(10 ** rng.uniform(1, 9))
    if rng.random() < 0.5:
        value = value // 1000 * 1000
    text = f"{value:,}"
    if rng.random() < 0.6:
        head, tail = str(value)[:-3], str(value)[-3:]
        groups = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
        text = ",".join([*groups, tail])
    if rng.random() < 0.15:
        text = text.replace(",", "")
    text += str(rng.choice(["", ".00", f".{rng.integers(100):02d}", "/-", "/-"]))
    start = str(rng.choice(["", "", "Rs", "₹", "₹ ", "**", "***"]))
    return start + text + (start if start.startswith("*") else "")


def _date(rng: np.random.Generator) -> str:
    day, month, year = rng.integers(1, 32), rng.integers(1, 13), rng.integers(1990, 2040)
    sign = str(rng.choice(["/", "-", ".", ""]))
    return f"{day:02d}{sign}{month:02d}{sign}{year if rng.random() < 0.8 else year % 100:02d}"


def _set(
    face: Typeface, text: str, height: float, rng: np.random.Generator, *, is_main: bool
) -> NDArray[np.uint8]:
    """Set a text: one height, one stretch, one spacing; stamps jump up and down."""
    scale = height / (face.figure_bottom - face.figure_top)
    stretch = scale * rng.uniform(0.42, 1.3)
    is_stamp = is_main and rng.random() < 0.3
    spacing = rng.uniform(0.3, 1.6) * height if is_stamp else rng.choice([0, 0, 0, 1, 2, 4])
    jump = rng.uniform(0.2, 1.8) if is_stamp else 0.0
    slope = rng.normal(0, 0.012)
    weight = rng.normal(0, 1.3)
    base = (LINE_HEIGHT - height) / 2 - face.figure_top * scale + rng.normal(0, 1.0)
    advance = max((face.glyphs[c].shape[1] for c in text if c.isdigit()), default=_TYPE_SIZE // 2)
    columns: list[tuple[float, MatLike, float]] = []
    x = 2.0
    for character in text:
        if character == " ":
            x += rng.uniform(0.3, 0.6) * height
            continue
        glyph: MatLike = face.glyphs[character]
        if abs(weight) >= 1:
            kernel = np.ones((round(abs(weight)) + 1,) * 2, np.uint8)
            glyph = cv2.dilate(glyph, kernel) if weight > 0 else _thin(glyph, kernel)
        drawn = cv2.resize(glyph, None, fx=stretch, fy=scale, interpolation=cv2.INTER_AREA)
        columns.append((x, drawn, base + rng.normal(0, jump) + slope * x))
        wide = advance if is_stamp and character.isdigit() else glyph.shape[1] - 4
        x += wide * stretch + spacing
    ink = np.zeros((LINE_HEIGHT, int(x) + 8), np.uint8)
    for left, drawn, top in columns:
        _paste(ink, drawn, round(left), round(top))
    return ink


def _thin(glyph: MatLike, kernel: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Erode, unless that would wipe the glyph out."""
    thinner = cv2.erode(glyph, kernel)
    return np.asarray(thinner if thinner.sum() > 0.45 * glyph.sum() else glyph, np.uint8)


def _paste(ink: NDArray[np.uint8], mark: MatLike, left: int, top: int) -> None:
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + mark.shape[1], ink.shape[1]), min(top + mark.shape[0], ink.shape[0])
    if x1 > x0 and y1 > y0:
        view = ink[y0:y1, x0:x1]
        np.maximum(view, mark[y0 - top : y1 - top, x0 - left : x1 - left], out=view)


def _printed(ink: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Put the ink on paper and the paper through a scanner; 0 = black."""
    height, width = ink.shape
    amount: MatLike = np.asarray(ink, np.float32) / 255
    if rng.random() < 0.35:
        amount *= _worn(width, rng)
    paper = _paper(width, rng)
    if rng.random() < 0.35:
        _rule(amount, rng)
    if rng.random() < 0.5:
        amount = cv2.GaussianBlur(amount, (0, 0), float(rng.uniform(0.3, 1.1)))
    darkness = rng.uniform(0.4, 0.97)
    grey: MatLike = paper * (1 - darkness * amount)
    if rng.random() < 0.4:
        factor = float(rng.uniform(0.45, 1.0))
        small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        grey = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    grey += rng.normal(0, rng.uniform(0.5, 9), grey.shape)
    if rng.random() < _BITONAL:
        grey = _bitonal(grey, float(paper.mean()), darkness, rng)
    out = np.clip(grey, 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 90))]
        out = np.asarray(cv2.imdecode(cv2.imencode(".jpg", out, quality)[1], 0), np.uint8)
    return out


def _bitonal(
    grey: MatLike, paper: float, darkness: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return black and white only, as scanners and programs make it, at their own resolution."""
    height, width = grey.shape
    own = float(rng.uniform(0.8, 1.7))
    light: MatLike = cv2.resize(grey, None, fx=own, fy=own, interpolation=cv2.INTER_CUBIC)
    way = rng.integers(4)
    if way == 0:
        level = (1 - float(rng.uniform(0.2, 0.65)) * darkness) * paper
        threshold: MatLike = np.full_like(light, level)
    elif way == 1:  # a share below the paper about
        about = cv2.GaussianBlur(light, (0, 0), float(rng.uniform(8, 24)))
        threshold = about * (1 - float(rng.uniform(0.1, 0.3)))
    elif way == 2:  # so many levels below what is about, whatever that is
        threshold = cv2.GaussianBlur(light, (0, 0), float(rng.uniform(4, 12))) - rng.uniform(6, 20)
    else:
        threshold = _sauvola(light, int(rng.integers(6, 20)) * 2 + 1, float(rng.uniform(0.1, 0.4)))
    light = np.where(light < threshold, np.float32(0), np.float32(255))
    back = cv2.INTER_AREA if own > 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(light, (width, height), interpolation=back), np.float32)


def _sauvola(light: MatLike, window: int, share: float) -> MatLike:
    """Return a threshold for each pixel (Sauvola and Pietikäinen 2000, equation 5, R = 128)."""
    values = np.asarray(light, np.float32)
    mean = cv2.blur(values, (window, window))
    variance = cv2.blur(values * values, (window, window)) - mean * mean
    return mean * (1 + share * (np.sqrt(np.maximum(variance, 0)) / 128 - 1))


def _worn(width: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return how much of the ink took: a stamp's uneven pressure and its holes."""
    pressure = cv2.resize(
        rng.uniform(0.5, 1.0, (2, 6)).astype(np.float32), (width, LINE_HEIGHT),
        interpolation=cv2.INTER_CUBIC,
    )  # fmt: skip
    grain = cv2.resize(
        rng.normal(0, 1, (LINE_HEIGHT // 2, max(2, width // 2))).astype(np.float32),
        (width, LINE_HEIGHT),
    )
    return (pressure * np.where(grain > rng.uniform(1.0, 2.5), 0.35, 1.0)).astype(np.float32)


def _paper(width: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return paper with its light, and now and then security print or a ghost of words."""
    paper = np.full((LINE_HEIGHT, width), rng.uniform(165, 255), np.float32)
    if rng.random() < 0.5:
        y, x = np.mgrid[0:LINE_HEIGHT, 0:width].astype(np.float32)
        angle, period = rng.uniform(0, np.pi), rng.uniform(3, 22)
        wave = rng.uniform(0, 4) * np.sin(x / rng.uniform(8, 40) + rng.uniform(0, 6))
        phase = (x * np.cos(angle) + (y + wave) * np.sin(angle)) * 2 * np.pi / period
        paper -= rng.uniform(4, 38) * (np.sin(phase) > rng.uniform(0.2, 0.9))
    paper += cv2.resize(
        rng.normal(0, 8, (2, 5)).astype(np.float32), (width, LINE_HEIGHT),
        interpolation=cv2.INTER_CUBIC,
    )  # fmt: skip
    return paper


def _rule(amount: MatLike, rng: np.random.Generator) -> None:
    """Draw a box's side through or beside the figures."""
    height, width = amount.shape
    darkness = float(rng.uniform(0.4, 1.0))
    if rng.random() < 0.5:
        x = int(rng.integers(0, width))
        amount[:, x : x + int(rng.integers(1, 3))] = darkness
    if rng.random() < 0.6:
        y = int(rng.choice([rng.integers(0, 6), rng.integers(height - 9, height)]))
        amount[y : y + int(rng.integers(1, 3)), int(rng.integers(0, width)) :] = darkness
