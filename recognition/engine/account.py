"""Read the account number: the row of printed, typed or stamped figures in the account box."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recognition.engine.figure_rows import FigureRow, find_figure_rows
from recognition.engine.line_ends import goes_on, upright_rules, without
from recognition.engine.print_reader import (
    FIGURE_HEIGHT,
    LETTER,
    LINE_HEIGHT,
    PrintedCharacter,
    PrintReader,
)
from recognition.engine.region import Region
from recognition.engine.sheet import Sheet, Snippet
from recognition.engine.types import Character, FieldName, FieldReading

DIFFERENT_COUNT = "another_number_of_figures_than_marks"
RULE_THROUGH_IT = "a_rule_runs_through_a_figure"
GOES_ON = "ink_past_its_ends"

LENGTHS = range(9, 19)
"""Digits of Indian account numbers; the longest bank has 18."""

_PIXELS_A_MM = 8.0
_FEWEST_FIGURES = 7
_MOST_ROWS = 4
_MARGIN_MM = (8.0, 40.0)
"""What is read besides the marks seen, left and right: pale stamps fade to the right."""

_BEYOND_MM = 8.0
"""What is read past marks at the window's end, so that no figure is cut off there."""

_SEEN = 0.5  # probability from which the network itself saw this digit
_CLEAR = 0.9  # confidence from which one look is enough
_OTHER_HEIGHTS = (0.87 * FIGURE_HEIGHT, 1.14 * FIGURE_HEIGHT)  # pixels, for two more looks
_MISCOUNTED = 0.1  # what a look counts whose figures are not as many as the marks on the paper
_WIDEST_GAP = 3.2  # of the median distance between figures: a wider one separates two numbers


def read_account_number(
    grey: NDArray[np.uint8], sheet: Sheet, window: Region, reader: PrintReader, accept_at: float
) -> FieldReading:
    """Return the account number; ``value`` is ``None`` where no row of the window reads as one."""
    snippet = sheet.cut(grey, window, _PIXELS_A_MM)
    best: FieldReading | None = None
    for row in find_figure_rows(snippet, _FEWEST_FIGURES, _MOST_ROWS):
        reading = _read_row(_Paper(grey, sheet, window), row, reader, accept_at)
        if reading is not None and (best is None or _rank(reading) > _rank(best)):
            best = reading
        if best is not None and best.accepted:
            break  # the longest row first: others would have to be as sure
    return best or FieldReading(
        FieldName.ACCOUNT_NUMBER, None, "", 0.0, accepted=False, box=snippet.box,
        notes=("no_account_number_found",),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Paper:
    grey: NDArray[np.uint8]
    sheet: Sheet
    window: Region


def _read_row(
    paper: _Paper, row: FigureRow, reader: PrintReader, accept_at: float
) -> FieldReading | None:
    """Return what a row reads as; where one look leaves doubt, what most looks agree on."""
    first = _look(paper, row, reader, accept_at, FIGURE_HEIGHT)
    if first is not None and (first.accepted or (first.confidence >= _CLEAR and not first.notes)):
        return first
    others = [_look(paper, row, reader, accept_at, height) for height in _OTHER_HEIGHTS]
    looks = [look for look in (first, *others) if look is not None]
    return _agreed(looks) if looks else None


def _agreed(looks: list[FieldReading]) -> FieldReading:
    """Return the reading that most evidence is for, as sure as the looks are of it on average.

    It is for a person: that looks agree says less than that the first one is sure.
    """
    votes: dict[str | None, float] = {}
    for look in looks:
        weight = look.confidence * (_MISCOUNTED if DIFFERENT_COUNT in look.notes else 1.0)
        votes[look.value] = votes.get(look.value, 0.0) + weight
    agreeing = [look for look in looks if look.value == max(votes, key=lambda text: votes[text])]
    surest = max(agreeing, key=_rank)
    confidence = sum(look.confidence for look in agreeing) / len(looks)
    return replace(surest, confidence=confidence, accepted=False)


def _look(
    paper: _Paper, row: FigureRow, reader: PrintReader, accept_at: float, figure_height: float
) -> FieldReading | None:
    window = paper.window
    height_mm = row.height / _PIXELS_A_MM
    scale = figure_height / height_mm
    start, end = (window.left + place / _PIXELS_A_MM for place in (row.left, row.right))
    left = max(min(window.left, start - _BEYOND_MM), start - _MARGIN_MM[0])
    right = min(max(window.right, end + _BEYOND_MM), end + _MARGIN_MM[1])
    # The row's middle is known at the middle of its marks; move it to the middle of the cut.
    marks_middle = window.left + (row.left + row.right) / 2 / _PIXELS_A_MM
    middle = (
        window.top + row.middle / _PIXELS_A_MM + row.slope * ((left + right) / 2 - marks_middle)
    )
    half = LINE_HEIGHT / 2 / scale
    line = paper.sheet.cut(
        paper.grey, Region(left, middle - half, right, middle + half), scale, row.slope
    )
    run = _surest_run(reader, line.grey)
    if not run:
        return None
    reading = _reading([_among_digits(character) for character in run], line, accept_at)
    doubt = _doubt(run, line.grey, reader) if reading.accepted else None
    if doubt is not None:
        return replace(reading, accepted=False, notes=(doubt,))
    first, last = (
        (left - window.left + place / scale) * _PIXELS_A_MM for place in (run[0].start, run[-1].end)
    )
    # The network's way to be wrong is to pass over a figure; the marks on the paper tell.
    if row.figures_between(first - row.height / 2, last + row.height / 2) != len(run):
        return replace(_reading(run, line, accept_at), accepted=False, notes=(DIFFERENT_COUNT,))
    return reading


def _doubt(run: list[PrintedCharacter], grey: NDArray[np.uint8], reader: PrintReader) -> str | None:
    """Return why the paper may hold another number than what was surely read, if it may."""
    middles = [(character.start + character.end) / 2 for character in run]
    ends, pitch = (middles[0], middles[-1]), float(np.median(np.diff(middles)))
    rules = upright_rules(grey)
    # A rule hides a figure or makes another of it: the number must be the same without.
    if rules and _text(_surest_run(reader, without(grey, rules))) != _text(run):
        return RULE_THROUGH_IT
    return GOES_ON if goes_on(grey, rules, ends, pitch) else None


def _surest_run(reader: PrintReader, grey: NDArray[np.uint8]) -> list[PrintedCharacter]:
    """Return the figures of a line that are most surely an account number, or none."""
    runs = [run for run in _runs(reader.read(grey)) if len(run) in LENGTHS]
    return max(runs, key=lambda run: (_confidence(run), len(run)), default=[])


def _text(run: list[PrintedCharacter]) -> str:
    return "".join(character.value for character in run)


def _runs(characters: tuple[PrintedCharacter, ...]) -> list[list[PrintedCharacter]]:
    """Return the numbers in a line: digits and dashes without wide gaps, the dashes left out."""
    runs: list[list[PrintedCharacter]] = [[]]
    starts = [c.start for c in characters if c.value.isdigit()]
    usual = float(np.median(np.diff(starts))) if len(starts) > 1 else 1.0
    end = None
    for character in _without_false_letters(characters):
        if end is not None and character.start - end > _WIDEST_GAP * usual:
            runs.append([])
        end = character.start
        if character.value.isdigit():
            runs[-1].append(character)
        elif character.value != "-":
            runs.append([])
    return runs


def _without_false_letters(
    characters: tuple[PrintedCharacter, ...],
) -> list[PrintedCharacter]:
    """Return the line with letters among digits read as the digits they may be: O as 0."""
    line = list(characters)
    last_digit = max((i for i, c in enumerate(line) if c.value.isdigit()), default=0)
    for index in range(1, last_digit):
        here = line[index]
        digit = next((other for other in here.alternatives if other.value.isdigit()), None)
        if here.value == LETTER and line[index - 1].value.isdigit() and digit is not None:
            line[index] = replace(here, value=digit.value, confidence=digit.confidence)
    return line


def _among_digits(character: PrintedCharacter) -> PrintedCharacter:
    """Return the character with its confidence among digits, given that a figure stands there."""
    rivals = sum(other.confidence for other in character.alternatives if other.value.isdigit())
    among = character.confidence / max(character.confidence + rivals, 1e-9)
    # A place that the network took for a letter or for nothing stays as doubtful as it was.
    return replace(character, confidence=among if character.confidence > _SEEN else among / 2)


def _rank(reading: FieldReading) -> tuple[bool, float]:
    return not reading.notes, reading.confidence


def _confidence(run: list[PrintedCharacter]) -> float:
    return float(np.prod([character.confidence for character in run]))


def _reading(run: list[PrintedCharacter], line: Snippet, accept_at: float) -> FieldReading:
    value = _text(run)
    confidence = _confidence(run)
    characters = tuple(
        Character(
            character.value,
            character.confidence,
            character.alternatives,
            line.image_box(start, _figure_top(), end, _figure_bottom()),
        )
        for character, start, end in _spans(run)
    )
    spans = _spans(run)
    return FieldReading(
        FieldName.ACCOUNT_NUMBER,
        value,
        value,
        confidence,
        accepted=confidence >= accept_at,
        box=line.image_box(spans[0][1], _figure_top() - 2, spans[-1][2], _figure_bottom() + 2),
        characters=characters,
    )


def _figure_top() -> float:
    return (LINE_HEIGHT - FIGURE_HEIGHT) / 2


def _figure_bottom() -> float:
    return (LINE_HEIGHT + FIGURE_HEIGHT) / 2


def _spans(run: list[PrintedCharacter]) -> list[tuple[PrintedCharacter, float, float]]:
    """Return each figure with its left and right, halfway to its neighbours but not wide."""
    centres = [(character.start + character.end) / 2 for character in run]
    reach = FIGURE_HEIGHT * 0.4
    spans = []
    for index, character in enumerate(run):
        left, right = centres[index] - reach, centres[index] + reach
        if index:
            left = max(left, (centres[index - 1] + centres[index]) / 2)
        if index + 1 < len(run):
            right = min(right, (centres[index] + centres[index + 1]) / 2)
        spans.append((character, left, right))
    return spans
