"""What is printed on a blank form before anybody fills it."""

from collections.abc import Callable

import cv2
import numpy as np

from recognition.engine.micr.grammar import Country
from recognition.engine.region import Region
from recognition.engine.types import Kind
from recognition.training.cheques.canvas import PRINT, Canvas
from recognition.training.cheques.layouts import AmountStyle, DateStyle, Layout


def print_form(canvas: Canvas, kind: Kind, layout: Layout, number: str) -> None:
    """Print a cheque's or a draft's form, and its number where the form has it above the line."""
    if layout.number is not None:
        canvas.text(number.lstrip("0"), *layout.number, 2.8)
    if layout.country is Country.UNITED_STATES:
        _american(canvas, layout)
    else:
        _indian(canvas, layout)
    if kind is Kind.DEMAND_DRAFT:
        canvas.text("DEMAND DRAFT", 92, 6, 2.6)
        canvas.text(f"No. {number}", 92, 11, 2.2)


def _indian(canvas: Canvas, layout: Layout) -> None:
    canvas.text(layout.bank, 9, 6, 3.6)
    canvas.text("12 Example Street, Sampleton - 500001   IFSC : EXMP0000001", 9, 12, 1.5)
    canvas.text("VALID FOR THREE MONTHS ONLY", 153, layout.date.top - 3.2, 1.3)
    payee, amount = layout.payee_rule, layout.amount
    canvas.text("Pay", 7, payee - 4.5, 2.2)
    canvas.line(16, payee, 160, payee)
    canvas.text("Or Bearer", 164, payee - 3, 2.0)
    (_, first), (_, second) = layout.words
    canvas.text("Rupees", 7, first - 3.5, 2.2)
    canvas.line(20, first, 138, first)
    canvas.line(7, second, 132, second)
    box = layout.account_box
    if box is not None:
        canvas.text("A/c No.", box.left + 1.5, box.top + 2.6, 1.9)
        canvas.frame(box)
        canvas.line(box.left + 14, box.top, box.left + 14, box.bottom)
    canvas.text("Payable at par at all branches", 60, 68, 1.6)
    canvas.text("Please sign above", 165, 72.5, 1.5)
    if layout.date_style is DateStyle.COMB:
        _comb(canvas, layout.date)
    else:
        canvas.text("Date", layout.date.left - 9, layout.date.bottom - 2.8, 2.0)
        canvas.line(layout.date.left, layout.date.bottom, layout.date.right, layout.date.bottom)
    _amount(canvas, amount, layout.amount_style, _rupee_sign)


def _american(canvas: Canvas, layout: Layout) -> None:
    width, height = layout.size
    canvas.text("Alex & Sam Sample", 9, 5, 2.4)
    canvas.text("34 Example Avenue", 9, 9.5, 1.7)
    canvas.text("Sampleville, EX 00000", 9, 13, 1.7)
    date, amount, payee = layout.date, layout.amount, layout.payee_rule
    canvas.text("DATE", date.left - 9, date.bottom - 2.0, 1.6)
    canvas.line(date.left, date.bottom, date.right, date.bottom)
    canvas.text("PAY TO THE", 9, payee - 4.6, 1.5)
    canvas.text("ORDER OF", 9, payee - 2.0, 1.5)
    canvas.line(27, payee, amount.left - 8, payee)
    _amount(canvas, amount, layout.amount_style, _dollar_sign)
    ((_, words),) = layout.words
    canvas.line(9, words, width - 24, words)
    canvas.text("DOLLARS", width - 22, words - 2.0, 1.7)
    canvas.text(layout.bank, 9, words + 4, 2.6)
    foot = height - 17.5
    canvas.text("FOR", 9, foot - 1.8, 1.6)
    canvas.line(16, foot, width * 0.42, foot)
    canvas.line(width * 0.55, foot, width - 8, foot)


def _comb(canvas: Canvas, comb: Region) -> None:
    pitch = (comb.right - comb.left) / 8
    canvas.frame(comb)
    for index in range(8):
        if index:
            x = comb.left + index * pitch
            canvas.line(x, comb.top, x, comb.bottom)
        canvas.text("DDMMYYYY"[index], comb.left + (index + 0.3) * pitch, comb.bottom + 1, 1.6)


def _amount(
    canvas: Canvas, box: Region, style: AmountStyle, sign: Callable[[Canvas, float, float], None]
) -> None:
    middle = (box.top + box.bottom) / 2
    if style is AmountStyle.RULE:
        canvas.line(box.left, box.bottom, box.right, box.bottom)
    else:
        canvas.frame(box)
    is_inside = style in {AmountStyle.SIGN_BOX, AmountStyle.SIGN_INSIDE}
    sign(canvas, box.left + 1.6 if is_inside else box.left - 4.5, middle - 1.8)
    if style is AmountStyle.SIGN_BOX:
        canvas.line(box.left + 9, box.top, box.left + 9, box.bottom)


def _dollar_sign(canvas: Canvas, x: float, y: float) -> None:
    canvas.text("$", x, y, 3.6)


def _rupee_sign(canvas: Canvas, x: float, y: float) -> None:
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
    canvas.ink(mask, canvas.px(x), canvas.px(y), PRINT)
