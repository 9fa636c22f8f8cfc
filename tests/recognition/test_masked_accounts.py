"""Account numbers show their last four digits until somebody asks, and asking is an event."""

import pytest
from django.urls import reverse

from accounts.audit.models import Event
from recognition.models import FieldName, Kind, Submission
from recognition.views import submissions

pytestmark = pytest.mark.django_db

NUMBER = "00123456789"
MASKED = "XXXXXXX6789"


@pytest.fixture
def cheque(submit, work, official) -> Submission:
    found = submit(official, Kind.CHEQUE)
    work()
    return found


def shown_to() -> list[object]:
    events = Event.objects.filter(code="submission.unmasked").order_by("sequence")
    return [event.actor for event in events]


def test_pages_lists_and_exports_are_masked(client_of, api_of, official, cheque):
    browser = client_of(official)
    page = browser.get(reverse("submission", args=[cheque.pk])).text
    assert MASKED in page
    history = browser.get(reverse("history")).text
    assert MASKED in history
    table = browser.get(reverse("history_export")).getvalue().decode()
    assert MASKED in table
    answer = api_of(official).get(reverse("api:submissions"))
    values = answer.json()["results"][0]["values"]
    assert values["account_number"]["value"] == MASKED
    assert values["cheque_number"]["value"] == "004512"
    for text in (page, history, table, answer.content.decode()):
        assert NUMBER not in text
        assert "000123⑈" not in text
    assert shown_to() == []


def test_a_button_shows_it_for_a_while_and_leaves_an_event(
    client_of, official, cheque, monkeypatch
):
    browser = client_of(official)
    page = reverse("submission", args=[cheque.pk])
    unmask = reverse("submission_unmask", args=[cheque.pk])
    assert unmask in browser.get(page).text
    assert browser.get(unmask).status_code == 405
    assert NUMBER in browser.post(unmask, follow=True).text
    assert shown_to() == [official.pk]
    later = submissions.time.time() + submissions.UNMASKED_SECONDS + 1
    monkeypatch.setattr(submissions.time, "time", lambda: later)
    assert NUMBER not in browser.get(page).text


def test_another_session_and_another_item_stay_masked(client_of, official, cheque, submit, work):
    client_of(official).post(reverse("submission_unmask", args=[cheque.pk]))
    assert NUMBER not in client_of(official).get(reverse("submission", args=[cheque.pk])).text


def test_a_corrected_number_is_masked_too(client_of, official, cheque):
    browser = client_of(official)
    browser.post(
        reverse("reading_correct", args=[cheque.pk, FieldName.ACCOUNT_NUMBER]),
        {"value": "998877665544"},
    )
    for name, arguments in (("submission", [cheque.pk]), ("history", [])):
        text = browser.get(reverse(name, args=arguments)).text
        assert "998877665544" not in text
        assert "XXXXXXXX5544" in text


def test_the_api_tells_one_item_in_full_and_notes_it_once(api_of, official, cheque):
    api = api_of(official)
    for _ in range(2):
        body = api.get(reverse("api:submission", args=[cheque.pk])).json()
        assert body["result"]["fields"]["account_number"]["value"] == NUMBER
    assert shown_to() == [official.pk]


def test_a_stranger_is_told_nothing(client_of, individual, cheque):
    response = client_of(individual).post(reverse("submission_unmask", args=[cheque.pk]))
    assert response.status_code == 404
    assert shown_to() == []


def test_the_admin_site_is_masked(client_of, moderator, cheque):
    browser = client_of(moderator)
    reading = cheque.runs.get().readings.get(name=FieldName.ACCOUNT_NUMBER)
    for address in (
        reverse("admin:recognition_submission_changelist"),
        reverse("admin:recognition_fieldreading_changelist"),
        reverse("admin:recognition_fieldreading_change", args=[reading.pk]),
        reverse("admin:recognition_recognitionrun_change", args=[reading.run_id]),
    ):
        text = browser.get(address).text
        assert MASKED in text, address
        assert NUMBER not in text, address


def test_a_single_digit_has_nothing_to_hide(client_of, api_of, individual, submit, work):
    submit(individual)
    work()
    digit = Submission.objects.get()
    assert (
        "Show the account number"
        not in client_of(individual).get(reverse("submission", args=[digit.pk])).text
    )
    api_of(individual).get(reverse("api:submission", args=[digit.pk]))
    assert shown_to() == []
