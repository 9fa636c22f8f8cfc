"""What is done to items, and who looked at another person's, leaves an event behind."""

import pytest
from django.urls import reverse

from accounts.audit import chain
from accounts.audit.models import Event
from recognition.models import FieldName, Kind, ModelVersion, Submission
from recognition.services import networks, upkeep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _chain_holds():
    yield
    assert not list(chain.faults())


@pytest.fixture
def cheque(submit, work, official) -> Submission:
    found = submit(official, Kind.CHEQUE)
    work()
    return found


def happened_to(submission: Submission) -> list[tuple[str, object]]:
    found = Event.objects.about(submission).order_by("sequence")
    return list(found.values_list("code", "actor"))


def test_the_life_of_an_item(client_of, official, cheque, settings):
    browser = client_of(official)
    browser.post(
        reverse("reading_correct", args=[cheque.pk, FieldName.ACCOUNT_NUMBER]),
        {"value": "998877665544"},
    )
    browser.post(reverse("submission_rerun", args=[cheque.pk]))
    browser.post(reverse("submissions_delete"), {"submission": cheque.pk, "confirmed": "on"})
    settings.DELETED_RETENTION_DAYS = 0
    assert upkeep.purge() == 1
    assert happened_to(cheque) == [
        ("submission.created", official.pk),
        ("reading.corrected", official.pk),
        ("submission.rerun", official.pk),
        ("submission.deleted", official.pk),
        ("submission.purged", None),
    ]
    assert "998877665544" not in str(Event.objects.values())


def test_a_look_at_ones_own_item_is_nothing_and_at_anothers_an_event(
    client_of, api_of, official, moderator, cheque
):
    image = reverse("submission_image", args=[cheque.pk])
    client_of(official).get(image).getvalue()
    assert [code for code, _ in happened_to(cheque)] == ["submission.created"]
    browser = client_of(moderator)
    browser.get(image).getvalue()
    browser.get(reverse("submission_snippet", args=[cheque.pk, "date"]))
    api_of(moderator).get(reverse("api:image", args=[cheque.pk])).getvalue()
    assert happened_to(cheque)[1:] == [("submission.image_viewed", moderator.pk)]


def test_moderation(client_of, moderator, cheque):
    browser = client_of(moderator)
    chosen = {"_selected_action": [str(cheque.pk)]}
    address = reverse("admin:recognition_submission_changelist")
    for action in ("flag", "remove_flag", "hide_with_reason", "restore", "delete_with_reason"):
        fields = chosen | {"action": action, "confirmed": "yes", "reason": "a reason"}
        browser.post(address, fields)
    by = moderator.pk
    assert happened_to(cheque)[1:] == [
        ("moderation.flagged", by),
        ("moderation.unflagged", by),
        ("moderation.hidden", by),
        ("moderation.restored", by),
        ("submission.deleted", by),
    ]


def test_an_export_tells_which_filters_were_used_but_not_what_for(client_of, official, cheque):
    client_of(official).get(reverse("history_export"), {"q": "12345678", "kind": "cheque"})
    event = Event.objects.get(code="history.exported")
    assert (event.actor, event.details) == (official.pk, {"filters": ["kind", "q"]})


def test_a_network_is_activated(moderator):
    ModelVersion.objects.all().delete()
    row = ModelVersion.objects.create(name="digits", version="9", sha256="0" * 64)
    networks.activate(row, by=moderator)
    event = Event.objects.about(row).get()
    assert (event.actor, event.details) == (moderator.pk, {"name": "digits", "version": "9"})
