"""Where the MICR line stands on a sample from which a layout is made."""

from enum import StrEnum

from recognition.engine.image import Planes
from recognition.engine.layouts.layout import Anchor
from recognition.engine.layouts.library import anchored
from recognition.engine.micr.locate import PITCH_MM
from recognition.engine.micr.reader import MicrReader
from recognition.engine.upright import set_upright

_OFF_SCALE = 0.03
"""Share by which the line's pitch may differ from what the sample's width makes of it: an edge of
6 mm too much or too little."""


class SampleFault(StrEnum):
    """Why a sample can't serve."""

    NO_LINE = "no_line"
    TURNED = "turned"
    OTHER_SIZE = "other_size"


def measure_anchor(
    planes: Planes, reader: MicrReader, size_mm: tuple[float, float], anchor: Anchor
) -> tuple[float, float] | SampleFault:
    """Return the anchor's place, mm, on a sample that is cut to the edges of a sheet of that size.

    It is the right end, at half height, of the anchor's cell. The line's pitch must agree with the
    sheet's size, so that a sample with margins is found out.
    """
    upright = set_upright(planes, reader)
    if upright.line is None or upright.line.fields is None:
        return SampleFault.NO_LINE
    if upright.quarter_turns:
        return SampleFault.TURNED
    across, down = (pixels / mm for pixels, mm in zip(planes.size, size_mm, strict=True))
    row = anchored(upright.line, anchor)
    if any(abs(row.pitch / PITCH_MM / scale - 1) > _OFF_SCALE for scale in (across, down)):
        return SampleFault.OTHER_SIZE
    return row.origin[0] / across, row.origin[1] / down
