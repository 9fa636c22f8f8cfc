"""Which way up a cheque lies, told by the one row that reads only the right way round."""

from dataclasses import dataclass

from recognition.engine.image import Planes, turn
from recognition.engine.micr.locate import find_row
from recognition.engine.micr.reader import MicrLine, MicrReader


@dataclass(frozen=True, slots=True)
class Upright:
    """An image the right way up, and the line that told so.

    ``quarter_turns`` clockwise bring the image as it came into this position.
    """

    planes: Planes
    quarter_turns: int
    line: MicrLine | None

    @property
    def has_no_form(self) -> bool:
        """No line of a known form was read in any position."""
        return self.line is None or self.line.fields is None


def set_upright(planes: Planes, reader: MicrReader) -> Upright:
    """Return the image in the first position in which its MICR line has a known form.

    Where it has none in any, the position with the surest legible line, or the landscape one as it
    came.
    """
    width, height = planes.size
    order = (0, 2, 1, 3) if width >= height else (1, 3, 0, 2)
    best: Upright | None = None
    for quarter_turns in order:
        turned = turn(planes.plain, quarter_turns)
        row = find_row(turned)
        line = reader.read(turned, row) if row is not None else None
        if line is None:
            continue
        candidate = Upright(_turned(planes, quarter_turns), quarter_turns, line)
        if line.fields is not None:
            return candidate
        is_first = quarter_turns == order[0]
        if not is_first and not line.is_legible:
            continue
        if best is None or best.line is None or line.confidence > best.line.confidence:
            best = candidate
    return best or Upright(_turned(planes, order[0]), order[0], None)


def _turned(planes: Planes, quarter_turns: int) -> Planes:
    return Planes(turn(planes.plain, quarter_turns), turn(planes.grey, quarter_turns))
