"""Who is told of what, and how often."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts import applications
from accounts.models import Role
from recognition.desk.models import Item, Verdict
from recognition.engine.errors import EngineError, ErrorCode
from recognition.models import RunState
from recognition.notifications.models import Notice, Topic
from recognition.notifications.services import watching
from tests.desk.conftest import works_for
from tests.recognition.drawings import upload

pytestmark = pytest.mark.django_db


def told(person) -> list[str]:
    return [notice.text for notice in Notice.objects.of(person)]


def later(**span) -> None:
    """Let this much time pass since people were told, and since what they were told of."""
    passed = timedelta(**span)
    Notice.objects.update(made_at=F("made_at") - passed)
    Item.objects.update(created_at=F("created_at") - passed)


def test_a_whole_bank_is_told_of_its_work_and_nobody_else(
    arrive, beat, official, checker, individual, moderator, make_user
):
    stranger = make_user("stranger@elsewhere.example")
    works_for("Other Bank", stranger)
    stranger.role = "official"
    stranger.save()
    arrive(official)
    arrive(official)
    beat()
    assert told(official) == told(checker) == ["2 items wait for you."]
    assert told(stranger) == told(individual) == told(moderator) == []


def test_within_an_hour_one_notice_counts_it_all(arrive, beat, official, checker):
    arrive(official)
    beat()
    made = Notice.objects.get(person=checker).made_at
    arrive(official)
    beat()
    beat()
    assert told(checker) == ["2 items wait for you."]
    assert Notice.objects.get(person=checker).made_at == made


def test_after_an_hour_an_unread_one_is_told_anew_but_not_doubled(arrive, beat, official, checker):
    arrive(official)
    beat()
    later(hours=2)
    beat()
    assert Notice.objects.get(person=checker).made_at < timezone.now() - timedelta(hours=1)
    arrive(official)
    beat()
    notice = Notice.objects.get(person=checker)
    assert notice.made_at > timezone.now() - timedelta(minutes=1)
    assert notice.count == 2


def test_who_has_read_it_is_told_of_new_work_within_the_hour_once_the_hour_is_over(
    arrive, beat, official, checker, client_of
):
    arrive(official)
    beat()
    client_of(checker).post("/notifications/read/")
    later(minutes=30)
    arrive(official)
    beat()
    assert not Notice.objects.of(checker).unread().exists()
    later(minutes=31)
    beat()
    assert Notice.objects.of(checker).unread().get().count == 2
    client_of(checker).post("/notifications/read/")
    later(hours=2)
    beat()
    assert not Notice.objects.of(checker).unread().exists()


def test_a_second_key_that_is_needed_is_work_for_checkers(arrive, beat, key, official, checker):
    item = arrive(official)
    beat()
    Notice.objects.all().delete()
    key(item, official)
    beat()
    assert told(official) == []
    assert told(checker) == ["1 item waits for you."]


def test_work_that_others_have_done_is_news_no_more(arrive, beat, key, official, checker):
    item = arrive(official)
    beat()
    key(item, official)
    beat()
    assert not Notice.objects.of(official).unread().exists()
    assert Notice.objects.of(checker).unread().exists()


def test_a_batch_is_told_of_when_it_is_read(hand_in, unpack, work, beat, official, client_of):
    batch = hand_in(upload(), upload())
    unpack()
    beat()
    assert not Notice.objects.filter(topic=Topic.BATCH_DONE).exists()
    work()
    beat()
    beat()
    notice = Notice.objects.get(topic=Topic.BATCH_DONE)
    assert (notice.person, notice.text) == (official, "The batch “Morning” is read: 2 items.")
    assert f'href="/batches/{batch.pk}/"' in client_of(official).get("/notifications/").text


def test_a_batch_that_could_not_be_read_is_done_too(hand_in, unpack, work, reader, beat):
    reader.answer = EngineError(ErrorCode.NO_CHEQUE_FOUND, "none")
    batch = hand_in(upload())
    unpack()
    work()
    assert batch.items.get().submission.latest_run.state == RunState.FAILED
    beat()
    assert Notice.objects.filter(batch=batch).exists()


def test_what_is_added_to_a_batch_is_told_of_in_the_same_notice(
    hand_in, unpack, work, beat, official, client_of
):
    batch = hand_in(upload())
    unpack()
    work()
    beat()
    client = client_of(official)
    client.post("/notifications/read/")
    client.post(f"/batches/{batch.pk}/files/", {"documents": [upload()]})
    unpack()
    beat()
    assert not Notice.objects.filter(batch=batch).unread().exists()
    work()
    beat()
    assert Notice.objects.filter(batch=batch).unread().get().count == 2


def test_a_maker_is_told_of_an_item_that_comes_back(arrive, key, official, checker, client_of):
    item = arrive(official)
    key(item, official)
    key(item, checker, Verdict.RETURN, comment="Look at the date.")
    assert told(checker) == []
    assert told(official) == ["An item that you keyed came back to you."]
    client = client_of(official)
    assert reverse("desk:item", args=[item.pk]) in client.get("/notifications/").text
    assert client.get(reverse("desk:item", args=[item.pk]), follow=True).status_code == 200


@pytest.mark.parametrize("is_approved", [True, False])
def test_an_applicant_is_told_in_the_page_and_by_one_mail_only(
    individual, moderator, beat, django_capture_on_commit_callbacks, is_approved
):
    works_for("Harbour Bank", individual)
    application = individual.applications.get()
    individual.applications.update(state="pending", decided_at=None, decided_by=None)
    with django_capture_on_commit_callbacks(execute=True):
        if is_approved:
            applications.approve(application=application, decided_by=moderator)
        else:
            applications.reject(application=application, decided_by=moderator, reason="No such.")
    beat()
    said = "was approved" if is_approved else "was not approved"
    assert told(individual) == [f"Your application as a bank official {said}."]
    assert len(mail.outbox) == 1


def test_a_round_asks_little_of_the_database(
    arrive, official, make_user, django_assert_max_num_queries
):
    for number in range(20):
        make_user(f"{number}@bank.example", Role.OFFICIAL)
    idle = 4  # which batches, who has nothing to do any more, and who works where work waits
    with django_assert_max_num_queries(idle):
        watching.watch()
    arrive(official)
    watching.watch()
    assert Notice.objects.count() == 21
    with django_assert_max_num_queries(idle + 1 + 21):
        watching.watch()
