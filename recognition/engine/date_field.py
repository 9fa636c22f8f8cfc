"""Read the date: eight boxes one by one and as one strip, under the calendar's limits."""

import numpy as np
from numpy.typing import NDArray

from recognition.engine.calendar_dates import DateHypotheses, date_hypotheses, literal_of
from recognition.engine.date_cells import DateCut, cut_date
from recognition.engine.date_comb import CELLS
from recognition.engine.digits import NOT_A_DIGIT, DigitReader
from recognition.engine.free_date import STROKES, FreeDateReader
from recognition.engine.glyphs import normalise_glyph
from recognition.engine.image import Planes
from recognition.engine.layouts.layout import DateOrder, Layout, PlaceName
from recognition.engine.layouts.library import anywhere
from recognition.engine.lettered_date import MISSPELT, read_lettered_date
from recognition.engine.line_recogniser import LineRecogniser
from recognition.engine.print_reader import FIGURE_HEIGHT, LINE_HEIGHT, PrintReader
from recognition.engine.sheet import Sheet
from recognition.engine.strings import Grammar, StringReader, StringReading
from recognition.engine.types import Candidate, Character, FieldName, FieldReading

_FLOOR = 0.002
"""Probability left to every digit by either reader: both are surer than they should be."""

_HAND_WEIGHTS = (1.0, 0.5)
"""Exponents of the boxes' and the strip's word: the strip does not know where a box ends, and the
two readers err partly on the same digits, so that theirs are not two independent words."""

_PRINT_WEIGHTS = (0.5, 1.0)
"""The same for print, which the strip's reader knows better than the boxes' does."""

_PRINTED_SHARE = 0.34  # of the strip's height, its margins included, that printed figures take

_EMPTY_BOXES = 6  # of eight without ink: nobody wrote a date
_WORTH_NAMING = 0.005


class DateReader:
    """Reads the date comb with two readers that make different mistakes."""

    def __init__(self, digits: DigitReader, strings: StringReader, prints: PrintReader) -> None:
        self._digits = digits
        self._strings = strings
        self._prints = prints
        self._free = FreeDateReader(strings)

    def read(
        self, planes: Planes, sheet: Sheet, layout: Layout, accept_at: float, *, is_printed: bool
    ) -> tuple[FieldReading, bool]:
        """Return the date as written, and whether it has boxes, which hold figures alone.

        ``value`` is ``None`` where the calendar has no such day.

        A date is accepted only where both readers have it for themselves: agreement transfers to
        hands and forms that no threshold was set on.
        """
        near, far = (one.places[PlaceName.DATE].window for one in (layout, anywhere(layout)))
        order = layout.date_order
        boxed: FieldReading | None = None
        cut = cut_date(planes, sheet, near)
        if cut is not None:
            boxed = self._in_boxes(cut, order, accept_at, is_printed=is_printed)
            # Strokes of letters may look like boxes: then they make no date.
            return boxed, boxed.value is not None or not boxed.raw_text
        cut = cut_date(planes, sheet, far)
        if cut is not None:
            boxed = self._in_boxes(cut, order, accept_at, is_printed=is_printed)
            if boxed.value is not None:
                return boxed, True
        # What looks like boxes far away may be the letters of a word.
        free = self._free.read(planes, sheet, near, order, accept_at)
        return free or boxed or _nothing("no_date_boxes_found", None), False

    def _in_boxes(
        self, cut: DateCut, order: DateOrder, accept_at: float, *, is_printed: bool
    ) -> FieldReading:
        if sum(not glyph.any() for glyph in cut.glyphs) >= _EMPTY_BOXES:
            return _nothing("nothing_to_read", cut)
        cells = self._cells(cut)
        if is_printed:
            strip, weights = self._printed(cut), _PRINT_WEIGHTS
        else:
            strip = self._strings.read(cut.strip.grey, Grammar.DATE)
            weights = _HAND_WEIGHTS
        together = cells
        if strip.value is not None:
            together = _shares(cells ** weights[0] * _strip_probability(strip) ** weights[1])
        return _reading(cut, (cells, strip, together), order, accept_at)

    def read_letters(
        self,
        planes: Planes,
        sheet: Sheet,
        layout: Layout,
        figures: FieldReading,
        recogniser: LineRecogniser,
    ) -> FieldReading:
        """Return the date with its month in letters, if one is written, else that in ``figures``.

        The networks for figures make figures of letters, too, and of a date another; where they
        make no date, or of strokes ones, the reader of letters is heard on figures as well.
        """
        near = layout.places[PlaceName.DATE].window
        is_read = figures.value is not None and STROKES not in figures.notes
        order = None if is_read else layout.date_order
        found = read_lettered_date(planes, sheet, near, recogniser, order)
        if found is None:
            return figures
        is_doubtful = MISSPELT in found.notes or STROKES in found.notes
        return figures if is_doubtful and figures.confidence > found.confidence else found

    def _printed(self, cut: DateCut) -> StringReading:
        """Read the strip as print, letters and dividers passed over."""
        height = cut.strip.grey.shape[0]
        scale = FIGURE_HEIGHT / (_PRINTED_SHARE * height)
        line = cut.strip.line(height / 2, LINE_HEIGHT / scale, scale)
        digits = [c for c in self._prints.read(line.grey) if c.value.isdigit()]
        if len(digits) != CELLS:
            return StringReading(None, "", 0.0)
        text = "".join(c.value for c in digits)
        characters = tuple(
            Character(
                c.value,
                c.confidence,
                tuple(other for other in c.alternatives if other.value.isdigit()),
            )
            for c in digits
        )
        return StringReading(text, text, 1.0, characters)

    def _cells(self, cut: DateCut) -> NDArray[np.float64]:
        """Return (8, 10): the digits' probabilities in each box, doubt about any included."""
        glyphs = np.stack([normalise_glyph(glyph) for glyph in cut.glyphs])
        probability = self._digits.probabilities(glyphs).astype(np.float64)
        doubt = probability[:, NOT_A_DIGIT:] / NOT_A_DIGIT
        floored = probability[:, :NOT_A_DIGIT] + doubt + _FLOOR
        return _shares(floored)


def _strip_probability(strip: StringReading) -> NDArray[np.float64]:
    """Return (8, 10) of a strip's reading: its digits, their alternatives, and a little for all."""
    probability = np.full((CELLS, 10), _FLOOR)
    for row, digit in enumerate(strip.value or ""):
        probability[row, int(digit)] += 0.5
    for row, character in enumerate(strip.characters[:CELLS]):
        for candidate in (
            Candidate(character.value, character.confidence),
            *character.alternatives,
        ):
            probability[row, int(candidate.value)] += candidate.confidence
    return _shares(probability)


def _shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float64)


def _reading(
    cut: DateCut,
    read: tuple[NDArray[np.float64], StringReading, NDArray[np.float64]],
    order: DateOrder,
    accept_at: float,
) -> FieldReading:
    cells, strip, together = read
    found = date_hypotheses(together, order)
    notes = []
    best = found.candidates[0] if found.is_possible else None
    digits = literal_of(best.value, order) if best else found.literal
    if best is not None and digits != found.literal:
        notes.append(f"read_as_{found.literal}_but_made_a_date")
    agreed = date_hypotheses(cells, order).candidates[0].value == (best.value if best else "") and (
        strip.value == digits
    )
    if not agreed:
        notes.append("two_readers_differ")
    if best is None:
        notes.append("no_date_of_the_calendar")
    confidence = best.confidence if best else 0.0
    return FieldReading(
        FieldName.DATE,
        best.value if best else None,
        digits,
        confidence,
        accepted=agreed and confidence >= accept_at,
        box=cut.box,
        characters=_characters(cut, together, digits),
        alternatives=_alternatives(found),
        notes=tuple(notes),
    )


def _alternatives(found: DateHypotheses) -> tuple[Candidate, ...]:
    others = found.candidates[1:] if found.is_possible else found.candidates
    return tuple(other for other in others if other.confidence >= _WORTH_NAMING)


def _characters(
    cut: DateCut, probability: NDArray[np.float64], digits: str
) -> tuple[Character, ...]:
    return tuple(
        Character(
            digit,
            float(row[int(digit)]),
            tuple(
                Candidate(str(other), float(row[other]))
                for other in np.argsort(-row)[:4]
                if str(other) != digit and row[other] >= _WORTH_NAMING
            ),
            box,
        )
        for digit, row, box in zip(digits, probability, cut.boxes, strict=True)
    )


def _nothing(note: str, cut: DateCut | None) -> FieldReading:
    return FieldReading(
        FieldName.DATE, None, "", 0.0, accepted=False, box=cut.box if cut else None, notes=(note,)
    )
