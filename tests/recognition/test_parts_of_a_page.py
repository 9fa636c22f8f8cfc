"""Several cheques on one page: each becomes an item of its own, once, and is read at its place."""

from datetime import date

import cv2
import numpy as np
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.audit.models import Event
from recognition import readers
from recognition.engine.pipeline import Reader
from recognition.engine.policy import Policy, ReadWords
from recognition.engine.types import MOST_ON_A_PAGE, Kind, Lie
from recognition.models import RecognitionRun, RunState, Submission
from recognition.services import intake, parts, personal_data, replaying, upkeep
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.layouts import LAYOUTS
from recognition.training.cheques.photos import Paper, scan_page
from tests.recognition.drawings import drawing, encoded, field, reading, upload

URL = "/api/v1/submissions"
TODAY = date(2026, 3, 1)


def lie(top: int, height: int = 40) -> Lie:
    """Return how a sheet lies that fills this band of an image 240 pixels wide."""
    corners = ((0.0, top), (240.0, top), (240.0, top + height), (0.0, top + height))
    onto = (1.0, 0.0, 0.0, 0.0, 1.0, float(top), 0.0, 0.0, 1.0)
    return Lie(corners, onto, 240, height, 0.5, 200.0, 0.0)


PLACES = (lie(0), lie(60), lie(120))


def cheque(number: int, place: Lie, others: tuple[Lie, ...] = ()):
    line = field("micr_line", value=f"⑈00451{number}⑈ 560229012⑆ 000123⑈ 31")
    amount = field("courtesy_amount", value=f"{number}00.00")
    return reading(
        Kind.CHEQUE, fields=(amount, line), checks=(), lie=place, others=others,
        width=place.width, height=place.height, fingerprint=f"{number:x}f" * 64,
    )  # fmt: skip


@pytest.fixture
def page(reader) -> bytes:
    """A page with three cheques, which the reader finds."""
    reader.answer = cheque(1, PLACES[0], PLACES[1:])
    reader.parts = {place: cheque(number, place) for number, place in enumerate(PLACES, 1)}
    return encoded(drawing((240, 200)))


@pytest.fixture
def send(page, api_of, official, django_capture_on_commit_callbacks):
    """Submit the page through the API as an official; return the item's address."""

    def post(data: bytes = page, **asked: object) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            form = {"file": [upload(data)], "kind": "cheque"} | asked
            answer = api_of(official).post(URL, form)
        assert answer.status_code == 202, answer.json()
        return f"{URL}/{answer.json()['outcomes'][0]['submission']['id']}"

    return post


@pytest.fixture
def read_all(work, django_capture_on_commit_callbacks):
    """Read what waits, and what comes of that."""

    def read() -> None:
        while RecognitionRun.objects.filter(state=RunState.QUEUED).exists():
            with django_capture_on_commit_callbacks(execute=True):
                work()

    return read


def all_parts() -> list[Submission]:
    return list(Submission.objects.order_by("part", "created_at"))


def test_each_cheque_of_a_page_is_an_item_with_values_and_a_view_of_its_own(
    send, read_all, api_of, official, stored_files, sent
) -> None:
    api = api_of(official)
    first = send()
    read_all()
    body = api.get(first).json()
    assert (body["part"], body["parts"]) == (1, 3)
    assert body["lie"]["corners"][2] == [240.0, 40.0]
    assert (body["lie"]["page_width"], body["lie"]["page_height"]) == (240, 200)
    answers = [api.get(f"{URL}/{one}").json() for one in body["page_parts"]]
    assert [one["part"] for one in answers] == [1, 2, 3]
    assert [one["result"]["fields"]["courtesy_amount"]["value"] for one in answers] == [
        "100.00", "200.00", "300.00",
    ]  # fmt: skip
    for answer in answers:
        assert answer["run"]["state"] == "succeeded"
        assert (answer["width"], answer["height"]) == (240, 40)
        verdicts = {check["rule"]: check["verdict"] for check in answer["result"]["checks"]}
        assert verdicts == {"single_item": "passed", "duplicate_item": "passed"}
        image = b"".join(api.get(answer["links"]["image"]).streaming_content)
        assert cv2.imdecode(np.frombuffer(image, np.uint8), 1).shape == (40, 240, 3)
    assert len({one["links"]["original"] for one in answers}) == 3
    originals = {b"".join(api.get(one["links"]["original"]).streaming_content) for one in answers}
    assert len(originals) == 1
    assert len(stored_files()) == 3 * 2 + 1
    assert len(set(sent)) == len(sent) == 3
    assert Event.objects.filter(code="submission.created").count() == 3


def test_reading_a_part_again_reads_it_at_its_place_and_makes_no_more(
    send, read_all, reader, stored_files
) -> None:
    send()
    read_all()
    for one in all_parts():
        intake.rerun(one)
    read_all()
    assert [one.amount for one in all_parts()] == [100, 200, 300]
    assert len(stored_files()) == 7
    assert len(set(reader.seen)) == 1, "every part is read in what was sent"
    runs = RecognitionRun.objects.all()
    assert {run.state for run in runs} == {RunState.SUCCEEDED}
    assert len({run.image_sha256 for run in runs}) == 1


def test_a_worker_that_dies_after_dividing_leaves_nothing_twice(
    send, read_all, monkeypatch, work
) -> None:
    send()
    with monkeypatch.context() as patch:

        def die(*_: object) -> None:
            raise SystemExit

        patch.setattr(parts, "verdicts", die)
        with pytest.raises(SystemExit):
            work()
    first = Submission.objects.get(part=1)
    assert (first.latest_run.state, Submission.objects.count()) == (RunState.RUNNING, 3)
    RecognitionRun.objects.filter(pk=first.latest_run_id).update(
        started_at=timezone.now() - timezone.timedelta(days=1)
    )
    upkeep.sweep()
    read_all()
    assert [(one.part, one.amount) for one in all_parts()] == [(1, 100), (2, 200), (3, 300)]


def test_a_worker_that_was_given_up_for_lost_divides_nothing(send, reader, work) -> None:
    send()
    reader.read_before = reader.read

    def read(*given: object, **named: object) -> object:
        RecognitionRun.objects.update(claim=None, state=RunState.QUEUED)
        return reader.read_before(*given, **named)

    reader.read = read
    work()
    assert Submission.objects.count() == 1


def test_what_cannot_be_stored_whole_is_not_stored_at_all(
    send, work, monkeypatch, stored_files
) -> None:
    send()
    before = set(stored_files())
    with monkeypatch.context() as patch:
        patch.setattr(parts, "record", _broken)
        with pytest.raises(RuntimeError):
            work()
    assert Submission.objects.get().parts == 1
    assert before <= set(stored_files())
    assert not [path for path in set(stored_files()) - before if path.stat().st_size == 0]


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError


def test_the_same_page_again_leads_to_the_first_and_on_demand_to_copies(
    send, page, read_all, api_of, official
) -> None:
    first = send()
    read_all()
    again = api_of(official).post(URL, {"file": [upload(page)], "kind": "cheque"}).json()
    (outcome,) = again["outcomes"]
    assert outcome["status"] == "duplicate"
    assert outcome["submission"]["id"] in first
    assert len(outcome["submission"]["page_parts"]) == 3
    send(page, again="true")
    read_all()
    old, new = all_parts()[::2], all_parts()[1::2]
    assert [one.duplicate_of for one in new] == old
    for one in new:
        verdict = one.latest_run.verdicts.get(rule="duplicate_item")
        assert (verdict.verdict, verdict.earlier.part) == ("failed", one.part)


def test_what_was_sent_stays_until_the_last_part_is_purged(
    send, read_all, stored_files, django_capture_on_commit_callbacks
) -> None:
    send()
    read_all()
    for left, one in zip((5, 3, 0), all_parts(), strict=True):
        with django_capture_on_commit_callbacks(execute=True):
            upkeep.purge_one(one)
        assert len(stored_files()) == left


def test_erasing_a_person_leaves_nothing_of_a_page(
    send, read_all, official, stored_files, django_capture_on_commit_callbacks
) -> None:
    send()
    read_all()
    with django_capture_on_commit_callbacks(execute=True):
        personal_data.remove_items(official)
    assert not stored_files()


def test_the_page_shows_which_it_is_and_leads_to_the_others_and_to_what_was_sent(
    send, read_all, client_of, official, checker
) -> None:
    send()
    read_all()
    one, two, three = all_parts()
    shown = client_of(official).get(reverse("submission", args=[two.pk])).text
    assert "Cheque 2 of 3 on this page" in shown
    for other in (one, three):
        assert f'href="{reverse("submission", args=[other.pk])}"' in shown
    original = reverse("submission_original", args=[two.pk])
    assert original in shown
    assert "0.0,60.0 240.0,60.0 240.0,100.0 0.0,100.0" in shown
    assert b"".join(client_of(official).get(original).streaming_content)
    assert client_of(checker).get(original).status_code == 404
    intake.delete(three)
    shown = client_of(official).get(reverse("submission", args=[two.pk])).text
    assert str(three.pk) not in shown


def test_what_another_person_sent_is_not_there(send, read_all, api_of, checker, client) -> None:
    address = f"{send()}/original"
    read_all()
    assert api_of(checker).get(address).status_code == 404
    assert client.get(address).status_code == 401
    page = reverse("submission_original", args=[Submission.objects.first().pk])
    assert client.get(page).status_code == 302


def test_an_image_that_was_read_as_it_is_has_no_other_original(
    submit, work, official, api_of, client_of
) -> None:
    one = submit(official)
    work()
    body = api_of(official).get(f"{URL}/{one.pk}").json()
    assert (body["part"], body["parts"], body["lie"], body["page_parts"]) == (1, 1, None, [])
    assert "original" not in body["links"]
    assert api_of(official).get(f"{URL}/{one.pk}/original").status_code == 404
    assert "original" not in client_of(official).get(reverse("submission", args=[one.pk])).text


@pytest.mark.parametrize("view", ["api", "history"])
def test_lists_show_parts_with_no_more_queries(
    view, send, read_all, official, api_of, client_of
) -> None:
    client = api_of(official) if view == "api" else client_of(official)
    address = URL if view == "api" else reverse("history")
    client.get(address)
    counts = []
    for number in (1, 2):
        send(encoded(drawing((240, 200))))
        read_all()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        counts.append(len(queries))
        if view == "api":
            assert [one["parts"] for one in answer.json()["results"]] == [3] * 3 * number
        else:
            assert answer.text.count("3 of 3 on the page") == number
    assert counts[0] == counts[1]


def test_more_than_are_looked_for_are_left_to_a_person(send, reader, read_all) -> None:
    places = tuple(lie(20 * number, 18) for number in range(MOST_ON_A_PAGE))
    reader.answer = cheque(1, PLACES[0], places[1:])
    reader.parts = {place: cheque(number, place) for number, place in enumerate(places, 1)}
    send()
    read_all()
    verdicts = [one.latest_run.verdicts.get(rule="single_item").verdict for one in all_parts()]
    assert verdicts == ["failed", *["passed"] * (MOST_ON_A_PAGE - 1)]


def test_three_drawn_cheques_on_a_scanner_are_read_for_real(
    send, read_all, monkeypatch, stored_files
) -> None:
    reader = Reader(settings.MODELS_DIR, policy=Policy(words=ReadWords.NEVER))
    monkeypatch.setattr(readers, "get_reader", lambda: reader)
    monkeypatch.setattr(readers, "build_reader", lambda *_: reader)
    drawn = [
        draw_cheque(Kind.CHEQUE, np.random.default_rng(seed), today=TODAY, layout=LAYOUTS[seed % 3])
        for seed in (4, 5, 6)
    ]
    papers = [Paper(one.pixels, one.layout.size) for one in drawn]
    page, _corners = scan_page(papers, np.random.default_rng(3))
    send(cv2.imencode(".png", page)[1].tobytes())
    read_all()
    found = all_parts()
    assert [one.parts for one in found] == [3, 3, 3]
    for one, truth in zip(found, drawn, strict=True):
        values = {each.name: each for each in one.latest_run.readings.all()}
        assert values["micr_line"].value == truth.micr_line
        for name, value in truth.truth.items():
            if name in values:
                assert values[name].value == value or not values[name].is_accepted, name
        assert not list(replaying.differences(one.latest_run))
    assert len(stored_files()) == 7
