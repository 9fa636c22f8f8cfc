"""Read the MICR row: cells to characters, and the form of the line where print is damaged."""

from dataclasses import dataclass, replace
from statistics import median

import numpy as np
from numpy.typing import NDArray

from recognition.engine.backends.protocol import InferenceSession
from recognition.engine.micr.grammar import MicrFields, parse_line
from recognition.engine.micr.locate import MicrRow
from recognition.engine.micr.strip import (
    CELL_WIDTH,
    STRIP_HEIGHT,
    cell_images,
    normalise,
    straighten,
)
from recognition.engine.micr.symbols import ALPHABET, EMPTY, ON_US, TRANSIT
from recognition.engine.types import Candidate

_NOTHING = len(ALPHABET)
_DIGITS = slice(0, 10)

_MARGIN_CELLS = 20
"""Cells looked at beyond the glyphs that were seen: faint ones and symbols stand there."""

_FORMS = tuple(
    f"{ON_US}######{ON_US} #########{TRANSIT} {account} ##"
    for account in (f"######{ON_US}", " " * 7)
)
"""An Indian line cell by cell, with and without the account part; ``#`` is any digit."""

_MOST_REPAIRS = 3
"""Cells of a line that may be read by its form alone, of 32."""

_LEGIBLE = 0.88
"""Least confidence a character, geometric mean. Print and patterns on drawn cheques without a line,
and lines upside down, have 0.7 to 0.87."""

_STRAY_CELLS = 2
"""A mark at a line's end that is farther away than this belongs to something else."""

_REPAIRED = 0.95
"""Confidence that the form is right about one cell whose print says otherwise."""


@dataclass(frozen=True, slots=True)
class MicrCharacter:
    """One character and its cell: the corners run clockwise from the top left, in image pixels."""

    value: str
    confidence: float
    alternatives: tuple[Candidate, ...]
    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class MicrLine:
    """A line as read. ``text`` has one blank between fields; ``seen`` is the print, unrepaired."""

    text: str
    seen: str
    confidence: float
    characters: tuple[MicrCharacter, ...]
    fields: MicrFields | None
    repairs: int
    row: MicrRow
    """The row, from the cell of the first character of ``text`` to that of the last."""

    @property
    def is_legible(self) -> bool:
        """It is more than other figures or a pattern at one pitch, whether it has a form or not."""
        return self.confidence >= _LEGIBLE ** len(self.characters)


class MicrReader:
    """Reads MICR rows with the E-13B network."""

    def __init__(self, session: InferenceSession) -> None:
        self._session = session

    def read(self, grey: NDArray[np.uint8], row: MicrRow) -> MicrLine | None:
        """Return the line that stands in ``row`` of an upright image, or ``None`` for no line."""
        left_room = int(row.origin[0] / row.pitch) + 1
        before = min(_MARGIN_CELLS, left_room)
        end = row.origin[0] + row.pitch * (row.cells - 1)
        after = min(_MARGIN_CELLS, int((grey.shape[1] - end) / row.pitch) + 1)
        ink = normalise(straighten(grey, row, before, after))
        edges = _follow(ink, np.arange(1.0, row.cells + before + after + 1) * CELL_WIDTH)
        probability = _softmax(self._session.run(cell_images(ink, edges)))
        return _decode(probability, edges, before, row)


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    shifted = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), np.float64)


def _follow(ink: NDArray[np.float32], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Move the cells' right ends to where the glyphs near them end.

    A line is printed in up to three runs (form, number, account), each a little out of step.
    """
    is_dark = (ink.max(axis=0) > 0.5).tolist()  # noqa: PLR2004 - half of the ink's darkness
    offsets: list[float | None] = []
    for edge in edges.tolist():
        start, end = max(int(edge) - CELL_WIDTH // 2, 0), int(edge) + CELL_WIDTH // 3
        window = is_dark[start:end]
        last = next((at for at in range(len(window) - 1, -1, -1) if window[at]), None)
        is_end = last is not None and last < len(window) - 2
        offsets.append(start + last + 1 - edge if is_end and last is not None else None)
    moved = edges.copy()
    for index in range(len(edges)):
        near = [offset for offset in offsets[max(index - 3, 0) : index + 4] if offset is not None]
        if len(near) >= 3:  # noqa: PLR2004 - a median of fewer is one glyph's whim
            moved[index] += median(near)
    return moved


def _decode(
    probability: NDArray[np.float64], edges: NDArray[np.float64], before: int, row: MicrRow
) -> MicrLine | None:
    free = [(*ALPHABET, EMPTY)[best] for best in probability.argmax(axis=1)]
    seen = "".join(free).strip()
    if not any(character != EMPTY for character in free):
        return None
    formed = _best_form(probability)
    repairs = 0
    chosen = free
    if formed is not None:
        repairs = sum(a != b for a, b in zip(formed, free, strict=True))
        chosen = formed if repairs <= _MOST_REPAIRS else free
    if chosen is free:
        repairs = 0
        chosen = _without_strays(free)
    cells = [index for index, character in enumerate(chosen) if character != EMPTY]
    characters = tuple(
        _character(
            probability[index], chosen[index], free[index], _corners(edges[index], before, row)
        )
        for index in cells
    )
    text = _text(chosen)
    return MicrLine(
        text=text,
        seen=" ".join(seen.split()),
        confidence=float(np.prod([character.confidence for character in characters])),
        characters=characters,
        fields=parse_line(text),
        repairs=repairs,
        row=_row_of_cells(edges, cells[0], cells[-1], before, row),
    )


def _without_strays(free: list[str]) -> list[str]:
    """Return the cells without lone marks far from the rest, if the line then has a form.

    A sheet's edges stand in the row where it lies on a darker table, and pass for figures.
    """
    if parse_line(_text(free)) is not None:
        return free
    filled = [index for index, character in enumerate(free) if character != EMPTY]
    line = list(free)
    while len(filled) > 1:
        if filled[1] - filled[0] > _STRAY_CELLS:
            stray = filled.pop(0)
        elif filled[-1] - filled[-2] > _STRAY_CELLS:
            stray = filled.pop()
        else:
            break
        line[stray] = EMPTY
    return line if parse_line(_text(line)) is not None else free


def _text(cells: list[str]) -> str:
    return " ".join("".join(cells).split())


def _best_form(probability: NDArray[np.float64]) -> list[str] | None:
    """Return the likeliest placing of an Indian line on the cells, cells outside it empty."""
    log = np.log(np.maximum(probability, 1e-6))
    log_digit = log[:, _DIGITS].max(axis=1)
    nothing = log[:, _NOTHING]
    best, best_score = None, -np.inf
    for form in _FORMS:
        places = len(probability) - len(form) + 1
        if places < 1:
            continue
        # How much likelier each cell is as the form has it than empty, for all places at once.
        scores = np.full(places, nothing.sum())
        for offset, sign in enumerate(form):
            cells = slice(offset, offset + places)
            own = log_digit if sign == "#" else log[:, (ALPHABET + EMPTY).index(sign)]
            scores += own[cells] - nothing[cells]
        start = int(scores.argmax())
        if scores[start] > best_score:
            best, best_score = (form, start), float(scores[start])
    if best is None:
        return None
    form, start = best
    line = [EMPTY] * len(probability)
    for offset, sign in enumerate(form):
        digit = ALPHABET[int(probability[start + offset, _DIGITS].argmax())]
        line[start + offset] = digit if sign == "#" else sign
    return line


def _character(
    probability: NDArray[np.float64],
    value: str,
    seen: str,
    corners: tuple[tuple[float, float], ...],
) -> MicrCharacter:
    order = np.argsort(-probability[:_NOTHING])[:4]
    others = tuple(
        Candidate(ALPHABET[index], float(probability[index]))
        for index in order
        if ALPHABET[index] != value
    )
    own = float(probability[ALPHABET.index(value)])
    confidence = own if value == seen else max(own, _REPAIRED if not value.isdigit() else own)
    return MicrCharacter(value, min(confidence, 1.0), others, corners)


def _corners(edge: float, before: int, row: MicrRow) -> tuple[tuple[float, float], ...]:
    step = np.array(row.step)
    right = np.array(row.origin) + (edge / CELL_WIDTH - before - 1) * step
    up = np.array((step[1], -step[0])) * (STRIP_HEIGHT / CELL_WIDTH / 2)
    left = right - step
    return tuple((float(x), float(y)) for x, y in (left + up, right + up, right - up, left - up))


def _row_of_cells(
    edges: NDArray[np.float64], first: int, last: int, before: int, row: MicrRow
) -> MicrRow:
    origin = np.array(row.origin) + (edges[first] / CELL_WIDTH - before - 1) * np.array(row.step)
    return replace(row, origin=(float(origin[0]), float(origin[1])), cells=last - first + 1)
