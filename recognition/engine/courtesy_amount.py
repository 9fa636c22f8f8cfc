"""Read the courtesy amount: what is written in its box, without the sign printed before it."""

from dataclasses import replace

import numpy as np

from recognition.engine.amount import parse_amount
from recognition.engine.amount_place import AmountCut, Seen
from recognition.engine.figure_rows import find_figure_rows
from recognition.engine.line_recogniser import LineRecogniser
from recognition.engine.print_reader import FIGURE_HEIGHT, LETTER, LINE_HEIGHT, PrintReader
from recognition.engine.shape import moved
from recognition.engine.sheet import Snippet
from recognition.engine.strings import Grammar, StringReader
from recognition.engine.types import Box, Character, DigitShape, FieldName, FieldReading

_NOTES: dict[Seen, tuple[str, ...]] = {
    Seen.FRAME: (),
    Seen.SIGN: ("amount_without_a_box",),
    Seen.NOTHING: ("no_amount_box_found",),
}


class AmountReader:
    """Reads amounts: handwritten with the string network, printed ones with the print network."""

    def __init__(self, strings: StringReader, prints: PrintReader) -> None:
        self._strings = strings
        self._prints = prints

    def read(
        self,
        cut: AmountCut,
        accept_at: float,
        *,
        is_printed: bool,
        recogniser: LineRecogniser | None = None,
    ) -> FieldReading:
        """Return the amount as a decimal string; drafts are printed, cheques written by hand.

        With ``recogniser`` a third reader is heard on handwriting.
        """
        if is_printed:
            printed = self._read_print(cut, accept_at)
            if printed is not None:
                return printed
        return self._read_hand(cut, accept_at, recogniser)

    def _read_hand(
        self, cut: AmountCut, accept_at: float, recogniser: LineRecogniser | None
    ) -> FieldReading:
        written = cut.snippet
        reading = self._strings.read(written.grey, Grammar.AMOUNT, recogniser)
        return FieldReading(
            FieldName.COURTESY_AMOUNT,
            reading.value,
            reading.raw_text,
            reading.confidence,
            accepted=cut.seen is Seen.FRAME
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
            notes=(*reading.notes, *_NOTES[cut.seen]),
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
            accepted=cut.seen is Seen.FRAME and confidence >= accept_at,
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
