"""Batches through the API."""

import pytest
from rest_framework.throttling import ScopedRateThrottle

from recognition.batches.models import Batch, BatchItem
from tests.batches.conftest import picture, zip_of
from tests.recognition.drawings import upload

pytestmark = pytest.mark.django_db
URL = "/api/v1/batches"


@pytest.fixture
def api(api_of, official):
    return api_of(official)


@pytest.fixture
def post(api):
    def send(*files, headers=None, **data):
        asked = {"name": "Morning", "kind": "cheque", "file": files} | data
        return api.post(URL, asked, headers=headers)

    return send


def test_a_batch_is_handed_in_read_and_closed(post, api, unpack, work, settle) -> None:
    answer = post(
        zip_of({"a.png": picture(), "b.txt": b"?"}), control_total="125000.50", control_count=1
    )
    assert answer.status_code == 202
    body = answer.json()
    assert body["state"] == "open"
    address = answer.headers["Location"]
    assert address == body["links"]["self"]

    unpack()
    assert api.get(address).json()["state"] == "reading"
    assert api.post(f"{address}/close").json()["error"]["code"] == "still_at_work"
    work()
    assert api.get(address).json()["totals"]["unsettled"] == 1
    assert api.post(f"{address}/close").json()["error"]["code"] == "not_settled"
    settle()
    body = api.get(address).json()
    assert body["state"] == "in_review"
    assert body["totals"] == {
        "total": "125000.50", "count": 1, "without_amount": 0, "doubtful": 0, "unsettled": 0,
        "rejected": 0, "difference": "0.00", "count_difference": 0,
    }  # fmt: skip
    assert (body["progress"]["done"], body["progress"]["total"]) == (2, 2)

    read, refused = api.get(body["links"]["items"]).json()["results"]
    assert read["values"]["courtesy_amount"]["value"] == "125000.50"
    assert (read["run_state"], read["settled"]) == ("succeeded", True)
    assert refused["error"]["code"] == "unsupported_type"

    closed = api.post(f"{address}/close")
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    again = api.post(f"{address}/close")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "batch_final")


def test_pause_resume_cancel_and_files(post, api, unpack) -> None:
    address = post(upload()).headers["Location"]
    assert api.post(f"{address}/resume").json()["error"]["code"] == "not_paused"
    assert api.post(f"{address}/pause").json()["state"] == "paused"
    assert api.post(f"{address}/pause").json()["error"]["code"] == "not_open"
    unpack()
    assert not BatchItem.objects.exists()
    assert api.post(f"{address}/resume").json()["state"] == "open"
    assert api.post(f"{address}/files", {"file": [upload()]}).status_code == 202
    unpack()
    assert api.delete(f"{address}/items/2").status_code == 204
    assert api.delete(f"{address}/items/2").json()["error"]["code"] == "not_in_batch"
    assert api.post(f"{address}/cancel").json()["state"] == "cancelled"
    late = api.post(f"{address}/files", {"file": [upload()]})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "batch_final")


def test_the_control_total_is_entered_later(post, api) -> None:
    address = post(upload()).headers["Location"]
    body = api.patch(address, {"control_total": "10.00"}, format="json").json()
    assert (body["control_total"], body["totals"]["difference"]) == ("10.00", "-10.00")
    body = api.patch(address, {"control_count": 2}, format="json").json()
    assert (body["control_total"], body["control_count"]) == ("10.00", 2)
    for wrong in ({"control_total": "-1"}, {"control_count": 1001}, [1]):
        assert api.patch(address, wrong, format="json").status_code == 400


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"kind": "digit"}, {"file": []}, {"control_total": "ten"}]
)
def test_what_is_wrong_is_said_by_field(api, wrong) -> None:
    asked = {"name": "x", "kind": "cheque", "file": [upload()]} | wrong
    answer = api.post(URL, asked)
    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == list(wrong)


def test_too_much_at_once_is_a_413(post, settings) -> None:
    settings.BATCH_MAX_BYTES = 100
    answer = post(upload(bytes(200)))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "batch_too_large")
    assert not Batch.objects.exists()


def test_a_request_that_is_sent_twice_makes_one_batch(post) -> None:
    data = picture()
    first = post(upload(data), headers={"Idempotency-Key": "1"})
    second = post(upload(data), headers={"Idempotency-Key": "1"})
    assert second.headers["Idempotent-Replayed"] == "true"
    assert first.json()["id"] == second.json()["id"]
    other = post(upload(), headers={"Idempotency-Key": "1"})
    assert other.json()["error"]["code"] == "idempotency_key_reused"
    assert Batch.objects.count() == 1


ADDRESSES = [
    ("get", ""),
    ("patch", ""),
    ("get", "/items"),
    ("delete", "/items/1"),
    ("post", "/files"),
    ("post", "/pause"),
    ("post", "/resume"),
    ("post", "/cancel"),
    ("post", "/close"),
    ("get", "/files/report.pdf"),
    ("get", "/files/export.csv"),
]


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_a_strangers_batch_does_not_exist(
    post, unpack, api_of, checker, client, method, path
) -> None:
    address = post(upload(name="secret.png")).headers["Location"] + path
    unpack()
    answer = getattr(api_of(checker), method)(address)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert getattr(client, method)(address).status_code == 401
    assert BatchItem.objects.get().outcome == "accepted"


def test_an_individual_hands_in_nothing(api_of, individual) -> None:
    api = api_of(individual)
    answer = api.post(URL, {"name": "x", "kind": "cheque", "file": [upload()]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "kind_not_allowed")
    assert api.get(URL).json()["count"] == 0


def test_handing_in_is_throttled_as_submitting_is(post, monkeypatch) -> None:
    monkeypatch.setattr(ScopedRateThrottle, "get_rate", lambda _self: "1/min")
    assert post(upload()).status_code == 202
    assert post(upload()).status_code == 429


@pytest.mark.parametrize(("batches", "items"), [(1, 1), (3, 5)])
def test_lists_ask_the_database_little(
    post, api, unpack, work, django_assert_max_num_queries, batches, items
) -> None:
    for _ in range(batches):
        address = post(zip_of({f"{n}.png": picture() for n in range(items)})).headers["Location"]
    unpack()
    work()
    # Eight of them are the token's and the throttle's.
    for page, most in ((URL, 12), (f"{address}/items", 12), (address, 13)):
        with django_assert_max_num_queries(most):
            assert api.get(page).status_code == 200
