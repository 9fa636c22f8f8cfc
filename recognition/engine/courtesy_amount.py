"""Read the courtesy amount: what is written in its box, without the sign printed before it."""

from dataclasses import dataclass, replace

import numpy as np

from recognition.engine.amount import parse_amount
from recognition.engine.amount_box import AmountBox, find_amount_box
from recognition.engine.currency_sign import sign_end
from recognition.engine.figure_rows import find_figure_rows
from recognition.engine.image import Planes
from recognition.engine.print_reader import FIGURE_HEIGHT, LETTER, LINE_HEIGHT, PrintReader
from recognition.engine.shape import moved
from recognition.engine.sheet import Region, Sheet, Snippet
from recognition.engine.strings import Grammar, StringReader
from recognition.engine.types import Box, Character, DigitShape, FieldName, FieldReading

_WINDOW = Region(130.0, 28.0, 203.0, 52.0)
"""Where CTS-2010 sheets have the amount box, however their print is shifted."""

_USUAL_BOX = Region(144.0, 33.5, 196.0, 44.5)
"""Where it is taken to be when no frame is found: the mean of common forms."""

_PIXELS_A_MM = 8.0
_INSIDE_MM = 0.45
"""So much inside its frame a box begins: the rules themselves are left out."""

_LEAST_MM = 12.0  # of writing room that must be left right of a sign or divider


@dataclass(frozen=True, slots=True)
class AmountCut:
    """The snippet to read, the box in the image, and whether the box's frame was found.

    ``room`` is the frame on the sheet, where such boxes usually are if it was not found.
    """

    snippet: Snippet
    box: Box
    is_framed: bool
    room: Region


def cut_amount(planes: Planes, sheet: Sheet) -> AmountCut:
    """Return the writing room of the amount box at 8 pixels a millimetre."""
    window = sheet.cut(planes.plain, _WINDOW, _PIXELS_A_MM)
    frame = find_amount_box(window)
    inset = round(_INSIDE_MM * _PIXELS_A_MM)
    if frame is None:
        left, top, right, bottom = (
            round((place - start) * _PIXELS_A_MM)
            for place, start in (
                (_USUAL_BOX.left, _WINDOW.left),
                (_USUAL_BOX.top, _WINDOW.top),
                (_USUAL_BOX.right, _WINDOW.left),
                (_USUAL_BOX.bottom, _WINDOW.top),
            )
        )
    else:
        left, top = frame.left + inset, frame.top + inset
        right, bottom = frame.right - inset, frame.bottom - inset
    inner = window.part(left, top, right, bottom)
    start = 0
    if frame is not None and frame.divider is not None:
        start = frame.divider - frame.left
    else:
        start = sign_end(inner) or 0
    if right - left - start < _LEAST_MM * _PIXELS_A_MM:
        start = 0
    written = sheet.cut(planes.grey, _WINDOW, _PIXELS_A_MM).part(left + start, top, right, bottom)
    room = _USUAL_BOX if frame is None else _on_sheet(frame)
    return AmountCut(written, inner.box, frame is not None, room)


def _on_sheet(frame: AmountBox) -> Region:
    return Region(
        _WINDOW.left + frame.left / _PIXELS_A_MM,
        _WINDOW.top + frame.top / _PIXELS_A_MM,
        _WINDOW.left + frame.right / _PIXELS_A_MM,
        _WINDOW.top + frame.bottom / _PIXELS_A_MM,
    )


class AmountReader:
    """Reads amounts: handwritten with the string network, printed ones with the print network."""

    def __init__(self, strings: StringReader, prints: PrintReader) -> None:
        self._strings = strings
        self._prints = prints

    def read(self, cut: AmountCut, accept_at: float, *, is_printed: bool) -> FieldReading:
        """Return the amount as a decimal string; drafts are printed, cheques written by hand."""
        if is_printed:
            printed = self._read_print(cut, accept_at)
            if printed is not None:
                return printed
        return self._read_hand(cut, accept_at)

    def _read_hand(self, cut: AmountCut, accept_at: float) -> FieldReading:
        written = cut.snippet
        reading = self._strings.read(written.grey, Grammar.AMOUNT)
        return FieldReading(
            FieldName.COURTESY_AMOUNT,
            reading.value,
            reading.raw_text,
            reading.confidence,
            accepted=cut.is_framed
            and reading.value is not None
            and reading.confidence >= accept_at,
            box=cut.box,
            characters=tuple(
                replace(
                    character,
                    box=_placed(written, character.box),
                    shape=_placed_shape(written, character.shape),
                )
                for character in reading.characters
            ),
            alternatives=reading.alternatives,
            notes=reading.notes if cut.is_framed else (*reading.notes, "no_amount_box_found"),
        )

    def _read_print(self, cut: AmountCut, accept_at: float) -> FieldReading | None:
        rows = find_figure_rows(cut.snippet, fewest=3, most_rows=1)
        if not rows:
            return None
        row = rows[0]
        scale = FIGURE_HEIGHT / row.height
        line = cut.snippet.line(row.middle, LINE_HEIGHT / scale, scale)
        found = [c for c in self._prints.read(line.grey) if c.value != LETTER]
        amount = parse_amount("".join(c.value for c in found))
        if amount is None:
            return None
        confidence = float(np.prod([c.confidence for c in found]))
        return FieldReading(
            FieldName.COURTESY_AMOUNT,
            amount.value,
            "".join(c.value for c in found),
            confidence,
            accepted=cut.is_framed and confidence >= accept_at,
            box=cut.box,
            characters=tuple(
                Character(
                    c.value,
                    c.confidence,
                    c.alternatives,
                    line.image_box(c.start, 0, c.end, LINE_HEIGHT),
                )
                for c in found
                if c.value.isdigit()
            ),
            notes=amount.notes,
        )


def _placed(snippet: Snippet, box: Box | None) -> Box | None:
    if box is None:
        return None
    return snippet.image_box(box.x, box.y, box.x + box.width, box.y + box.height)


def _placed_shape(snippet: Snippet, shape: DigitShape | None) -> DigitShape | None:
    """Return a shape in pixels of the image; the few degrees of a sheet's skew are left out."""
    if shape is None:
        return None
    linear, corner = snippet.to_image[:, :2], snippet.to_image[:, 2]
    scale = float(np.hypot(linear[0, 0], linear[1, 0]))
    x, y = linear @ (shape.centre_x, shape.centre_y) + corner
    sized = moved(shape, 0, 0, scale)
    return replace(sized, centre_x=float(x), centre_y=float(y))
