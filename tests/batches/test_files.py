"""Reports and exports."""

import csv
import io
import re

import openpyxl
import pypdfium2
import pytest

from recognition.batches.models import BatchItem
from tests.batches.conftest import picture, zip_of
from tests.recognition.drawings import upload

pytestmark = pytest.mark.django_db
ACCOUNT = "00123456789"  # as the reader of tests reads it


@pytest.fixture
def batch(hand_in, unpack, work):
    batch = hand_in(
        zip_of({"a.png": picture(), "b.png": picture()}),
        upload(b"?", "bad.png"),
        name="=HYPERLINK(0)",
        reference="@slip",
        control_total="250000",
    )
    unpack()
    work()
    return batch


@pytest.fixture
def fetch(batch, client_of, official, api_of):
    def get(name: str) -> bytes:
        answer = client_of(official).get(f"/batches/{batch.pk}/files/{name}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        same = api_of(official).get(f"/api/v1/batches/{batch.pk}/files/{name}")
        assert same.headers["Content-Type"] == answer.headers["Content-Type"]
        return answer.content

    return get


def pages_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def test_the_pdf_says_what_counts_and_hides_account_numbers(fetch) -> None:
    (text,) = pages_of(fetch("report.pdf"))
    assert "2,50,001.00" in text
    assert "two lakh, fifty thousand and one and 00/100" in text
    assert "1.00 (the items add up to more than the control total)" in text
    assert "XXXXXXX6789" in text
    assert ACCOUNT not in text
    assert "This is no image" in text


def test_a_long_report_has_pages_with_heads(fetch, batch) -> None:
    BatchItem.objects.bulk_create(
        BatchItem(
            batch=batch, position=n, file_name=f"{n}.png", outcome="refused", error_code="x",
            error_message="\u0905 it was not clear",
        )
        for n in range(4, 204)
    )  # fmt: skip
    texts = pages_of(fetch("report.pdf"))
    assert len(texts) > 3
    assert all("Cheque number" in text for text in texts), texts[0]
    assert "203" in texts[-1]


def test_names_of_every_alphabet_of_a_bank_stand_in_the_pdf(fetch, batch) -> None:
    batch.name, batch.reference = "Łucja Żółć, क्षितिज शर्मा", "Δέλτα, Жук, José ₹"
    batch.save()
    (text,) = pages_of(fetch("report.pdf"))
    text = re.sub(r"[\x00-\x09\x0b-\x1f]", "", text)  # the rest of letters drawn as one
    assert batch.name in text
    assert batch.reference in text


def test_what_has_no_glyph_spoils_no_report(fetch, batch) -> None:
    batch.name = "中文 batch"
    batch.save()
    (text,) = pages_of(fetch("report.pdf"))
    assert "batch" in text


@pytest.mark.parametrize("name", ["report.xlsx", "export.xlsx"])
def test_no_cell_of_a_workbook_is_a_formula(fetch, name) -> None:
    BatchItem.objects.filter(position=1).update(file_name="=1+1")
    book = openpyxl.load_workbook(io.BytesIO(fetch(name)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == "=1+1" for cell in cells)
    assert not [cell.value for cell in cells if cell.data_type == "f"]


def test_the_workbook_report_adds_up_and_hides_account_numbers(fetch) -> None:
    book = openpyxl.load_workbook(io.BytesIO(fetch("report.xlsx")))
    items = [[cell.value for cell in row] for row in book["Items"].iter_rows(min_row=2)]
    assert sum(row[5] or 0 for row in items) == 250001
    assert items[0][3] == "XXXXXXX6789"
    assert ["Difference", "1.00 (the items add up to more than the control total)"] in [
        [cell.value for cell in row] for row in book["Summary"].iter_rows()
    ]


def test_csv_and_json_hold_the_values_as_they_are(fetch) -> None:
    BatchItem.objects.filter(position=2).update(file_name="=1+1")
    rows = list(csv.DictReader(io.StringIO(fetch("export.csv").decode("utf-8-sig"))))
    assert [row["amount"] for row in rows] == ["125000.50", "125000.50", ""]
    assert rows[0]["account_number"] == "XXXXXXX6789"
    assert ACCOUNT not in str(rows)
    assert rows[1]["file_name"] == "'=1+1"
    assert rows[2]["outcome"] == "refused"


def test_json_has_totals_and_items(batch, client_of, official) -> None:
    body = client_of(official).get(f"/batches/{batch.pk}/files/export.json").json()
    assert body["totals"]["total"] == "250001.00"
    assert body["totals"]["difference"] == "1.00"
    assert [item["position"] for item in body["items"]] == [1, 2, 3]
    assert (body["name"], body["stage"]) == ("=HYPERLINK(0)", "in_review")


def test_a_file_that_is_none_is_a_404(batch, client_of, official) -> None:
    assert client_of(official).get(f"/batches/{batch.pk}/files/secret").status_code == 404
