"""How long notices are kept, and what becomes of them when their person goes."""

import json
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import erasure
from recognition import tasks
from recognition.notifications.models import Notice, Topic, Wish
from recognition.services import personal_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(individual) -> Notice:
    return Notice.objects.create(person=individual, topic=Topic.APPLICATION_REJECTED)


@pytest.mark.parametrize(
    ("made", "read", "is_kept"),
    [(100, 89, True), (100, 91, False), (100, None, True), (366, None, False)],
)
def test_what_was_read_long_ago_goes_with_the_hourly_upkeep(notice, made, read, is_kept):
    now = timezone.now()
    notice.made_at = now - timedelta(days=made)
    notice.read_at = None if read is None else now - timedelta(days=read)
    notice.save()
    tasks.purge_deleted()
    assert Notice.objects.exists() is is_kept


def test_who_takes_their_data_away_gets_their_notices(individual, official, notice):
    Notice.objects.create(person=official, topic=Topic.WORK_WAITING)
    Wish.objects.create(person=individual, mail="daily")
    with personal_data.archive_of(individual) as file, zipfile.ZipFile(file) as archive:
        kept = json.loads(archive.read("notifications.json"))
    assert kept["by_email"] == "daily"
    assert [one["what"] for one in kept["notifications"]] == [notice.text]


def test_an_erased_persons_notices_are_gone(individual, official, notice):
    other = Notice.objects.create(person=official, topic=Topic.WORK_WAITING)
    Wish.objects.create(person=individual, mail="off")
    erasure.erase(user=individual, by=individual)
    assert Notice.objects.get() == other
    assert not Wish.objects.exists()
