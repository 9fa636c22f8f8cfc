"""What is too old goes, what is under a legal hold stays, and the audit log stays whole."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from accounts.audit import chain
from accounts.audit.models import Event
from recognition.models import LegalHold, Submission
from recognition.services import upkeep

pytestmark = pytest.mark.django_db

CHANGELIST = "admin:recognition_submission_changelist"


@pytest.fixture
def old(submit, work, individual) -> Submission:
    found = submit(individual)
    work()
    Submission.objects.update(created_at=timezone.now() - timedelta(days=100))
    return found


def act(client, action: str, submission: Submission) -> str:
    fields = {
        "action": action,
        "_selected_action": [str(submission.pk)],
        "confirmed": "yes",
        "reason": "a court asked",
    }
    return client.post(reverse(CHANGELIST), fields, follow=True).text


def test_nothing_goes_by_itself_unless_a_time_is_set(old):
    assert upkeep.purge() == 0


def test_what_is_past_its_time_goes_with_its_files(
    old, submit, individual, settings, stored_files, django_capture_on_commit_callbacks
):
    settings.RETENTION_DAYS = 99
    young = submit(individual)
    with django_capture_on_commit_callbacks(execute=True):
        assert upkeep.purge() == 1
    assert Submission.objects.get().pk == young.pk
    assert len(stored_files()) == 2
    assert Event.objects.about(old).order_by("-sequence").first().code == "submission.purged"
    assert not list(chain.faults())


def test_what_still_waits_to_be_read_stays(submit, individual, settings):
    settings.RETENTION_DAYS = 99
    submit(individual)
    Submission.objects.update(created_at=timezone.now() - timedelta(days=100))
    assert upkeep.purge() == 0


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_hold_keeps_an_item_until_it_ends(client_of, moderator, old, settings, is_deleted):
    settings.RETENTION_DAYS = 99
    if is_deleted:
        Submission.objects.update(deleted_at=timezone.now() - timedelta(days=90))
    admin = client_of(moderator)
    act(admin, "hold_with_reason", old)
    assert upkeep.purge() == 0
    page = admin.get(reverse("admin:recognition_submission_change", args=[old.pk])).text
    assert "a court asked" in page
    assert "There is a legal hold already" in act(admin, "hold_with_reason", old)
    found = admin.get(reverse(CHANGELIST), {"hold__isempty": "0"}).text
    assert old.file_name in found
    act(admin, "end_hold", old)
    assert "There is no legal hold" in act(admin, "end_hold", old)
    assert upkeep.purge() == 1
    codes = [event.code for event in Event.objects.about(old).order_by("sequence")]
    assert codes == ["submission.created", "hold.set", "hold.ended", "submission.purged"]


def test_the_database_itself_keeps_what_is_held(old, moderator):
    LegalHold.objects.create(submission=old, reason="a court asked", set_by=moderator)
    with pytest.raises(ProtectedError):
        upkeep.purge_one(old)
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalHold.objects.update(reason="")
