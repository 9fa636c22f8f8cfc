"""The history: what it lists, how it is searched, and what leaves it as CSV."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recognition.models import Kind, Submission
from recognition.services import review

PAGE = "/history/"
EXPORT = "/history/export.csv"


def rows_of(answer) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def client(client_of, official):
    return client_of(official)


def test_an_empty_history_says_how_to_begin(client):
    page = client.get(PAGE).text
    assert "You have not submitted anything yet" in page
    assert 'href="/submit/"' in page


def test_it_lists_ones_own_with_their_values(client, submit, work, official, individual):
    submit(official, Kind.CHEQUE, "mine.png")
    submit(individual, Kind.DIGIT, "theirs.png")
    work()
    page = client.get(PAGE).text
    assert "mine.png" in page
    assert "theirs.png" not in page
    assert "1,25,000.50" in page
    assert "31 January 2026" in page


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("amount_min=100000", True),
        ("amount_min=200000", False),
        ("cheque_number=4512", True),
        ("cheque_number=9999", False),
        ("date_from=2026-01-31&date_to=2026-01-31", True),
        ("date_from=2026-02-01", False),
        ("state=succeeded", True),
        ("state=failed", False),
        ("kind=digit", False),
        ("q=mine", True),
        ("q=nothing", False),
    ],
)
def test_it_is_searched_by_what_was_read(client, submit, work, official, query, is_found):
    submit(official, Kind.CHEQUE, "mine.png")
    work()
    page = client.get(f"{PAGE}?{query}").text
    assert ("mine.png" in page) is is_found
    assert ("Nothing matches" in page) is not is_found


def test_a_search_that_makes_no_sense_is_told_at_its_field(client, submit, official):
    submit(official)
    page = client.get(f"{PAGE}?amount_min=much&date_from=someday")
    assert page.status_code == 200
    assert "errorlist" in page.text


def test_it_is_sorted_as_asked(client, submit, official):
    for name in ("b.png", "a.png", "c.png"):
        submit(official, Kind.DIGIT, name)
    page = client.get(f"{PAGE}?order=name").text
    assert page.index("a.png") < page.index("b.png") < page.index("c.png")
    page = client.get(f"{PAGE}?order=submitted").text
    assert page.index("b.png") < page.index("a.png") < page.index("c.png")


def test_it_is_sorted_by_amount_with_what_has_none_at_the_end(client, submit, work, official):
    for name in ("small.png", "large.png"):
        submit(official, Kind.CHEQUE, name)
    submit(official, Kind.DIGIT, "none.png")
    work()
    small = Submission.objects.with_outcome().get(file_name="small.png")
    review.correct(small.latest_run.readings.get(name="courtesy_amount"), "5.00", official)
    page = client.get(f"{PAGE}?order=-amount").text
    assert page.index("large.png") < page.index("small.png") < page.index("none.png")
    page = client.get(f"{PAGE}?order=amount").text
    assert page.index("small.png") < page.index("large.png") < page.index("none.png")


def test_a_long_history_has_pages(client, submit, official):
    for number in range(25):
        submit(official, Kind.DIGIT, f"n{number:02}.png")
    first, second = client.get(PAGE).text, client.get(f"{PAGE}?page=2").text
    assert "n24.png" in first
    assert "n00.png" not in first
    assert "n00.png" in second
    assert client.get(f"{PAGE}?page=nonsense").status_code == 200


def test_its_queries_do_not_grow_with_it(client, submit, work, official):
    submit(official, Kind.CHEQUE)
    work()
    client.get(PAGE)  # what the first request looks up for itself
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for _ in range(5):
        submit(official, Kind.CHEQUE)
    work()
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) == len(few) < 10


def test_the_table_to_take_away_holds_what_the_search_found(client, submit, work, official):
    submit(official, Kind.CHEQUE, "mine.png")
    submit(official, Kind.DIGIT, "digit.png")
    work()
    answer = client.get(f"{EXPORT}?kind=cheque")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="hdr.csv"'
    (row,) = rows_of(answer)
    assert row["File"] == "mine.png"
    assert row["Amount in figures"] == "125000.50"
    assert row["Account number"] == "XXXXXXX6789"


def test_the_table_holds_corrections(client, submit, work, official):
    cheque = submit(official, Kind.CHEQUE)
    work()
    cheque = Submission.objects.with_outcome().get()
    amount = cheque.latest_run.readings.get(name="courtesy_amount")
    review.correct(amount, "1.00", official)
    (row,) = rows_of(client.get(EXPORT))
    assert row["Amount in figures"] == "1.00"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_no_cell_is_a_formula(client, submit, official, start):
    submission = submit(official, Kind.DIGIT, "x.png")
    Submission.objects.filter(pk=submission.pk).update(file_name=f'{start}HYPERLINK("http://x")')
    (row,) = rows_of(client.get(EXPORT))
    assert row["File"].startswith("'")
