"""POST /api/v1/submissions."""

import pytest
from rest_framework.throttling import ScopedRateThrottle

from recognition.api import waiting
from recognition.models import Kind, RecognitionRun, Submission
from recognition.services import processing
from tests.recognition.drawings import drawing, encoded, upload

URL = "/api/v1/submissions"


@pytest.fixture
def post(api_of, individual, django_capture_on_commit_callbacks):
    def send(*files, kind="digit", user=individual, headers=None, **data):
        with django_capture_on_commit_callbacks(execute=True):
            return api_of(user).post(URL, {"file": files, "kind": kind} | data, headers=headers)

    return send


def test_it_is_queued_and_answered_with_its_address(post, api_of, individual, sent) -> None:
    response = post(upload())

    assert response.status_code == 202
    (outcome,) = response.json()["outcomes"]
    assert outcome["status"] == "accepted"
    assert outcome["submission"]["run"]["state"] == "queued"
    assert outcome["submission"]["result"] is None
    assert response.headers["Location"] == outcome["submission"]["links"]["self"]
    assert api_of(individual).get(response.headers["Location"]).status_code == 200
    assert sent == [(outcome["submission"]["run"]["id"], "drawing")]


def test_cheques_go_to_a_queue_of_their_own(post, official, sent) -> None:
    post(upload(), user=official, kind="cheque")
    assert [queue for _, queue in sent] == ["reading"]


def test_of_several_files_each_has_its_outcome(post, stored_files) -> None:
    same = encoded(drawing())
    files = [upload(same, "a.png"), upload(b"<html>", "b.png"), upload(same, "c.png")]

    response = post(*files)

    assert response.status_code == 202
    first, refused, second = response.json()["outcomes"]
    assert [one["status"] for one in (first, refused, second)] == [
        "accepted", "refused", "duplicate",
    ]  # fmt: skip
    assert refused["error"]["code"] == "unsupported_type"
    assert refused["submission"] is None
    assert second["submission"]["id"] == first["submission"]["id"]
    assert len(stored_files()) == 2
    assert Submission.objects.count() == 1


def test_the_location_of_several_lists_them(post, api_of, individual) -> None:
    location = post(upload(), upload()).headers["Location"]
    post(upload())
    assert api_of(individual).get(location).json()["count"] == 2


def test_a_duplicate_is_read_again_only_when_asked(post) -> None:
    data = encoded(drawing())
    first = post(upload(data)).json()["outcomes"][0]["submission"]

    assert post(upload(data)).json()["outcomes"][0]["submission"]["id"] == first["id"]
    again = post(upload(data), again=True).json()["outcomes"][0]

    assert again["status"] == "accepted"
    assert again["submission"]["duplicate_of"] == first["id"]


def test_the_same_file_of_another_person_is_no_duplicate(post, official) -> None:
    data = encoded(drawing())
    post(upload(data))
    assert post(upload(data), user=official).json()["outcomes"][0]["status"] == "accepted"


@pytest.mark.parametrize("kind", ["cheque", "demand_draft"])
def test_individuals_submit_no_cheques(post, kind) -> None:
    response = post(upload(), kind=kind)
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "kind_not_allowed"
    assert not Submission.objects.exists()


@pytest.mark.parametrize("kind", Kind.values)
def test_officials_submit_everything(post, official, kind) -> None:
    assert post(upload(), kind=kind, user=official).status_code == 202


@pytest.mark.parametrize(
    ("files", "data", "field"),
    [
        ([], {}, "file"),
        ([upload()], {"kind": "poem"}, "kind"),
        ([upload()], {"again": "x"}, "again"),
    ],
)
def test_what_is_wrong_with_the_request_is_said_by_field(post, files, data, field) -> None:
    response = post(*files, **data)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == "invalid"
    assert list(error["fields"]) == [field]


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "empty_file"),
        (b"GIF89a", 415, "unsupported_type"),
        (b"1" * 2000, 413, "file_too_large"),
    ],
)
def test_one_refused_file_is_an_error_with_its_code(post, settings, data, status, code) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    response = post(upload(data))
    assert response.status_code == status
    body = response.json()
    assert body["error"]["code"] == body["outcomes"][0]["error"]["code"] == code


def test_nobody_submits_without_logging_in(client) -> None:
    response = client.post(URL, {"file": upload(), "kind": "digit"})
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "not_authenticated"


def test_prefer_wait_answers_with_the_result(post, work, monkeypatch) -> None:
    processing.give_sign("test")
    monkeypatch.setattr(waiting.time, "sleep", lambda _seconds: work())

    response = post(upload(), headers={"Prefer": "wait=5"})

    assert response.status_code == 200
    submission = response.json()["outcomes"][0]["submission"]
    assert submission["run"]["state"] == "succeeded"
    assert submission["result"]["fields"]["digit"]["value"] == "7"


def test_nobody_waits_where_no_worker_answers(post) -> None:
    assert post(upload(), headers={"Prefer": "wait=30"}).status_code == 202


def test_an_idempotency_key_makes_a_second_try_harmless(post) -> None:
    data = encoded(drawing())
    headers = {"Idempotency-Key": "monday-1"}

    first = post(upload(data), headers=headers)
    second = post(upload(data), headers=headers)

    assert (second.status_code, second.json()) == (first.status_code, first.json())
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["Idempotent-Replayed"] == "true"
    assert RecognitionRun.objects.count() == 1


def test_an_idempotency_key_belongs_to_one_request_of_one_person(post, official) -> None:
    headers = {"Idempotency-Key": "monday-1"}
    post(upload(), headers=headers)

    other_file = post(upload(), headers=headers)

    assert other_file.status_code == 422
    assert other_file.json()["error"]["code"] == "idempotency_key_reused"
    assert post(upload(), headers=headers, user=official).status_code == 202


def test_throttled_requests_say_so(post, monkeypatch) -> None:
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"submit": "1/min"})
    assert post(upload()).status_code == 202
    response = post(upload())
    assert response.status_code == 429
    assert response.json()["error"]["code"] == "throttled"
    assert int(response.headers["Retry-After"]) > 0
