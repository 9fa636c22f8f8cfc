"""The report of a batch, for the file and for the auditor: PDF and XLSX.

Account numbers show their last four digits alone; amounts are grouped as on the pages. The PDF
carries the letters that it shows: Latin, Greek, Cyrillic and Devanagari. Of what is written
otherwise it shows a box a letter; the workbook has all of it.
"""

from collections.abc import Sequence
from decimal import Decimal

import fontpkg_noto_sans  # type: ignore[import-untyped] # a font and its place
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import TableCellFillMode
from fpdf.fonts import FontFace
from num2words import num2words
from openpyxl import Workbook

from recognition.batches.exports import cell_of, saved, text_cell, widths
from recognition.batches.models import Batch, Outcome, Stage
from recognition.batches.rows import Row, rows_of
from recognition.batches.services import figures
from recognition.batches.templatetags.batches import money
from recognition.desk.models import ReturnCode
from recognition.models import RunState

INDIAN = (3, 2, 0)  # the grouping of lakh and crore
_RED, _GREY, _INK = (156, 34, 38), (239, 236, 228), (28, 35, 48)
_MARGIN = 12.0  # mm
_FONT = "noto sans"
_SHEET_FORMATS = {
    True: r"[>=10000000]##\,##\,##\,##0.00;[>=100000]##\,##\,##0.00;##,##0.00",
    False: "#,##0.00",
}


class _Document(FPDF):
    """Pages that say whose they are and how many there are."""

    title_of_batch = ""

    def footer(self) -> None:
        """Write the foot of a page."""
        self.set_y(-10)
        self.set_font(_FONT, size=8)
        self.cell(0, 5, f"{self.title_of_batch} \N{EN DASH} {self.page_no()} / {{nb}}", align="C")


def in_words(amount: Decimal) -> str:
    """Return an amount in English words, in the steps in which the pages group its digits.

    >>> in_words(Decimal("125000.50"))
    'one lakh, twenty-five thousand and 50/100'
    """
    whole, hundredths = divmod(abs(amount), 1)
    is_indian = tuple(settings.NUMBER_GROUPING) == INDIAN
    said = _in_crores(int(whole)) if is_indian else str(num2words(int(whole)))
    words = f"{said} and {int(hundredths * 100):02d}/100"
    return f"minus {words}" if amount < 0 else words


def _in_crores(number: int) -> str:
    """Say a number as India counts; the library itself ends at a thousand crores."""
    crores, rest = divmod(number, 10_000_000)
    if not crores:
        return str(num2words(rest, lang="en_IN"))
    said = f"{_in_crores(crores)} crore"
    return f"{said}, {num2words(rest, lang='en_IN')}" if rest else said


def as_pdf(batch: Batch) -> bytes:
    """Return the report on pages of A4."""
    pdf = _Document(orientation="landscape", format="A4")
    pdf.title_of_batch = batch.name
    pdf.set_title(batch.name)
    pdf.add_font(_FONT, fname=fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf")
    pdf.set_text_shaping(True)
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(auto=True, margin=15)
    pdf.add_page()
    pdf.set_text_color(*_INK)
    pdf.set_font(_FONT, size=16)
    pdf.cell(0, 10, batch.name, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(_FONT, size=10)
    for label, value, is_off in summary_of(batch):
        pdf.set_text_color(*(_RED if is_off else _INK))
        pdf.cell(60, 6, label)
        pdf.multi_cell(0, 6, value, new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(*_INK)
    pdf.ln(4)
    pdf.set_font(_FONT, size=9)
    with pdf.table(
        col_widths=(10, 56, 29, 39, 26, 38, 75),
        text_align=("RIGHT", "LEFT", "LEFT", "LEFT", "LEFT", "RIGHT", "LEFT"),
        headings_style=FontFace(color=_INK, fill_color=_GREY),
        cell_fill_mode=TableCellFillMode.NONE,
        line_height=5,
    ) as table:
        table.row(_labels())
        for row in rows_of(batch):
            table.row(_cells(row))
    return bytes(pdf.output())


def as_xlsx(batch: Batch) -> bytes:
    """Return the report as a workbook: a summary and the items."""
    book = Workbook(write_only=True)
    summary = book.create_sheet(_("Summary"))
    widths(summary, (28, 80))
    for label, value, _is_off in summary_of(batch):
        summary.append([text_cell(summary, label), text_cell(summary, value)])
    items = book.create_sheet(_("Items"))
    widths(items, (6, 36, 16, 22, 14, 20, 60))
    items.append([text_cell(items, label) for label in _labels()])
    number_format = _SHEET_FORMATS[tuple(settings.NUMBER_GROUPING) == INDIAN]
    for row in rows_of(batch):
        cells = [cell_of(items, cell) for cell in _cells(row)]
        cells[0] = cell_of(items, row.position)
        cells[5] = cell_of(items, row.amount)
        cells[5].number_format = number_format
        items.append(cells)
    return saved(book)


def summary_of(batch: Batch) -> Sequence[tuple[str, str, bool]]:
    """Return the head of the report: (label, value, whether it is a difference)."""
    totals = figures.totals_of(batch)
    counts = f"{totals.count}"
    if totals.control_count is not None:
        counts = _("%(count)d of %(entered)d entered") % {
            "count": totals.count,
            "entered": totals.control_count,
        }
    lines = [
        (_("Reference"), batch.reference, False),
        (_("Bank"), batch.bank, False),
        (_("Handed in"), f"{_moment(batch.created_at)}, {batch.owner}", False),
        (_("State"), str(Stage(batch.stage).label), False),
        (_("Items that count"), counts, bool(totals.count_difference)),
        (_("Sum of the amounts"), money(totals.total), False),
        (_("In words"), in_words(totals.total), False),
    ]
    if totals.control_total is not None and totals.difference is not None:
        lines += [
            (_("Control total"), money(totals.control_total), False),
            (_("Difference"), _difference(totals.difference), bool(totals.difference)),
        ]
    lines += [
        (_("Without an amount"), str(totals.without_amount or ""), False),
        (_("Amounts in doubt"), str(totals.doubtful or ""), False),
        (_("Not to be paid"), str(totals.rejected or ""), False),
        (_("Not settled yet"), str(totals.unsettled or ""), False),
    ]
    if batch.closed_at is not None:
        lines.append((_("Closed"), f"{_moment(batch.closed_at)}, {batch.closed_by}", False))
    lines.append((_("Note"), batch.closing_note, False))
    return [line for line in lines if line[1]]


def _labels() -> list[str]:
    return [
        _("No."),
        _("File"),
        _("Cheque number"),
        _("Account"),
        _("Date"),
        _("Amount"),
        _("State"),
    ]


def _cells(row: Row) -> list[str]:
    name = row.file_name if row.page == 1 else f"{row.file_name} ({row.page})"
    amount = "" if row.amount is None else money(row.amount)
    return [
        str(row.position),
        name,
        row.cheque_number,
        row.account_number,
        row.date,
        amount,
        _state(row),
    ]


def _state(row: Row) -> str:
    if row.outcome != Outcome.ACCEPTED:
        said = str(Outcome(row.outcome).label)
    elif row.return_code:
        said = _("not to be paid: %(code)s, %(reason)s") % {
            "code": row.return_code,
            "reason": ReturnCode(row.return_code).label,
        }
    elif row.is_settled:
        said = _("settled")
    elif row.is_amount_doubtful:
        said = _("amount in doubt")
    else:
        said = str(RunState(row.state).label) if row.state else ""
    return f"{said}: {row.remark}" if row.remark else said


def _difference(difference: Decimal) -> str:
    if difference > 0:
        said = _("the items add up to more than the control total")
    elif difference < 0:
        said = _("the items add up to less than the control total")
    else:
        said = _("the sum is the control total")
    return f"{money(difference)} ({said})"


def _moment(when: object) -> str:
    return str(date_format(when, "j F Y, H:i"))  # type: ignore[arg-type] # a datetime
