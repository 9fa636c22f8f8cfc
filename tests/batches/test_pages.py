"""Batches in the pages: handed in, read, paused, corrected, and closed with their total."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.audit.models import Event
from recognition.batches.models import Batch, BatchItem, ReceivedFile
from recognition.engine.errors import EngineError, ErrorCode
from recognition.engine.types import FieldName, Kind
from recognition.models import RecognitionRun, RunState, Submission
from tests.batches.conftest import picture, zip_of
from tests.recognition.drawings import field, reading, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of, official):
    return client_of(official)


def test_files_and_an_archive_become_items_in_their_order(
    hand_in, unpack, work, client, stored_files
) -> None:
    archive = zip_of({"a/1.png": picture(), "a/2.png": picture(), "a/.DS_Store": b"x"})
    batch = hand_in(upload(name="0.png"), archive, upload(b"no image", "3.png"))
    assert batch.stage == "open"

    unpack()

    assert Batch.objects.with_stage().get().stage == "reading"
    assert not ReceivedFile.objects.exists()
    facts = batch.items.values_list("position", "file_name", "outcome", "error_code")
    assert list(facts) == [
        (1, "0.png", "accepted", ""),
        (2, "1.png", "accepted", ""),
        (3, "2.png", "accepted", ""),
        (4, "3.png", "refused", "unsupported_type"),
    ]
    assert len(stored_files()) == 6  # three images with their thumbnails; nothing that came in

    work()
    page = client.get(f"/batches/{batch.pk}/")
    assert "4 of 4 done" in page.text
    assert "3,75,001.50" in page.text
    assert "This is no image" in page.text
    assert "in review" in page.text


def amounts(reader, value: str | None, *, accepted: bool = True) -> None:
    changed = field(FieldName.COURTESY_AMOUNT, value=value, accepted=accepted)
    reader.answer = reading(Kind.CHEQUE, fields=(changed,))


def test_a_paused_batch_starts_nothing_until_it_is_resumed(
    hand_in, unpack, work, client, sent, django_capture_on_commit_callbacks
) -> None:
    batch = hand_in(zip_of({f"{n}.png": picture() for n in range(3)}))
    unpack()
    batch_page = f"/batches/{batch.pk}/"
    hand_in_later = upload(name="later.png")

    assert client.post(f"{batch_page}pause/").status_code == 302
    client.post(f"{batch_page}files/", {"documents": hand_in_later})
    unpack()
    work()

    states = RecognitionRun.objects.values_list("state", flat=True)
    assert set(states) == {RunState.QUEUED}
    assert "paused" in client.get(batch_page).text
    assert not RecognitionRun.objects.unsent(older_than=timedelta(0)).exists()

    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{batch_page}resume/")
    assert [queue for _, queue in sent] == ["reading"] * 3 + ["upkeep"]
    unpack()
    work()
    assert set(RecognitionRun.objects.values_list("state", flat=True)) == {RunState.SUCCEEDED}
    assert batch.items.count() == 4


def test_what_is_read_while_pausing_is_not_started_again(hand_in, unpack, client) -> None:
    batch = hand_in(upload())
    unpack()
    run = RecognitionRun.objects.get()
    claim = RecognitionRun.objects.claim(run.pk, worker="w")
    client.post(f"/batches/{batch.pk}/pause/")
    RecognitionRun.objects.held(run.pk, claim).update(state=RunState.QUEUED, claim=None)
    assert RecognitionRun.objects.claim(run.pk, worker="w") is None


def test_a_cancelled_batch_reads_nothing_and_its_content_counts_as_new(
    hand_in, unpack, work, client, stored_files
) -> None:
    data = picture()
    batch = hand_in(upload(data, "a.png"))
    unpack()
    waiting = hand_in(upload(name="b.png"))
    client.post(f"/batches/{batch.pk}/cancel/")
    client.post(f"/batches/{waiting.pk}/cancel/")
    assert not ReceivedFile.objects.exists()

    again = hand_in(upload(data, "a.png"))
    unpack()
    work()
    assert list(RecognitionRun.objects.order_by("queued_at").values_list("state", flat=True)) == [
        RunState.CANCELLED,
        RunState.SUCCEEDED,
    ]
    assert again.items.get().outcome == "accepted"


def test_the_same_content_twice_counts_once(hand_in, unpack, client) -> None:
    data = picture()
    hand_in(zip_of({"a.png": data, "b.png": data}))
    second = hand_in(upload(data))
    unpack()
    outcomes = BatchItem.objects.order_by("batch__created_at", "position")
    assert sorted(outcomes.values_list("outcome", flat=True)) == [
        "accepted",
        "duplicate",
        "duplicate",
    ]
    assert Submission.objects.count() == 1
    assert "already" in client.get(f"/batches/{second.pk}/").text


def test_a_batch_closes_when_all_is_settled_and_its_total_is_kept(
    hand_in, unpack, work, reader, client, settle
) -> None:
    amounts(reader, "1000.10", accepted=False)
    batch = hand_in(upload(), upload(), control_total="2,100.20", control_count="2")
    unpack()
    work()
    page = f"/batches/{batch.pk}/"
    assert "add up to less than the control total" in client.get(page).text

    refused = client.post(f"{page}close/", {"note": ""})
    assert "2 items are not settled yet" in refused.text
    assert "to be decided" in client.get(page).text
    settle("1,050.10")
    assert "The sum is the control total" in client.get(page).text
    assert client.post(f"{page}close/").status_code == 302

    batch = Batch.objects.with_stage().get()
    assert (batch.stage, batch.closed_total) == ("closed", Decimal("2100.20"))
    closed = client.get(page).text
    assert "2,100.20" in closed
    assert "Closed on" in closed


def test_a_difference_needs_a_note(hand_in, unpack, work, client, settle) -> None:
    batch = hand_in(upload(), control_total="1")
    unpack()
    work()
    settle()
    page = f"/batches/{batch.pk}/close/"
    assert "say in a note" in client.post(page).text
    assert client.post(page, {"note": "One cheque came later."}).status_code == 302
    assert "One cheque came later." in client.get(f"/batches/{batch.pk}/").text


@pytest.mark.parametrize("way", ["correct", "delete", "rerun", "withdraw", "files", "control"])
def test_nothing_changes_after_closing(hand_in, unpack, work, client, settle, way) -> None:
    batch = hand_in(upload())
    unpack()
    work()
    settle()
    client.post(f"/batches/{batch.pk}/close/")
    one = Submission.objects.get()
    asked = {
        "correct": (f"/submissions/{one.pk}/fields/date/correct/", {"value": ""}),
        "delete": ("/submissions/delete/", {"submission": one.pk, "confirmed": "on"}),
        "rerun": (f"/submissions/{one.pk}/rerun/", {}),
        "withdraw": (f"/batches/{batch.pk}/items/1/withdraw/", {}),
        "files": (f"/batches/{batch.pk}/files/", {"documents": upload()}),
        "control": (f"/batches/{batch.pk}/control/", {"control_total": "5"}),
    }
    client.post(*asked[way])

    one.refresh_from_db()
    now = Batch.objects.get()
    assert (one.deleted_at, one.runs.count()) == (None, 1)
    assert not one.runs.get().readings.exclude(corrections=None).exists()
    assert (now.items.get().outcome, now.control_total) == ("accepted", None)
    assert not ReceivedFile.objects.exists()


def test_what_is_not_paid_counts_and_says_why(hand_in, unpack, work, client, settle) -> None:
    batch = hand_in(upload(), control_total="125000.50")
    unpack()
    work()
    settle(return_code="31")
    page = client.get(f"/batches/{batch.pk}/").text
    assert "The sum is the control total" in page
    assert "31, out of date" in page
    assert client.post(f"/batches/{batch.pk}/close/").status_code == 302


def test_what_could_not_be_read_is_taken_out_before_closing(
    hand_in, unpack, work, client, reader
) -> None:
    reader.answer = EngineError(ErrorCode.NO_CHEQUE_FOUND, "none")
    batch = hand_in(upload())
    unpack()
    work()
    page = f"/batches/{batch.pk}/"
    assert "No cheque was found" in client.get(page).text
    assert "1 item is not settled yet" in client.post(f"{page}close/").text
    client.post(f"{page}items/1/withdraw/")
    assert client.post(f"{page}close/").status_code == 302


def test_what_is_taken_out_counts_no_more(hand_in, unpack, work, client) -> None:
    batch = hand_in(upload(), upload(), control_total="125000.50")
    unpack()
    work()
    client.post(f"/batches/{batch.pk}/items/2/withdraw/")
    page = client.get(f"/batches/{batch.pk}/").text
    assert "The sum is the control total" in page
    assert "1 was taken out" in page


def test_the_fragment_is_sent_only_when_something_changed(hand_in, unpack, work, client) -> None:
    batch = hand_in(upload())
    unpack()
    page = client.get(f"/batches/{batch.pk}/")
    seen = {"seen": page.context["signature"]}
    address = f"/batches/{batch.pk}/progress/"
    assert client.get(address, seen).status_code == 204
    work()
    assert "1 of 1 done" in client.get(address, seen).text


def test_an_individual_has_no_batches(client_of, individual) -> None:
    client = client_of(individual)
    assert client.get("/batches/").status_code == 403
    assert client.post("/batches/new/", {"name": "x"}).status_code == 403
    assert "/batches/" not in client.get("/").text


def test_what_is_done_to_a_batch_is_in_the_audit_log(
    hand_in, unpack, work, client, settle, official
) -> None:
    batch = hand_in(upload(), upload(), control_total="5")
    unpack()
    work()
    settle()
    page = f"/batches/{batch.pk}/"
    client.post(f"{page}pause/")
    client.post(f"{page}resume/")
    client.post(f"{page}items/2/withdraw/")
    client.post(f"{page}control/", {"control_total": "125000.50"})
    client.get(f"{page}files/export.csv")
    client.post(f"{page}close/")
    events = Event.objects.about(batch).order_by("sequence")
    assert [event.code for event in events] == [
        "batch.created",
        "batch.paused",
        "batch.resumed",
        "batch.item_withdrawn",
        "batch.control_total_set",
        "batch.exported",
        "batch.closed",
    ]
    assert {event.actor for event in events} == {official.pk}
    closed = events.last()
    assert (closed.details["total"], closed.details["items"]) == ("125000.50", 1)


def test_another_officials_batch_does_not_exist(hand_in, client_of, checker, moderator) -> None:
    batch = hand_in(upload())
    for path in ("", "progress/", "files/", "control/", "close/"):
        assert client_of(checker).get(f"/batches/{batch.pk}/{path}").status_code == 404
    for path in ("pause/", "resume/", "cancel/", "close/", "items/1/withdraw/"):
        assert client_of(checker).post(f"/batches/{batch.pk}/{path}").status_code == 404
    assert batch.name not in client_of(checker).get("/batches/").text
    assert client_of(moderator).get(f"/batches/{batch.pk}/").status_code == 200


@pytest.mark.parametrize(("batches", "items"), [(1, 1), (4, 6)])
def test_pages_ask_the_database_little(
    hand_in, unpack, work, client, django_assert_max_num_queries, batches, items
) -> None:
    for _ in range(batches):
        batch = hand_in(zip_of({f"{n}.png": picture() for n in range(items)}))
    unpack()
    work()
    for page in ("/batches/", f"/batches/{batch.pk}/"):
        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200


def test_a_page_needs_a_token_against_forgery(official, client_of) -> None:
    client = client_of(official)
    client.handler.enforce_csrf_checks = True
    sent = {"name": "x", "kind": "cheque", "documents": upload()}
    assert client.post("/batches/new/", sent).status_code == 403
    assert not Batch.objects.exists()
