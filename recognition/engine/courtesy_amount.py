"""Cut the courtesy amount out of its box: what is written, without the sign printed before it."""

from dataclasses import dataclass

from recognition.engine.amount_box import find_amount_box
from recognition.engine.currency_sign import sign_end
from recognition.engine.image import Planes
from recognition.engine.sheet import Region, Sheet, Snippet
from recognition.engine.types import Box

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
    """The snippet to read, the box in the image, and whether the box's frame was found."""

    snippet: Snippet
    box: Box
    is_framed: bool


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
    return AmountCut(written, inner.box, is_framed=frame is not None)
