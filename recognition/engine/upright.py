"""Which way up a cheque lies, told by the one row that reads only the right way round."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.micr.locate import find_row
from recognition.engine.micr.reader import MicrLine, MicrReader

_TURNS = {
    1: cv2.ROTATE_90_CLOCKWISE,
    2: cv2.ROTATE_180,
    3: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


@dataclass(frozen=True, slots=True)
class Upright:
    """An image the right way up, (height, width), and what told so.

    ``quarter_turns`` clockwise bring the image as it came into this position.
    """

    grey: NDArray[np.uint8]
    quarter_turns: int
    line: MicrLine | None


def turn(pixels: NDArray[np.uint8], quarter_turns: int) -> NDArray[np.uint8]:
    """Return the image turned clockwise."""
    code = _TURNS.get(quarter_turns % 4)
    return pixels if code is None else np.asarray(cv2.rotate(pixels, code), np.uint8)


def set_upright(grey: NDArray[np.uint8], reader: MicrReader) -> Upright:
    """Return the image in the first position in which its MICR line has a known form.

    Where it has none in any, the position with the surest line, or the landscape one as it came.
    """
    height, width = grey.shape
    order = (0, 2, 1, 3) if width >= height else (1, 3, 0, 2)
    best: Upright | None = None
    for quarter_turns in order:
        turned = turn(grey, quarter_turns)
        row = find_row(turned)
        line = reader.read(turned, row) if row is not None else None
        if line is None:
            continue
        candidate = Upright(turned, quarter_turns, line)
        if line.fields is not None:
            return candidate
        if best is None or best.line is None or line.confidence > best.line.confidence:
            best = candidate
    return best or Upright(turn(grey, order[0]), order[0], None)
