"""The amount in words beside the figures: stored, shown and corrected like any other amount."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from recognition import readers
from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.policy import ReadWords
from recognition.engine.types import Check, FieldName, FieldReading, Verdict
from recognition.models import Correction, Kind, RecognitionRun, RunState, Submission
from recognition.models import FieldReading as StoredReading
from recognition.services import processing, review, storing, upkeep
from recognition.signals import run_succeeded
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
    check, _ = result["checks"]
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


def test_a_difference_is_a_red_check_in_the_words_of_the_rule(cheque, client_of, official) -> None:
    page = client_of(official).get(f"/submissions/{cheque.pk}/").text
    _, found, rest = page.partition('<li class="check check-failed">')
    assert found
    check = rest.partition("</li>")[0]
    assert "badge-bad" in check
    assert "They differ." in check
    assert "return code 34" in check


def test_the_words_are_taken_with_one_click_and_the_correction_says_so(
    cheque, client_of, official
) -> None:
    client = client_of(official)
    page = client.get(f"/submissions/{cheque.pk}/").text
    assert page.count("Take the words: 1,25,000.00") == 1
    address = f"/submissions/{cheque.pk}/fields/courtesy_amount/correct/"
    assert f'action="{address}"' in page

    after = client.post(address, {"take": "legal_amount"}, headers={"HX-Request": "true"}).text

    correction = Correction.objects.get()
    assert (correction.amount, correction.made_by) == (Decimal("125000.00"), official)
    assert correction.taken_from == FieldName.LEGAL_AMOUNT
    assert "Taken from the amount in words." in after
    assert "Take the words" not in after
    assert "They differ." in after  # on the paper they still do


@pytest.mark.parametrize(
    ("field", "source", "status"),
    [
        ("courtesy_amount", "date", 200),
        ("date", "legal_amount", 200),
        ("courtesy_amount", "no_field", 404),
    ],
)
def test_nothing_but_an_amount_is_taken_for_an_amount(
    cheque, client_of, official, field, source, status
) -> None:
    address = f"/submissions/{cheque.pk}/fields/{field}/correct/"
    answer = client_of(official).post(address, {"take": source})
    assert answer.status_code == status
    assert status == 404 or "There is no amount that could be taken." in answer.text
    assert not Correction.objects.exists()


def test_words_that_were_not_read_are_not_offered(submit, work, reader, client_of, official):
    whole = reading(Kind.CHEQUE)
    unread = replace(WORDS, value=None, confidence=0.0)
    reader.answer = replace(whole, fields=(*whole.fields, unread))
    submission = submit(official, Kind.CHEQUE)
    work()
    page = client_of(official).get(f"/submissions/{submission.pk}/").text
    assert "mount in words" in page
    assert "Take the words" not in page


AGREE = Check("words_and_figures_agree", Verdict.PASSED, "They agree.")


@pytest.fixture
def run(submit, reader, official) -> RecognitionRun:
    """A cheque whose figures come before its words."""
    whole = reading(Kind.CHEQUE)
    reader.figures = replace(whole, checks=())
    sure = tuple(replace(field, confidence=0.999, notes=()) for field in whole.fields)
    reader.answer = replace(whole, fields=(*sure, WORDS), checks=(AGREE,))
    return submit(official, Kind.CHEQUE, "cheque.png").latest_run


@pytest.fixture
def between(run, reader, monkeypatch) -> list[object]:
    """What was to be seen while the words were being read."""
    seen: list[object] = []
    see: list[Callable[[], object]] = []
    whole = reader.read

    def read(data: bytes, kind: Kind, *, on_figures: Callable, **rest: object) -> object:
        def stored(figures: object) -> None:
            on_figures(figures)
            seen.extend(look() for look in see)

        return whole(data, kind, on_figures=stored, **rest)

    monkeypatch.setattr(reader, "read", read)
    seen.append(see)
    return seen


def amount_of(run: RecognitionRun) -> StoredReading:
    return run.readings.get(name=FieldName.COURTESY_AMOUNT)


def test_the_page_shows_the_figures_before_the_words_are_in(
    run, between, client_of, official
) -> None:
    client = client_of(official)
    address = f"/submissions/{run.submission_id}/reading/"
    seen_before = client.get(address).context["signature"]
    between.pop().append(lambda: client.get(f"{address}?seen={seen_before}"))
    processing.execute_run(run.pk, worker="w")

    (early,) = between
    assert "1,25,000.50" in early.text
    assert "the amount in words is being read now" in early.text
    assert "decided once the amount in words" in early.text
    assert early.text.count("not decided yet") == 1
    assert 'hx-trigger="every 1s"' in early.text
    assert 'name="value"' not in early.text  # what is typed would be lost when the words arrive
    assert [one.is_accepted for one in early.context["readings"]] == [False, *4 * [True]]
    late = client.get(f"{address}?seen={early.context['signature']}")
    assert late.status_code == 200
    assert "hx-trigger" not in late.text
    assert "not decided yet" not in late.text
    assert "They agree." in late.text


def test_both_stages_together_are_what_one_would_have_been(run) -> None:
    processing.execute_run(run.pk, worker="w")
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    assert run.figures_at <= run.finished_at
    assert run.readings.count() == len(reading(Kind.CHEQUE).fields) + 1
    amount = amount_of(run)
    assert (amount.confidence, amount.is_accepted, amount.notes) == (0.999, True, [])
    assert run.verdicts.exclude(rule="duplicate_item").get().reason == "They agree."


def test_nobody_hears_of_a_reading_before_its_words_are_in(run) -> None:
    told = []

    def hear(run: RecognitionRun, **_: object) -> None:
        told.append(run.readings.filter(name=FieldName.LEGAL_AMOUNT).exists())

    run_succeeded.connect(hear)
    try:
        processing.execute_run(run.pk, worker="w")
    finally:
        run_succeeded.disconnect(hear)
    assert told == [True]


def test_a_correction_made_meanwhile_stays(run, between, official) -> None:
    between.pop().append(lambda: review.correct(amount_of(run), "99", official))
    processing.execute_run(run.pk, worker="w")
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    assert amount_of(run).final == "99.00"
    assert amount_of(run).confidence == 0.999


@pytest.mark.parametrize(
    "fault",
    [
        EngineError(ErrorCode.MODEL_MISSING, "No network."),
        SoftTimeLimitExceeded(),
        OSError(),
        ZeroDivisionError(),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_fault_in_the_words_ends_the_run_with_the_figures(run, reader, fault) -> None:
    reader.answer = fault
    processing.execute_run(run.pk, worker="w")
    run.refresh_from_db()
    assert (run.state, run.attempts) == (RunState.SUCCEEDED, 1)
    amount = amount_of(run)
    assert (amount.value, amount.is_accepted) == ("125000.50", False)
    assert "words_not_read" in amount.notes
    verdict = run.verdicts.exclude(rule="duplicate_item").get()
    assert (verdict.rule, verdict.verdict) == ("words_and_figures_agree", "unknown")


def test_words_lost_with_their_worker_end_the_run_with_the_figures(
    run, settings, client_of, official
) -> None:
    settings.RUN_LOST_SECONDS = -1
    claim = RecognitionRun.objects.claim(run.pk, worker="gone")
    storing.store_figures(run, claim, reading(Kind.CHEQUE))
    upkeep.sweep()
    upkeep.sweep()
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    assert not amount_of(run).is_accepted
    storing.store(run, claim, reading(Kind.CHEQUE))  # it was not lost, only late
    assert not amount_of(run).is_accepted
    page = client_of(official).get(f"/submissions/{run.submission_id}/").text
    assert "could not be held against it" in page


def test_figures_of_a_worker_that_was_given_up_are_not_stored(run, reader) -> None:
    claimed = reader.read

    def read(*given: object, **named: object) -> object:
        RecognitionRun.objects.filter(pk=run.pk).update(claim=uuid.uuid4())
        return claimed(*given, **named)

    reader.read = read
    processing.execute_run(run.pk, worker="w")
    run.refresh_from_db()
    assert (run.state, run.readings.count()) == (RunState.RUNNING, 0)
