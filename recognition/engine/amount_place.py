"""Where the amount in figures is written: in a frame, or right of a currency's sign.

The layout's window comes first; where nothing there looks like an amount's place, all of the sheet
where amounts stand is searched. What was found by place alone says so.
"""

from dataclasses import dataclass
from enum import Enum, auto

from recognition.engine.amount_box import AmountBox, find_amount_box
from recognition.engine.currency_sign import find_sign, sign_end
from recognition.engine.image import Planes
from recognition.engine.layouts.layout import Layout, PlaceName
from recognition.engine.layouts.library import anywhere
from recognition.engine.region import Region
from recognition.engine.sheet import Sheet, Snippet
from recognition.engine.types import Box

PIXELS_A_MM = 8.0

_INSIDE_MM = 0.45
"""So much inside its frame a box begins: the rules themselves are left out."""

_LEAST_MM = 12.0  # of writing room that must be left right of a sign or divider
_WIDTHS = (0.635, 1.27)  # of the usual frame's width
_ANY_WIDTH_MM = (22.0, 66.0)
_BESIDE_MM = 9.0  # a sign may stand so far left of its frame
_ROOM_MM = (7.0, 5.0)  # above and below a sign's middle where nothing is framed
_EDGE_MM = 1.5


class Seen(Enum):
    """By what on the paper an amount's place was known."""

    FRAME = auto()
    SIGN = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class AmountCut:
    """The snippet to read, the box in the image, and what was seen of its place on the paper.

    ``plain`` is the same place without coloured print, and dim where the ink is.
    ``room`` is the frame on the sheet, where such boxes usually are if none was found.
    """

    snippet: Snippet
    plain: Snippet
    box: Box
    seen: Seen
    room: Region


def cut_amount(planes: Planes, sheet: Sheet, layout: Layout) -> AmountCut:
    """Return the writing room of the amount at 8 pixels a millimetre."""
    place = layout.places[PlaceName.COURTESY_AMOUNT]
    usual_width = place.usual.right - place.usual.left
    widths = (_WIDTHS[0] * usual_width, _WIDTHS[1] * usual_width)
    near = _Window(planes, sheet, place.window)
    frame = find_amount_box(near.plain, widths)
    if frame is not None:
        return near.framed(frame)
    far = _Window(planes, sheet, anywhere(layout).places[PlaceName.COURTESY_AMOUNT].window)
    cut = far.signed_frame() or near.signed() or far.signed()
    return cut or near.usual(place.usual)


class _Window:
    """A window of a sheet, and the ways to find the amount in it."""

    def __init__(self, planes: Planes, sheet: Sheet, region: Region) -> None:
        self._planes, self._sheet, self._region = planes, sheet, region
        self.plain = sheet.cut(planes.plain, region, PIXELS_A_MM)

    def framed(self, frame: AmountBox) -> AmountCut:
        """Return the inside of a frame, right of its sign."""
        inset = round(_INSIDE_MM * PIXELS_A_MM)
        left, top = frame.left + inset, frame.top + inset
        right, bottom = frame.right - inset, frame.bottom - inset
        inner = self.plain.part(left, top, right, bottom)
        divider = frame.divider
        start = (sign_end(inner) or 0) if divider is None else divider - frame.left
        room = self._on_sheet(frame.left, frame.top, frame.right, frame.bottom)
        return self._cut((left, top, right, bottom), start, room, Seen.FRAME)

    def signed_frame(self) -> AmountCut | None:
        """Return a frame of any size that has a sign in it or beside it: other frames have none."""
        frame = find_amount_box(self.plain, _ANY_WIDTH_MM)
        if frame is None:
            return None
        beside = max(0, frame.left - round(_BESIDE_MM * PIXELS_A_MM))
        near = self.plain.part(beside, frame.top, frame.right, frame.bottom)
        return None if find_sign(near) is None else self.framed(frame)

    def signed(self) -> AmountCut | None:
        """Return what stands right of a sign that has no frame."""
        sign = find_sign(self.plain)
        if sign is None:
            return None
        height, width = self.plain.grey.shape
        top = max(0, sign.middle - round(_ROOM_MM[0] * PIXELS_A_MM))
        bottom = min(height, sign.middle + round(_ROOM_MM[1] * PIXELS_A_MM))
        edge = (self._sheet.width_mm - _EDGE_MM - self._region.left) * PIXELS_A_MM
        right = min(width, round(edge))
        if right - sign.right < _LEAST_MM * PIXELS_A_MM:
            return None
        room = self._on_sheet(sign.left, top, right, bottom)
        return self._cut((sign.right, top, right, bottom), 0, room, Seen.SIGN)

    def usual(self, place: Region) -> AmountCut:
        """Return the usual place, for want of anything to see."""
        edges = (
            round((place.left - self._region.left) * PIXELS_A_MM),
            round((place.top - self._region.top) * PIXELS_A_MM),
            round((place.right - self._region.left) * PIXELS_A_MM),
            round((place.bottom - self._region.top) * PIXELS_A_MM),
        )
        start = sign_end(self.plain.part(*edges)) or 0
        return self._cut(edges, start, place, Seen.NOTHING)

    def _cut(
        self, edges: tuple[int, int, int, int], start: int, room: Region, seen: Seen
    ) -> AmountCut:
        left, top, right, bottom = edges
        if right - left - start < _LEAST_MM * PIXELS_A_MM:
            start = 0
        grey = self._sheet.cut(self._planes.grey, self._region, PIXELS_A_MM)
        written = grey.part(left + start, top, right, bottom)
        plain = self.plain.part(left + start, top, right, bottom)
        return AmountCut(written, plain, self.plain.part(*edges).box, seen, room)

    def _on_sheet(self, left: int, top: int, right: int, bottom: int) -> Region:
        x, y = self._region.left, self._region.top
        return Region(
            x + left / PIXELS_A_MM,
            y + top / PIXELS_A_MM,
            x + right / PIXELS_A_MM,
            y + bottom / PIXELS_A_MM,
        )
