"""Moderation in the admin site."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recognition.models import (
    Correction,
    FieldReading,
    Kind,
    ModelVersion,
    RecognitionRun,
    Submission,
    WorkerSign,
)
from recognition.services import networks, processing, review

LIST = reverse("admin:recognition_submission_changelist")


@pytest.fixture
def admin(client_of, moderator):
    return client_of(moderator)


@pytest.fixture
def cheque(submit, work, official) -> Submission:
    submission = submit(official, Kind.CHEQUE, "<b>cheque.png")
    work()
    return Submission.objects.get(pk=submission.pk)


def _act(admin, action: str, *chosen, at: str = LIST, **data):
    body = {"action": action, "_selected_action": [one.pk for one in chosen]} | data
    return admin.post(at, body, follow="confirmed" in data or not action.endswith("reason"))


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
    assert "Done for 1 item." in _act(admin, "read_again", cheque).text
    assert cheque.runs.count() == 2
    assert "already waiting" in _act(admin, "read_again", cheque).text


def test_flag_and_remove_flag(admin, cheque) -> None:
    for action, is_flagged in (("flag", True), ("remove_flag", False)):
        _act(admin, action, cheque)
        cheque.refresh_from_db()
        assert cheque.is_flagged is is_flagged


@pytest.mark.parametrize("action", ["hide_with_reason", "delete_with_reason"])
def test_hiding_and_deleting_want_a_reason(admin, cheque, action, api_of, official) -> None:
    asked = _act(admin, action, cheque)
    assert asked.status_code == 200
    assert "Reason" in asked.text
    again = _act(admin, action, cheque, confirmed="1", reason=" ")
    assert "This field is required" in again.text
    address = f"/api/v1/submissions/{cheque.pk}"
    assert api_of(official).get(address).status_code == 200

    _act(admin, action, cheque, confirmed="1", reason="not a cheque")

    cheque.refresh_from_db()
    assert cheque.moderation_reason == "not a cheque"
    assert api_of(official).get(address).status_code == 404
    assert "not a cheque" in LogEntry.objects.latest("pk").change_message
    _act(admin, "restore", cheque)
    assert api_of(official).get(address).status_code == 200


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

    assert "one version of each" in _act(admin, "activate", one, two, at=address).text
    _act(admin, "activate", two, at=address)
    two.refresh_from_db()
    assert (two.is_active, two.activated_by) == (True, moderator)
    _act(admin, "roll_back", two, at=address)
    one.refresh_from_db()
    assert one.is_active


@pytest.mark.parametrize("who", ["individual", "official", "checker"])
def test_nobody_else_comes_in(client_of, request, who) -> None:
    assert client_of(request.getfixturevalue(who)).get(LIST).status_code in {302, 403}
