"""The amount in words beside the figures: stored, shown and corrected like any other amount."""

from decimal import Decimal

import pytest

from recognition import readers
from recognition.engine.policy import ReadWords
from recognition.engine.types import Check, FieldName, FieldReading, Verdict
from recognition.models import Kind, Submission
from recognition.services import review
from tests.recognition.drawings import reading

URL = "/api/v1/submissions"
WORDS = FieldReading(
    FieldName.LEGAL_AMOUNT, "125000.00", "One lakh twenty five thousand", 0.97, accepted=False
)
DIFFER = Check("words_and_figures_agree", Verdict.FAILED, "They differ.", "34")


@pytest.fixture
def cheque(submit, work, reader, official) -> Submission:
    whole = reading(Kind.CHEQUE)
    reader.answer = reading(Kind.CHEQUE, fields=(*whole.fields, WORDS), checks=(DIFFER,))
    submission = submit(official, Kind.CHEQUE, "cheque.png")
    work()
    return submission


def test_the_words_are_stored_as_an_amount(cheque) -> None:
    stored = cheque.runs.get().readings.get(name=FieldName.LEGAL_AMOUNT)
    assert (stored.amount, stored.is_accepted) == (Decimal("125000.00"), False)
    assert stored.raw_text == "One lakh twenty five thousand"


def test_the_result_has_both_amounts_and_the_rule(cheque, api_of, official) -> None:
    result = api_of(official).get(f"{URL}/{cheque.pk}/result").json()["result"]
    assert result["fields"]["legal_amount"]["value"] == "125000.00"
    assert result["fields"]["courtesy_amount"]["value"] == "125000.50"
    (check,) = result["checks"]
    assert (check["rule"], check["verdict"], check["return_code"]) == (
        "words_and_figures_agree", "failed", "34",
    )  # fmt: skip


def test_the_page_shows_both_amounts_and_the_difference(cheque, client_of, official) -> None:
    page = client_of(official).get(f"/submissions/{cheque.pk}/").text
    assert "mount in words" in page
    assert "25,000.50" in page
    assert "25,000.00" in page
    assert "They differ." in page


def test_a_person_may_correct_the_words(cheque, official) -> None:
    words = cheque.runs.get().readings.get(name=FieldName.LEGAL_AMOUNT)
    assert review.correct(words, "1,25,000.50", official).amount == Decimal("125000.50")


@pytest.mark.parametrize("when", list(ReadWords))
def test_one_setting_says_when_words_are_read(when, settings, monkeypatch) -> None:
    given = {}
    monkeypatch.setattr("recognition.engine.pipeline.Reader", lambda *_, **named: given | named)
    settings.READ_WORDS = when.value
    assert readers.build_reader({})["policy"].words is when
