"""A batch for other programs: CSV, XLSX and JSON, values in canonical form."""

import csv
import dataclasses
import io
import json
from collections.abc import Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from recognition.batches.models import Batch
from recognition.batches.rows import Row, rows_of
from recognition.batches.services import figures
from recognition.views.history import BYTE_ORDER_MARK, harmless

COLUMNS = tuple(field.name for field in dataclasses.fields(Row))


def as_csv(batch: Batch) -> bytes:
    """Return the items, a row each; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows_of(batch):
        cells = ["" if cell is None else cell for cell in dataclasses.astuple(row)]
        writer.writerow(harmless(c) if isinstance(c, str) else c for c in cells)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def as_xlsx(batch: Batch) -> bytes:
    """Return the items as a workbook of one sheet; text stays text, whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Items")
    sheet.append([text_cell(sheet, name) for name in COLUMNS])
    for row in rows_of(batch):
        sheet.append([cell_of(sheet, cell) for cell in dataclasses.astuple(row)])
    return saved(book)


def as_json(batch: Batch) -> bytes:
    """Return the batch, its totals and its items."""
    totals = figures.totals_of(batch)
    facts = ("id", "name", "reference", "bank", "kind", "stage", "created_at", "closed_at")
    body = {name: getattr(batch, name) for name in facts}
    body["totals"] = dataclasses.asdict(totals) | {"difference": totals.difference}
    body["items"] = [dataclasses.asdict(row) for row in rows_of(batch)]
    return json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()


def cell_of(sheet: Any, value: Any) -> Any:
    """Return a cell that is no formula; numbers stay numbers."""
    return text_cell(sheet, value) if isinstance(value, str) else WriteOnlyCell(sheet, value)


def text_cell(sheet: Any, text: str) -> Any:
    """Return a cell that holds text, even where it looks like a formula."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell


def saved(book: Workbook) -> bytes:
    """Return the bytes of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def widths(sheet: Any, characters: Sequence[int]) -> None:
    """Set the widths of a sheet's columns, before its first row."""
    for index, width in enumerate(characters):
        sheet.column_dimensions["ABCDEFGHIJ"[index]].width = width
