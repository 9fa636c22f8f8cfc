"""One submission's page: while it waits, when it is read, and what its owner can do."""

import pytest
from django.urls import reverse

from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.types import FieldName
from recognition.engine.types import Kind as EngineKind
from recognition.models import Correction, Kind, RecognitionRun, RunState, Submission
from tests.recognition.drawings import field, reading

HTMX = {"HTTP_HX_REQUEST": "true"}


def address(name: str, submission: Submission, *more: str) -> str:
    return reverse(name, args=[submission.pk, *more])


@pytest.fixture
def cheque(submit, official) -> Submission:
    return submit(official, Kind.CHEQUE, "cheque.png")


@pytest.fixture
def client(client_of, official):
    return client_of(official)


def test_a_waiting_page_asks_for_itself_until_the_run_is_over(client, cheque, work):
    page = client.get(address("submission", cheque))
    assert "Waiting for a free worker" in page.text
    assert 'hx-trigger="every 1s"' in page.text
    poll = f"{address('submission_reading', cheque)}?seen={page.context['signature']}"
    assert client.get(poll).status_code == 204
    work()
    fragment = client.get(poll)
    assert "hx-trigger" not in fragment.text
    assert "1,25,000.50" in fragment.text


def test_a_queue_that_nobody_answers_is_told(client, cheque):
    assert "No worker is answering" in client.get(address("submission", cheque)).text


def test_the_boxes_are_in_the_pixels_of_the_image(client, cheque, work):
    work()
    page = client.get(address("submission", cheque)).text
    assert 'viewBox="0 0 120 80"' in page
    assert '<rect x="10" y="10" width="60" height="30"/>' in page
    assert "style=" not in page


def test_sure_doubtful_and_missing_values_are_told_apart(client, cheque, work, reader):
    fields = (
        field(FieldName.COURTESY_AMOUNT),
        field(FieldName.DATE, accepted=False, confidence=0.6),
        field(FieldName.MICR_LINE, value=None, accepted=False, confidence=0.0, box=None),
    )
    reader.answer = reading(EngineKind.CHEQUE, fields=fields)
    work()
    page = client.get(address("submission", cheque)).text
    for mark in ("reading-sure", "reading-unsure", "reading-unread", "2 fields need"):
        assert mark in page
    assert "right with a probability of 60 %" in page


def test_a_failed_run_says_why_and_can_be_run_again(client, cheque, work, reader):
    reader.answer = EngineError(ErrorCode.NO_CHEQUE_FOUND, "none")
    work()
    page = client.get(address("submission", cheque))
    assert "No cheque was found in the image" in page.text
    client.post(address("submission_rerun", cheque))
    assert cheque.runs.filter(state=RunState.QUEUED).count() == 1
    again = client.post(address("submission_rerun", cheque), follow=True)
    assert "already waiting" in again.text


def test_what_waits_can_be_cancelled_once(client, cheque):
    assert (
        "It will not be read" in client.post(address("submission_cancel", cheque), follow=True).text
    )
    assert RecognitionRun.objects.get().state == RunState.CANCELLED
    late = client.post(address("submission_cancel", cheque), follow=True)
    assert "Only what is still waiting" in late.text


def test_a_correction_is_shown_beside_what_was_read(client, cheque, work, official):
    work()
    where = address("reading_correct", cheque, "courtesy_amount")
    fragment = client.post(where, {"value": "1,30,000"}, **HTMX)
    assert "1,30,000.00" in fragment.text
    assert "1,25,000.50" in fragment.text
    assert "<html" not in fragment.text
    correction = Correction.objects.get()
    assert (correction.value, correction.made_by) == ("130000.00", official)


def test_without_javascript_a_correction_leads_back_to_the_page(client, cheque, work):
    work()
    answer = client.post(address("reading_correct", cheque, "cheque_number"), {"value": "1"})
    assert answer.headers["Location"] == address("submission", cheque)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_value_the_field_cannot_hold_is_refused_at_the_field(client, cheque, work, headers):
    work()
    where = address("reading_correct", cheque, "date")
    answer = client.post(where, {"value": "31/02/2026"}, **headers)
    assert 'id="rejected-date"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert not Correction.objects.exists()


def test_deleting_asks_once(client, cheque):
    where = reverse("submissions_delete")
    question = client.post(where, {"submission": cheque.pk})
    assert "Delete this item?" in question.text
    assert client.get(address("submission", cheque)).status_code == 200
    client.post(where, {"submission": cheque.pk, "confirmed": "on"})
    assert client.get(address("submission", cheque)).status_code == 404


@pytest.mark.parametrize("sent", [{}, {"submission": "no-uuid"}])
def test_deleting_nothing_says_so(client, sent):
    answer = client.post(reverse("submissions_delete"), sent, follow=True)
    assert "Nothing was chosen" in answer.text


def test_another_person_can_neither_see_nor_change_it(client_of, individual, cheque, work):
    work()
    stranger = client_of(individual)
    names = ("submission", "submission_reading", "submission_drawing", "submission_image")
    assert {stranger.get(address(name, cheque)).status_code for name in names} == {404}
    for name in ("submission_rerun", "submission_cancel"):
        assert stranger.post(address(name, cheque)).status_code == 404
    assert stranger.post(address("reading_correct", cheque, "date")).status_code == 404
    stranger.post(reverse("submissions_delete"), {"submission": cheque.pk, "confirmed": "on"})
    cheque.refresh_from_db()
    assert cheque.deleted_at is None


def test_a_drawing_is_answered_with_its_candidates_and_corrected_in_one_tap(
    client_of, individual, submit, work
):
    client = client_of(individual)
    drawn = submit(individual)
    assert 'hx-trigger="every 500ms"' in client.get(address("submission_drawing", drawn)).text
    work()
    answer = client.get(address("submission_drawing", drawn)).text
    assert '<span class="value">7</span>' in answer
    assert 'class="bars"' in answer
    where = address("reading_correct", drawn, "digit")
    thanks = client.post(where, {"value": "1", "fragment": "drawing"}, **HTMX)
    assert "corrected by a person" in thanks.text
    none = client.post(where, {"value": "", "fragment": "drawing"}, **HTMX)
    assert "no digit" in none.text
