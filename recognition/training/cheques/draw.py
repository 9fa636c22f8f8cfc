"""Draw printed and filled cheques and demand drafts, with the truth of every field.

They carry nobody's data, so that demonstrations, tests and benchmarks can be shown to anyone.
"""

from dataclasses import dataclass, field
from datetime import date

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.engine.layouts.layout import Anchor
from recognition.engine.layouts.library import built_in
from recognition.engine.micr.locate import PITCH_MM
from recognition.engine.micr.symbols import TRANSIT
from recognition.engine.region import Region
from recognition.engine.types import Box, FieldName, Kind
from recognition.training.cheques.canvas import Canvas
from recognition.training.cheques.forms import print_form
from recognition.training.cheques.handwriting import write
from recognition.training.cheques.items import Item, micr_line, random_item, spaced, words_of
from recognition.training.cheques.layouts import LAYOUTS, AmountStyle, DateStyle, Layout
from recognition.training.micr.glyphs import draw_line

_PENS = ((120, 50, 20), (30, 25, 25), (150, 60, 40), (70, 20, 25))
_STAMP = (130, 50, 80)
_LINE_LETTERS = 42  # of words that fit before the amount box
_FACES = (
    cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
    cv2.FONT_HERSHEY_COMPLEX_SMALL | cv2.FONT_ITALIC, cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
)  # fmt: skip
_LETTER_MM = 4.2  # height of capitals in handwriting
_PRINTED_DATE_MM = 2.8  # height of figures

_INDENT_MM = {
    AmountStyle.SIGN_BOX: 10.0,
    AmountStyle.SIGN_INSIDE: 5.5,
    AmountStyle.SIGN_BESIDE: 1.0,
    AmountStyle.RULE: 0.5,
}
"""How far right of its frame an amount begins."""

Pen = tuple[int, int, int] | None  # BGR; none: filled in by a printer


@dataclass(frozen=True, slots=True)
class DrawnCheque:
    """An image, (height, width, 3) BGR, what stands on it, and where, in pixels."""

    pixels: NDArray[np.uint8]
    kind: Kind
    layout: Layout
    item: Item
    micr_line: str
    words: str
    boxes: dict[FieldName, Box] = field(default_factory=dict)

    @property
    def truth(self) -> dict[FieldName, str]:
        """The canonical value of every field."""
        return {
            FieldName.COURTESY_AMOUNT: self.item.value,
            FieldName.LEGAL_AMOUNT: self.item.value,
            FieldName.DATE: self.item.issued.isoformat(),
            FieldName.ACCOUNT_NUMBER: self.item.account_number,
            FieldName.CHEQUE_NUMBER: self.item.cheque_number,
            FieldName.MICR_LINE: self.micr_line,
        }


def draw_cheque(
    kind: Kind,
    rng: np.random.Generator,
    *,
    today: date,
    layout: Layout | None = None,
    item: Item | None = None,
    pixels_a_mm: float = 8.0,
) -> DrawnCheque:
    """Draw one item as a clean scan cut to its edges; ``kind`` is a cheque or a demand draft."""
    layout = layout or LAYOUTS[rng.integers(len(LAYOUTS))]
    item = item or random_item(kind, layout, rng, today)
    canvas = Canvas(layout.size, pixels_a_mm, rng)
    canvas.paper(layout)
    print_form(canvas, kind, layout, item.cheque_number)
    own = _PENS[rng.integers(len(_PENS))]
    pen = None if kind is Kind.DEMAND_DRAFT else own
    boxes = {
        FieldName.DATE: _fill_date(canvas, layout, item, pen),
        FieldName.COURTESY_AMOUNT: _fill_amount(canvas, layout, item, pen),
    }
    if layout.account_box is not None:
        boxes[FieldName.ACCOUNT_NUMBER] = _fill_account(canvas, layout, item, layout.account_box)
    # A stream of its own, so that what else is drawn from a seed stays as it was.
    words = words_of(layout, item, np.random.default_rng(item.amount))
    boxes[FieldName.LEGAL_AMOUNT] = _fill_words(canvas, layout, words, pen)
    _sign(canvas, layout, own)
    line = micr_line(layout, item)
    boxes[FieldName.MICR_LINE] = printed = _print_line(canvas, line, layout)
    inside = {FieldName.CHEQUE_NUMBER: item.cheque_number}
    if layout.account_box is None:
        inside[FieldName.ACCOUNT_NUMBER] = item.account_number
    for name, number in inside.items():
        boxes[name] = _part_of_line(printed, spaced(line, layout), number)
    return DrawnCheque(canvas.finished(), kind, layout, item, line, words, boxes)


def _part_of_line(printed: Box, line: str, number: str) -> Box:
    cell, start = printed.width / len(line), line.rindex(number)
    return Box(
        round(printed.x + start * cell), printed.y, round(len(number) * cell), printed.height
    )


def _fill_date(canvas: Canvas, layout: Layout, item: Item, pen: Pen) -> Box:
    comb = layout.date
    if layout.date_style is DateStyle.LINE:
        return _fill_free_date(canvas, layout, item, pen)
    pitch = (comb.right - comb.left) / 8
    height = (comb.bottom - comb.top) * canvas.rng.uniform(0.55, 0.72)
    width = canvas.rng.uniform(0.35, 0.55)
    for index, digit in enumerate(item.issued.strftime("%d%m%Y")):
        if pen is None:
            x = comb.left + (index + 0.5) * pitch - 0.3 * _PRINTED_DATE_MM
            canvas.text(digit, x, (comb.top + comb.bottom - _PRINTED_DATE_MM) / 2, _PRINTED_DATE_MM)
            continue
        ink, boxes = write(digit, height * canvas.scale, width * canvas.scale, canvas.rng)
        left, top, right, bottom = boxes[0]
        x_mid = canvas.px(comb.left + (index + 0.5) * pitch + canvas.rng.normal(0, 0.25))
        y_mid = canvas.px((comb.top + comb.bottom) / 2 + canvas.rng.normal(0, 0.25))
        canvas.ink(ink, x_mid - (left + right) // 2, y_mid - (top + bottom) // 2, pen)
    return canvas.box(comb)


def _fill_free_date(canvas: Canvas, layout: Layout, item: Item, pen: Pen) -> Box:
    place = layout.date
    if pen is None:
        return canvas.text(item.date_text, place.left + 3, place.bottom - 3.6, _PRINTED_DATE_MM)
    height = (place.bottom - place.top) * canvas.rng.uniform(0.5, 0.62) * canvas.scale
    room = place.right - place.left - 2.0
    if item.date_text.isascii() and any(map(str.isalpha, item.date_text)):
        ink = _lettered(canvas, item.date_text, height, room)
    else:
        ink = _written(canvas, item.date_text, height, room)
    y = canvas.px(place.bottom - 0.6) - round(ink.shape[0] * 0.78)
    return canvas.ink(ink, canvas.px(place.left + 1), y, pen)


def _lettered(canvas: Canvas, text: str, height: float, room_mm: float) -> NDArray[np.uint8]:
    """Return a text with letters in one of OpenCV's faces of strokes, of a height in pixels."""
    face = _FACES[canvas.rng.integers(len(_FACES))]
    thick = max(1, round(canvas.rng.uniform(0.3, 0.5) * canvas.scale))
    size = cv2.getFontScaleFromHeight(face, round(height), thick)
    (width, tall), below = cv2.getTextSize(text, face, size, thick)
    ink = np.zeros((round(tall / 0.78) + below, width + 2 * thick), np.uint8)
    foot = round(0.78 * ink.shape[0])
    cv2.putText(ink, text, (thick, foot), face, size, 255, thick, cv2.LINE_AA)
    return _narrowed(ink, room_mm * canvas.scale)


def _written(canvas: Canvas, text: str, height: float, room_mm: float) -> NDArray[np.uint8]:
    """Return handwriting of a height in pixels, made narrower where it would not fit."""
    ink, _ = write(text, height, canvas.rng.uniform(0.35, 0.6) * canvas.scale, canvas.rng)
    return _narrowed(ink, room_mm * canvas.scale)


def _narrowed(ink: NDArray[np.uint8], room: float) -> NDArray[np.uint8]:
    factor = room / ink.shape[1]
    if factor >= 1:
        return ink
    smaller = cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(smaller, np.uint8)


def _fill_amount(canvas: Canvas, layout: Layout, item: Item, pen: Pen) -> Box:
    box = layout.amount
    left = box.left + _INDENT_MM[layout.amount_style]
    if pen is None:
        return canvas.text(f"**{item.amount_text}", left + 1, (box.top + box.bottom) / 2 - 1.4, 2.8)
    height = (box.bottom - box.top) * canvas.rng.uniform(0.45, 0.6) * canvas.scale
    ink = _written(canvas, item.amount_text, height, box.right - left - 1.0)
    y = canvas.px((box.top + box.bottom) / 2) - ink.shape[0] // 2
    return canvas.ink(ink, canvas.px(left), y, pen)


def _fill_words(canvas: Canvas, layout: Layout, words: str, pen: Pen) -> Box:
    """Write on the first line, and what does not fit there on the second, if there is one."""
    first, second = words, ""
    if len(words) > _LINE_LETTERS and len(layout.words) > 1:
        cut = words.rindex(" ", 0, _LINE_LETTERS)
        first, second = words[:cut], words[cut + 1 :]
    box = _write_line(canvas, first, *layout.words[0], pen)
    if second:
        _write_line(canvas, second, *layout.words[1], pen)
    return box


def _write_line(canvas: Canvas, text: str, x: float, rule: float, pen: Pen) -> Box:
    if pen is None:
        return canvas.text(text, x, rule - 4.2, 3.0)
    # OpenCV's own strokes serve for plumbing; accuracy is claimed on real lines only.
    face, thick = cv2.FONT_HERSHEY_SIMPLEX, max(1, round(0.38 * canvas.scale))
    size = cv2.getFontScaleFromHeight(face, round(_LETTER_MM * canvas.scale), thick)
    (width, height), below = cv2.getTextSize(text, face, size, thick)
    ink = np.zeros((height + below + 2 * thick, width + 2 * thick), np.uint8)
    cv2.putText(ink, text, (thick, height + thick), face, size, 255, thick, cv2.LINE_AA)
    return canvas.ink(ink, canvas.px(x), canvas.px(rule - 0.8) - height, pen)


def _fill_account(canvas: Canvas, layout: Layout, item: Item, box: Region) -> Box:
    x, y = box.left + 17, (box.top + box.bottom) / 2
    if not layout.account_is_stamped:
        return canvas.text(item.account_number, x, y - 1.2, 2.3)
    places = []
    pitch = canvas.rng.uniform(3.0, 3.9)
    for index, digit in enumerate(item.account_number):
        jump = canvas.rng.normal(0, 0.12)
        places.append(canvas.text(digit, x + index * pitch, y - 1.8 + jump, 3.4, _STAMP))
    left, top = min(p.x for p in places), min(p.y for p in places)
    right = max(p.x + p.width for p in places)
    bottom = max(p.y + p.height for p in places)
    return Box(left, top, right - left, bottom - top)


def _sign(canvas: Canvas, layout: Layout, pen: tuple[int, int, int]) -> None:
    """Scrawl something in the place of the signature."""
    count = 9
    left, middle = layout.signature
    x = np.linspace(left, left + 22, count) + canvas.rng.normal(0, 1.5, count)
    y = middle + canvas.rng.normal(0, 3.0, count)
    points = np.column_stack([x, y]) * canvas.scale
    cv2.polylines(
        canvas.pixels, [points.astype(np.int32)], isClosed=False, color=pen,
        thickness=max(1, round(0.4 * canvas.scale)), lineType=cv2.LINE_AA,
    )  # fmt: skip


def _print_line(canvas: Canvas, line: str, layout: Layout) -> Box:
    standard, text = built_in(layout.kind), spaced(line, layout)
    ink = draw_line(text, canvas.scale)
    x, y = standard.anchor_at
    cells = (text.rindex(TRANSIT) if standard.anchor is Anchor.LAST_TRANSIT else 0) + 1
    left = canvas.px(x - cells * PITCH_MM)
    return canvas.ink(ink, left, canvas.px(y) - ink.shape[0] // 2, (25, 25, 25))
