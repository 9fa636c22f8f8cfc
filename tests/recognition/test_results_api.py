"""Reading lists and results over the API, and what can be done with a submission."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from recognition.engine.errors import EngineError, ErrorCode
from recognition.models import Correction, Kind, RunState, Submission
from recognition.services import intake, review
from tests.recognition.drawings import field, reading

URL = "/api/v1/submissions"


@pytest.fixture
def cheque(submit, work, official) -> Submission:
    submission = submit(official, Kind.CHEQUE, "cheque.png")
    work()
    return submission


@pytest.fixture
def api(api_of, official):
    return api_of(official)


def test_a_result_has_every_field_with_its_evidence(api, cheque) -> None:
    body = api.get(f"{URL}/{cheque.pk}/result").json()

    assert body["run"]["state"] == "succeeded"
    result = body["result"]
    assert list(result["fields"]) == [
        "courtesy_amount", "date", "account_number", "cheque_number", "micr_line",
    ]  # fmt: skip
    amount = result["fields"]["courtesy_amount"]
    box = {"x": 10, "y": 10, "width": 60, "height": 30}
    assert amount == {
        "value": "125000.50",
        "raw_text": "125000.50",
        "confidence": 0.93,
        "accepted": True,
        "correction": None,
        "box": box,
        "characters": [
            {
                "value": "1",
                "confidence": 0.97,
                "alternatives": [{"value": "1", "confidence": 0.02}],
                "box": box,
            }
        ],
        "alternatives": [{"value": "8", "confidence": 0.04}],
        "notes": ["a note"],
        "snippet": f"{URL}/{cheque.pk}/snippets/courtesy_amount",
    }
    check, duplicate = result["checks"]
    assert duplicate["verdict"] == "passed"
    assert check == {
        "rule": "stale",
        "verdict": "failed",
        "reason": "It is older than three months.",
        "return_code": "31",
        "earlier": None,
    }
    assert result["quality"][0]["name"] == "focus"
    assert result["engine"]["layout"] == "cts-2010"
    assert result["engine"]["models"] == [{"name": "digits", "version": "1", "sha256": "0" * 64}]


def test_nothing_to_read_is_null(api, official, submit, work, reader) -> None:
    nothing = field("digit", value=None, raw_text="", accepted=False, box=None, characters=())
    reader.answer = reading(Kind.DIGIT, fields=(nothing,))
    submission = submit(official)
    work()
    digit = api.get(f"{URL}/{submission.pk}").json()["result"]["fields"]["digit"]
    assert (digit["value"], digit["box"], digit["snippet"]) == (None, None, None)


def test_a_result_that_is_not_there_yet_is_a_202(api, official, submit) -> None:
    submission = submit(official)
    response = api.get(f"{URL}/{submission.pk}/result")
    assert response.status_code == 202
    assert response.headers["Retry-After"] == "1"
    assert response.json()["result"] is None


def test_a_failure_says_why_in_words(api, official, submit, work, reader) -> None:
    reader.answer = EngineError(ErrorCode.NO_CHEQUE_FOUND, "no four corners")
    submission = submit(official, Kind.CHEQUE)
    work()
    run = api.get(f"{URL}/{submission.pk}/result").json()["run"]
    assert run["state"] == "failed"
    assert run["error"]["code"] == "no_cheque_found"
    assert run["error"]["message"].startswith("No cheque was found")


def test_what_has_failed_can_be_read_again(api, official, submit, work, reader) -> None:
    reader.answer = EngineError(ErrorCode.NO_CHEQUE_FOUND, "")
    submission = submit(official, Kind.CHEQUE)
    work()
    reader.answer = None

    response = api.post(f"{URL}/{submission.pk}/rerun")
    assert response.status_code == 202
    assert response.json()["run"]["state"] == "queued"
    again = api.post(f"{URL}/{submission.pk}/rerun")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "already_open")
    work()

    assert api.get(f"{URL}/{submission.pk}").json()["run"]["state"] == "succeeded"
    assert submission.runs.count() == 2


def test_only_what_waits_can_be_cancelled(api, official, submit, work) -> None:
    submission = submit(official)
    response = api.post(f"{URL}/{submission.pk}/cancel")
    assert response.json()["run"]["state"] == "cancelled"
    again = api.post(f"{URL}/{submission.pk}/cancel")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "not_waiting")
    work()
    assert submission.runs.get().state == RunState.CANCELLED


def test_what_is_deleted_is_gone_for_its_owner(api, official, submit, work) -> None:
    submission = submit(official)
    assert api.delete(f"{URL}/{submission.pk}").status_code == 204
    for address in ("", "/result", "/image", "/thumbnail"):
        assert api.get(f"{URL}/{submission.pk}{address}").status_code == 404
    assert api.get(URL).json()["count"] == 0
    work()
    assert submission.runs.get().state == RunState.CANCELLED


def test_a_correction_stands_beside_the_reading(api, cheque, official) -> None:
    address = f"{URL}/{cheque.pk}/corrections"
    response = api.post(address, {"field": "courtesy_amount", "value": "1,25,500"}, format="json")

    assert response.status_code == 201
    assert response.json()["value"] == "125000.50"
    assert response.json()["correction"]["value"] == "125500.00"
    assert Correction.objects.get().made_by == official


@pytest.mark.parametrize(
    ("name", "given", "stored"),
    [
        ("courtesy_amount", " 12 34 567.5 ", "1234567.50"),
        ("courtesy_amount", "", ""),
        ("date", "31/01/2026", "2026-01-31"),
        ("date", "2026-01-31", "2026-01-31"),
        ("account_number", "0012 3456", "00123456"),
        ("micr_line", "⑈004512⑈  560229012⑆", "⑈004512⑈ 560229012⑆"),
    ],
)
def test_corrections_are_stored_in_canonical_form(api, cheque, name, given, stored) -> None:
    body = {"field": name, "value": given}
    response = api.post(f"{URL}/{cheque.pk}/corrections", body, format="json")
    assert response.json()["correction"]["value"] == stored


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("courtesy_amount", "ten"),
        ("courtesy_amount", "1.005"),
        ("courtesy_amount", "-1"),
        ("courtesy_amount", "NaN"),
        ("courtesy_amount", "Infinity"),
        ("courtesy_amount", "1e99"),
        ("courtesy_amount", "9" * 16),
        ("date", "31.2.2026"),
        ("date", "2026-02-30"),
        ("account_number", "12a"),
        ("account_number", "١٢٣"),  # digits, but not ours
        ("micr_line", "abc"),
    ],
)
def test_what_a_field_cannot_hold_is_refused(api, cheque, name, value) -> None:
    body = {"field": name, "value": value}
    response = api.post(f"{URL}/{cheque.pk}/corrections", body, format="json")
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "invalid_value"
    assert not Correction.objects.exists()


def test_the_newest_correction_counts(cheque, official) -> None:
    number = cheque.runs.get().readings.get(name="cheque_number")
    review.correct(number, "111111", official)
    review.correct(number, "222222", official)
    number.refresh_from_db()
    assert (number.final, number.value) == ("222222", "004512")


@pytest.mark.usefixtures("cheque")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("kind=cheque", 1),
        ("kind=digit", 2),
        ("state=queued", 1),
        ("state=succeeded", 2),
        ("amount_min=125000.50", 1),
        ("amount_min=125000.51", 0),
        ("amount_max=125000.50", 1),
        ("amount_min=1&amount_max=2", 0),
        ("cheque_number=4512", 1),
        ("cheque_number=9", 0),
        ("date_from=2026-01-31&date_to=2026-01-31", 1),
        ("date_from=2026-02-01", 0),
        ("date_to=2026-01-30", 0),
        ("submitted_from=2000-01-01", 3),
        ("submitted_to=2000-01-01", 0),
        ("needs_person=true", 2),  # every field was accepted, but a rule failed
        ("needs_person=false", 1),
        ("q=cheque.p", 1),
        ("q=00123456789", 1),
        ("q=nothing", 0),
    ],
)
def test_filters(api, submit, work, official, query, found) -> None:
    submit(official)
    work()
    submit(official)
    assert api.get(f"{URL}?{query}").json()["count"] == found


def test_filters_go_by_what_finally_stands(api, cheque, official) -> None:
    amount = cheque.runs.get().readings.get(name="courtesy_amount")
    review.correct(amount, "10", official)
    assert api.get(f"{URL}?amount_max=11").json()["count"] == 1
    assert api.get(f"{URL}?amount_min=11").json()["count"] == 0
    review.correct(amount, "", official)
    assert api.get(f"{URL}?amount_min=0").json()["count"] == 0


@pytest.mark.parametrize("query", ["kind=x", "amount_min=x", "date_from=x", "ids=x", "order=x"])
def test_a_filter_that_makes_no_sense_is_said_by_name(api, query) -> None:
    response = api.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert list(response.json()["error"]["fields"]) == [query.partition("=")[0]]


def test_lists_have_pages_and_a_fixed_number_of_queries(api, official, submit, work) -> None:
    for _ in range(3):
        submit(official)
    work()
    api.get(URL)  # throttles and the token's last use are written once
    with CaptureQueriesContext(connection) as few:
        few_answer = api.get(f"{URL}?page_size=1").json()
    with CaptureQueriesContext(connection) as many:
        many_answer = api.get(f"{URL}?page_size=3").json()
    assert len(few) == len(many) <= 14  # 5 for the list, the others for who asks and how often
    assert (len(few_answer["results"]), len(many_answer["results"])) == (1, 3)
    assert many_answer["results"][0]["values"]["digit"]["value"] == "7"


def test_images_are_private_and_cannot_be_taken_for_pages(api, cheque) -> None:
    for name, kind in (("image", "png"), ("thumbnail", "jpeg"), ("snippets/date", "png")):
        response = api.get(f"{URL}/{cheque.pk}/{name}", headers={"Accept": "image/avif"})
        assert response.status_code == 200
        assert response.headers["Content-Type"] == f"image/{kind}"
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        data = b"".join(response) if response.streaming else response.content
        Image.open(io.BytesIO(data)).verify()


def test_a_snippet_is_the_field_with_a_margin(api, cheque) -> None:
    response = api.get(f"{URL}/{cheque.pk}/snippets/date")
    assert Image.open(io.BytesIO(response.content)).size == (68, 38)


@pytest.mark.parametrize("name", ["digit", "poem"])
def test_there_is_no_snippet_of_a_field_that_was_not_read(api, cheque, name) -> None:
    response = api.get(f"{URL}/{cheque.pk}/snippets/{name}")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def test_an_address_that_is_none_is_answered_in_the_one_shape(client) -> None:
    response = client.get("/api/v1/nothing/here")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def test_our_own_faults_are_answered_in_the_one_shape(api, cheque, monkeypatch) -> None:
    def fall(_submission: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(intake, "delete", fall)
    api.raise_request_exception = False
    response = api.delete(f"{URL}/{cheque.pk}")
    assert (response.status_code, response.json()["error"]["code"]) == (500, "internal_error")


def test_the_state_of_the_queue_is_told(api, submit, official) -> None:
    submit(official)
    state = api.get("/api/v1/queue").json()
    assert (state["waiting"], state["is_answered"]) == (1, False)
    assert state["oldest_waiting_seconds"] >= 0
