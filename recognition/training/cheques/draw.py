"""Draw printed and filled cheques and demand drafts, with the truth of every field.

They carry nobody's data, so that demonstrations, tests and benchmarks can be shown to anyone.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recognition.engine.layouts.library import CTS_2010, built_in
from recognition.engine.micr.symbols import ON_US, TRANSIT
from recognition.engine.sheet import HEIGHT_MM, WIDTH_MM, Region
from recognition.engine.types import Box, FieldName, Kind
from recognition.training.cheques.handwriting import write
from recognition.training.cheques.layouts import LAYOUTS, Layout
from recognition.training.cheques.words import in_words
from recognition.training.micr.glyphs import draw_line

_PRINT = (40, 35, 30)  # BGR of printing ink
_PENS = ((120, 50, 20), (30, 25, 25), (150, 60, 40), (70, 20, 25))
_STAMP = (130, 50, 80)
_LINE_LETTERS = 42  # of words that fit before the amount box
_LETTER_MM = 4.2  # height of capitals in handwriting
_PRINTED_DATE_MM = 2.8  # height of figures


@dataclass(frozen=True, slots=True)
class Item:
    """What stands on a cheque or draft."""

    cheque_number: str
    account_number: str
    amount: int  # whole rupees
    amount_text: str  # as written
    issued: date
    transaction_code: str
    account_part: str
    pay_to: str = "Bearer"


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
            FieldName.COURTESY_AMOUNT: f"{self.item.amount}.00",
            FieldName.LEGAL_AMOUNT: f"{self.item.amount}.00",
            FieldName.DATE: self.item.issued.isoformat(),
            FieldName.ACCOUNT_NUMBER: self.item.account_number,
            FieldName.CHEQUE_NUMBER: self.item.cheque_number,
            FieldName.MICR_LINE: self.micr_line,
        }


def indian_groups(amount: int) -> str:
    """Return an amount with commas as India sets them.

    >>> indian_groups(5340000), indian_groups(75000), indian_groups(12)
    ('53,40,000', '75,000', '12')
    """
    text = str(amount)
    head, tail = text[:-3], text[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail])


def random_item(kind: Kind, layout: Layout, rng: np.random.Generator, today: date) -> Item:
    """Return a plausible item issued within the last two months."""

    def digits(count: int) -> str:
        return "".join(map(str, rng.integers(0, 10, count)))

    amount = int(10 ** rng.uniform(2, 7.5))
    if rng.random() < 0.7:
        amount = max(1, amount // 1000) * 1000
    is_draft = kind is Kind.DEMAND_DRAFT
    ending = ".00" if is_draft else str(rng.choice(["/-", "/-", "-", ""]))
    return Item(
        cheque_number=digits(6),
        account_number=str(rng.integers(1, 10)) + digits(layout.account_digits - 1),
        amount=amount,
        amount_text=indian_groups(amount) + ending,
        issued=today - timedelta(days=int(rng.integers(0, 60))),
        transaction_code="16" if is_draft else "31",
        account_part=digits(6) if layout.line_account_part else "",
    )


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
    canvas = _Canvas(pixels_a_mm, rng)
    canvas.paper(layout)
    _print_form(canvas, kind, layout)
    pen = _PENS[rng.integers(len(_PENS))]
    is_draft = kind is Kind.DEMAND_DRAFT
    boxes = {
        FieldName.DATE: _fill_date(canvas, layout, item, None if is_draft else pen),
        FieldName.COURTESY_AMOUNT: _fill_amount(canvas, layout, item, None if is_draft else pen),
        FieldName.ACCOUNT_NUMBER: _fill_account(canvas, layout, item),
    }
    # A stream of its own, so that what else is drawn from a seed stays as it was.
    words = in_words(item.amount, np.random.default_rng(item.amount))
    boxes[FieldName.LEGAL_AMOUNT] = _fill_words(canvas, words, None if is_draft else pen)
    _sign(canvas, pen)
    line = micr_line(layout, item)
    boxes[FieldName.MICR_LINE] = _print_line(canvas, line, layout)
    first = boxes[FieldName.MICR_LINE]
    cell = first.width / _cells(line, layout)
    boxes[FieldName.CHEQUE_NUMBER] = Box(
        round(first.x + cell), first.y, round(6 * cell), first.height
    )
    return DrawnCheque(canvas.finished(), kind, layout, item, line, words, boxes)


def micr_line(layout: Layout, item: Item) -> str:
    """Return the item's line with one blank between its fields.

    The account number of a demand draft is the bank's own, so that its form is the same.
    """
    account = f" {item.account_part}{ON_US}" if item.account_part else ""
    return (
        f"{ON_US}{item.cheque_number}{ON_US} {layout.sort_code}{TRANSIT}{account}"
        f" {item.transaction_code}"
    )


class _Canvas:
    """Paper that is drawn on in millimetres."""

    def __init__(self, pixels_a_mm: float, rng: np.random.Generator) -> None:
        self.scale = pixels_a_mm
        self.rng = rng
        size = (round(HEIGHT_MM * pixels_a_mm), round(WIDTH_MM * pixels_a_mm))
        self.pixels = np.full((*size, 3), 250, np.float32)

    def px(self, mm: float) -> int:
        return round(mm * self.scale)

    def paper(self, layout: Layout) -> None:
        """Tint the sheet above the read band, with its security print."""
        band = self.px(HEIGHT_MM - 15.9)
        self.pixels[:band] = layout.tint
        y, x = np.mgrid[0:band, 0 : self.pixels.shape[1]].astype(np.float32) / self.scale
        if layout.pattern == "waves":
            lines = np.sin((y + 1.6 * np.sin(x / 7)) * 4) > 0.85
        elif layout.pattern == "net":
            lines = (np.sin((x + y) * 2.2) > 0.93) | (np.sin((x - y) * 2.2) > 0.93)
        else:
            return
        self.pixels[:band][lines] += 9

    def ink(self, mask: NDArray[np.uint8], x: int, y: int, colour: tuple[int, int, int]) -> Box:
        """Lay ink, 255 = full, with its top left at a pixel; what leaves the paper is lost."""
        x0, y0 = max(x, 0), max(y, 0)
        x1 = min(x + mask.shape[1], self.pixels.shape[1])
        y1 = min(y + mask.shape[0], self.pixels.shape[0])
        if x1 > x0 and y1 > y0:
            share = mask[y0 - y : y1 - y, x0 - x : x1 - x, None].astype(np.float32) / 255
            view = self.pixels[y0:y1, x0:x1]
            view += share * (np.array(colour, np.float32) - view)
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not len(rows):
            return Box(x, y, 0, 0)
        return Box(
            int(x + columns[0]), int(y + rows[0]),
            int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1),
        )  # fmt: skip

    def text(
        self, text: str, x: float, y: float, height: float, colour: tuple[int, int, int] = _PRINT
    ) -> Box:
        """Print text whose figures are ``height`` mm high, its top left at (x, y) mm."""
        # Pillow carries this font itself, so that drawing needs no font of the system.
        font = ImageFont.load_default(size=height * self.scale / 0.72)
        left, top, right, bottom = font.getbbox(text)
        image = Image.new("L", (round(right - left) + 4, round(bottom - top) + 4))
        ImageDraw.Draw(image).text((2 - left, 2 - top), text, fill=255, font=font)
        return self.ink(np.asarray(image, np.uint8), self.px(x), self.px(y), colour)

    def frame(self, region: Region) -> None:
        self.line(region.left, region.top, region.right, region.top)
        self.line(region.left, region.bottom, region.right, region.bottom)
        self.line(region.left, region.top, region.left, region.bottom)
        self.line(region.right, region.top, region.right, region.bottom)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        start, end = (self.px(x0), self.px(y0)), (self.px(x1), self.px(y1))
        cv2.line(self.pixels, start, end, _PRINT, max(1, round(0.15 * self.scale)))

    def finished(self) -> NDArray[np.uint8]:
        """Return the scan: a little blur and noise."""
        soft = cv2.GaussianBlur(self.pixels, (0, 0), 0.06 * self.scale)
        noisy = soft + self.rng.normal(0, 2.0, soft.shape[:2])[..., None]
        return np.asarray(np.clip(noisy, 0, 255), np.uint8)


def _print_form(canvas: _Canvas, kind: Kind, layout: Layout) -> None:
    canvas.text(layout.bank, 9, 6, 3.6)
    canvas.text("12 Example Street, Sampleton - 500001   IFSC : EXMP0000001", 9, 12, 1.5)
    if kind is Kind.DEMAND_DRAFT:
        canvas.text("DEMAND DRAFT", 92, 6, 2.6)
    canvas.text("VALID FOR THREE MONTHS ONLY", 153, layout.date_comb.top - 3.2, 1.3)
    canvas.text("Pay", 7, 20.5, 2.2)
    canvas.line(16, 25, 160, 25)
    canvas.text("Or Bearer", 164, 22, 2.0)
    canvas.text("Rupees", 7, 29.5, 2.2)
    canvas.line(20, 33, 138, 33)
    canvas.line(7, 40.5, 132, 40.5)
    canvas.text("A/c No.", layout.account_box.left + 1.5, layout.account_box.top + 2.6, 1.9)
    canvas.frame(layout.account_box)
    divider = layout.account_box.left + 14
    canvas.line(divider, layout.account_box.top, divider, layout.account_box.bottom)
    canvas.text("Payable at par at all branches", 60, 68, 1.6)
    canvas.text("Please sign above", 165, 72.5, 1.5)
    comb = layout.date_comb
    pitch = (comb.right - comb.left) / 8
    canvas.frame(comb)
    for index in range(8):
        if index:
            x = comb.left + index * pitch
            canvas.line(x, comb.top, x, comb.bottom)
        canvas.text("DDMMYYYY"[index], comb.left + (index + 0.3) * pitch, comb.bottom + 1, 1.6)
    box = layout.amount_box
    canvas.frame(box)
    _print_rupee_sign(canvas, box.left + 1.6, (box.top + box.bottom) / 2 - 1.8)
    if layout.sign_has_box:
        canvas.line(box.left + 9, box.top, box.left + 9, box.bottom)


def _print_rupee_sign(canvas: _Canvas, x: float, y: float) -> None:
    """Draw ₹, which not every font has: two bars, a bowl and a leg in a box of 2.4 x 3.6 mm."""
    scale = canvas.scale
    mask = np.zeros((round(3.9 * scale), round(2.8 * scale)), np.uint8)
    thick = max(1, round(0.4 * scale))

    def point(across: float, down: float) -> tuple[int, int]:
        return round((0.2 + across) * scale), round((0.2 + down) * scale)

    cv2.line(mask, point(0, 0), point(2.3, 0), 255, thick, cv2.LINE_AA)
    cv2.line(mask, point(0, 0.95), point(2.3, 0.95), 255, thick, cv2.LINE_AA)
    cv2.ellipse(
        mask, point(0.75, 0.95), (round(0.95 * scale),) * 2, 0, -90, 90, 255, thick, cv2.LINE_AA
    )
    cv2.line(mask, point(0, 1.9), point(0.75, 1.9), 255, thick, cv2.LINE_AA)
    cv2.line(mask, point(0.3, 1.9), point(1.9, 3.4), 255, thick, cv2.LINE_AA)
    canvas.ink(mask, canvas.px(x), canvas.px(y), _PRINT)


def _fill_date(
    canvas: _Canvas, layout: Layout, item: Item, pen: tuple[int, int, int] | None
) -> Box:
    comb = layout.date_comb
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
    return _box(canvas, comb)


def _fill_amount(
    canvas: _Canvas, layout: Layout, item: Item, pen: tuple[int, int, int] | None
) -> Box:
    box = layout.amount_box
    left = box.left + (10 if layout.sign_has_box else 5.5)
    room = (box.right - left - 1.0) * canvas.scale
    if pen is None:
        return canvas.text(f"**{item.amount_text}", left + 1, (box.top + box.bottom) / 2 - 1.4, 2.8)
    height = (box.bottom - box.top) * canvas.rng.uniform(0.45, 0.6) * canvas.scale
    thick = canvas.rng.uniform(0.35, 0.6) * canvas.scale
    ink, _ = write(item.amount_text, height, thick, canvas.rng)
    if ink.shape[1] > room:
        factor = room / ink.shape[1]
        ink = np.asarray(
            cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8
        )
    y = canvas.px((box.top + box.bottom) / 2) - ink.shape[0] // 2
    return canvas.ink(ink, canvas.px(left), y, pen)


def _fill_words(canvas: _Canvas, words: str, pen: tuple[int, int, int] | None) -> Box:
    """Write on the first line, and what does not fit there on the second."""
    first, second = words, ""
    if len(words) > _LINE_LETTERS:
        cut = words.rindex(" ", 0, _LINE_LETTERS)
        first, second = words[:cut], words[cut + 1 :]
    box = _write_line(canvas, first, 26.0, 33.0, pen)
    if second:
        _write_line(canvas, second, 22.0, 40.5, pen)
    return box


def _write_line(
    canvas: _Canvas, text: str, x: float, rule: float, pen: tuple[int, int, int] | None
) -> Box:
    if pen is None:
        return canvas.text(text, x, rule - 4.2, 3.0)
    # OpenCV's own strokes serve for plumbing; accuracy is claimed on real lines only.
    face, thick = cv2.FONT_HERSHEY_SIMPLEX, max(1, round(0.38 * canvas.scale))
    size = cv2.getFontScaleFromHeight(face, round(_LETTER_MM * canvas.scale), thick)
    (width, height), below = cv2.getTextSize(text, face, size, thick)
    ink = np.zeros((height + below + 2 * thick, width + 2 * thick), np.uint8)
    cv2.putText(ink, text, (thick, height + thick), face, size, 255, thick, cv2.LINE_AA)
    return canvas.ink(ink, canvas.px(x), canvas.px(rule - 0.8) - height, pen)


def _fill_account(canvas: _Canvas, layout: Layout, item: Item) -> Box:
    box = layout.account_box
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


def _sign(canvas: _Canvas, pen: tuple[int, int, int]) -> None:
    """Scrawl something in the place of the signature."""
    count = 9
    x = np.linspace(166, 188, count) + canvas.rng.normal(0, 1.5, count)
    y = 64 + canvas.rng.normal(0, 3.0, count)
    points = np.column_stack([x, y]) * canvas.scale
    cv2.polylines(
        canvas.pixels, [points.astype(np.int32)], isClosed=False, color=pen,
        thickness=max(1, round(0.4 * canvas.scale)), lineType=cv2.LINE_AA,
    )  # fmt: skip


def _print_line(canvas: _Canvas, line: str, layout: Layout) -> Box:
    spaced = _spaced(line, layout)
    ink = draw_line(spaced, canvas.scale)
    x, y = built_in(CTS_2010).anchor_at
    left = canvas.px(x - 3.175)
    return canvas.ink(ink, left, canvas.px(y) - ink.shape[0] // 2, (25, 25, 25))


def _spaced(line: str, layout: Layout) -> str:
    """Return the line with the empty cells of an absent account part."""
    if layout.line_account_part:
        return line
    head, code = line.rsplit(" ", 1)
    return f"{head}{' ' * 9}{code}"


def _cells(line: str, layout: Layout) -> int:
    return len(_spaced(line, layout))


def _box(canvas: _Canvas, region: Region) -> Box:
    left, top = canvas.px(region.left), canvas.px(region.top)
    return Box(left, top, canvas.px(region.right) - left, canvas.px(region.bottom) - top)
