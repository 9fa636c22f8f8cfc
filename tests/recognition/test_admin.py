"""Moderation in the admin site."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.audit.models import Event
from recognition.models import (
    Correction,
    FieldReading,
    Kind,
    ModelVersion,
    RecognitionRun,
    Submission,
    WorkerSign,
)
from recognition.services import intake, networks, processing, review

LIST = reverse("admin:recognition_submission_changelist")


@pytest.fixture
def admin(client_of, moderator):
    return client_of(moderator)


@pytest.fixture
def cheque(submit, work, official) -> Submission:
    submission = submit(official, Kind.CHEQUE, "<b>cheque.png")
    work()
    return Submission.objects.get(pk=submission.pk)


def _ask(admin, action: str, *chosen, at: str = LIST, **data):
    body = {"action": action, "_selected_action": [one.pk for one in chosen]} | data
    return admin.post(at, body, follow=True)


def _act(admin, action: str, *chosen, at: str = LIST, **data):
    return _ask(admin, action, *chosen, at=at, confirmed="1", **data)


def test_the_list_shows_image_owner_state_values_and_networks(admin, cheque, official) -> None:
    number = cheque.latest_run.readings.get(name="cheque_number")
    review.correct(number, "999999", official)
    page = admin.get(LIST).text
    for shown in (
        reverse("api:thumbnail", args=[cheque.pk]), "official@bank.example", "125000.50",
        "004512 (93%) → 999999", "digits 1", "_b_cheque.png",
    ):  # fmt: skip
        assert shown in page


@pytest.mark.parametrize(
    "query", ["q=125000.50", "q=official@bank", "kind__exact=cheque", "latest_run__state=succeeded"]
)
def test_it_is_found(admin, cheque, submit, individual, query) -> None:
    submit(individual)
    page = admin.get(f"{LIST}?{query}")
    assert [one.pk for one in page.context["cl"].result_list] == [cheque.pk]


def test_the_list_takes_a_fixed_number_of_queries(admin, cheque, submit, work, official) -> None:
    admin.get(LIST)  # the session is written once
    with CaptureQueriesContext(connection) as one:
        admin.get(LIST)
    for _ in range(3):
        submit(official, Kind.CHEQUE)
    work()
    with CaptureQueriesContext(connection) as four:
        admin.get(LIST)
    assert len(one) == len(four)


def test_read_again(admin, cheque) -> None:
    assert "Done for 1 submission." in _act(admin, "read_again", cheque).text
    assert cheque.runs.count() == 2
    assert "already waiting" in _act(admin, "read_again", cheque).text


def test_flag_and_remove_flag(admin, cheque) -> None:
    for action, is_flagged in (("flag", True), ("remove_flag", False)):
        _act(admin, action, cheque)
        cheque.refresh_from_db()
        assert cheque.is_flagged is is_flagged


@pytest.mark.parametrize("action", ["hide_with_reason", "delete_with_reason"])
def test_hiding_and_deleting_want_a_reason(admin, cheque, action, api_of, official) -> None:
    asked = _ask(admin, action, cheque)
    assert asked.status_code == 200
    assert "Reason" in asked.text
    again = _act(admin, action, cheque, reason=" ")
    assert "This field is required" in again.text
    address = f"/api/v1/submissions/{cheque.pk}"
    assert api_of(official).get(address).status_code == 200

    _act(admin, action, cheque, reason="not a cheque")

    cheque.refresh_from_db()
    assert cheque.moderation_reason == "not a cheque"
    assert api_of(official).get(address).status_code == 404
    assert "not a cheque" in LogEntry.objects.latest("pk").change_message
    _act(admin, "restore", cheque)
    assert api_of(official).get(address).status_code == 200


def test_a_page_says_what_will_be_done_before_it_is(
    admin, cheque, submit, official, moderator, django_capture_on_commit_callbacks
) -> None:
    other = submit(official, Kind.CHEQUE, "other.png")
    intake.delete(other, by=moderator, reason="twice")
    events = Event.objects.count()

    with django_capture_on_commit_callbacks(execute=True) as after:
        page = _ask(admin, "read_again", cheque, other)

    assert (cheque.runs.count(), other.runs.count(), Event.objects.count()) == (1, 1, events)
    assert not after
    assert [pk for pk, _called in page.context["included"]] == [cheque.pk]
    assert page.context["left_out"] == [(f"{other}, {official}", "This item was deleted.")]
    assert "Each is read once more" in page.text
    assert "Left as it is: 1 submission" in page.text

    assert "This item was deleted." in _act(admin, "read_again", cheque, other).text
    assert (cheque.runs.count(), other.runs.count()) == (2, 1)


@pytest.mark.parametrize(
    ("action", "why_not"),
    [
        ("remove_flag", "It is not flagged."),
        ("restore", "It is neither hidden nor deleted."),
        ("end_hold", "There is no legal hold."),
    ],
)
def test_where_there_is_nothing_to_do_nothing_is_offered(admin, cheque, action, why_not) -> None:
    page = _ask(admin, action, cheque)
    assert why_not in page.text
    assert 'name="confirmed"' not in page.text
    before = Event.objects.count()
    assert why_not in _act(admin, action, cheque).text
    assert Event.objects.count() == before


def test_more_than_a_page_of_them_is_refused(admin, cheque, monkeypatch, submit, official) -> None:
    monkeypatch.setattr("accounts.admin_bulk.AT_ONCE", 1)
    other = submit(official, Kind.CHEQUE, "other.png")
    assert "Choose at most 1 at once." in _act(admin, "flag", cheque, other).text
    assert not Submission.objects.filter(is_flagged=True).exists()


def test_what_left_the_list_meanwhile_is_told(admin, cheque, submit, official) -> None:
    other = submit(official, Kind.CHEQUE, "other.png")
    Submission.objects.filter(pk=other.pk).update(is_flagged=True)
    page = _act(admin, "flag", cheque, other, at=f"{LIST}?is_flagged__exact=0")
    assert "1 more was left as it is" in page.text
    assert "Done for 1 submission." in page.text


def test_nothing_that_was_read_can_be_edited(admin, cheque, official) -> None:
    number = cheque.latest_run.readings.get(name="cheque_number")
    correction = review.correct(number, "999999", official)
    for row in (cheque, cheque.latest_run, number, correction):
        name = row._meta.model_name
        address = reverse(f"admin:recognition_{name}_change", args=[row.pk])
        page = admin.get(address)
        assert page.status_code == 200
        assert 'name="_save"' not in page.text
        assert admin.post(address, {"value": "1"}).status_code == 403
        assert admin.post(reverse(f"admin:recognition_{name}_add")).status_code == 403
        delete = reverse(f"admin:recognition_{name}_delete", args=[row.pk])
        assert admin.post(delete, {"post": "yes"}).status_code == 403
    number.refresh_from_db()
    assert number.value == "004512"


@pytest.mark.parametrize(
    "model", [Submission, RecognitionRun, FieldReading, Correction, ModelVersion, WorkerSign]
)
def test_every_list_opens(admin, cheque, model) -> None:
    ModelVersion.objects.get_or_create(name="x", version="1", sha256="0" * 64)
    page = admin.get(reverse(f"admin:recognition_{model._meta.model_name}_changelist"))
    assert page.status_code == 200


def test_the_queue_is_shown(admin, submit, individual) -> None:
    submit(individual)
    address = reverse("admin:recognition_workersign_changelist")
    assert "No worker is answering." in admin.get(address).text
    processing.give_sign("here")
    page = admin.get(address).text
    assert "1 waiting, 0 being read." in page
    assert "No worker is answering." not in page


def test_networks_are_activated_and_rolled_back(admin, moderator) -> None:
    ModelVersion.objects.all().delete()
    one, two = (
        ModelVersion.objects.create(name="digits", version=version, sha256="0" * 64)
        for version in "12"
    )
    networks.activate(one, by=None)
    address = reverse("admin:recognition_modelversion_changelist")

    assert "one version of each" in _ask(admin, "activate", one, two, at=address).text
    _ask(admin, "activate", two, at=address)
    two.refresh_from_db()
    assert (two.is_active, two.activated_by) == (True, moderator)
    _ask(admin, "roll_back", two, at=address)
    one.refresh_from_db()
    assert one.is_active


@pytest.mark.parametrize("who", ["individual", "official", "checker"])
def test_nobody_else_comes_in(client_of, request, who) -> None:
    assert client_of(request.getfixturevalue(who)).get(LIST).status_code in {302, 403}
