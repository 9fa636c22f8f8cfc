"""What is mailed, to whom, and when."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from recognition.batches.models import Batch
from recognition.notifications import tasks
from recognition.notifications.models import Notice, Topic, Wish
from recognition.notifications.services import mailing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def notice(official, settings) -> Notice:
    settings.SITE_URL = "https://hdr.example"
    return Notice.objects.create(person=official, topic=Topic.WORK_WAITING, count=2)


@pytest.fixture
def beat():
    """Only the mail: who is told of what is tested beside this."""
    return mailing.send_each


def wish(person, kind: str) -> None:
    Wish.objects.create(person=person, mail=kind)


def test_whoever_chose_nothing_gets_each_by_mail_once(beat, official):
    beat()
    beat()
    (sent,) = mail.outbox
    assert sent.to == [official.email]
    assert sent.subject == "[hdr] There is something for you"
    assert "2 items wait for you." in sent.body
    assert "https://hdr.example/desk/" in sent.body
    assert "https://hdr.example/notifications/" in sent.body


def test_what_comes_together_is_mailed_together(beat, official):
    Notice.objects.create(person=official, topic=Topic.APPLICATION_APPROVED)
    batch = Batch.objects.create(owner=official, name="Noon", kind="cheque", source="upload")
    Notice.objects.create(person=official, topic=Topic.BATCH_DONE, batch=batch, count=5)
    beat()
    (sent,) = mail.outbox
    assert sent.subject == "[hdr] There are 2 things for you"
    assert "The batch “Noon” is read: 5 items." in sent.body
    assert f"https://hdr.example/batches/{batch.pk}/" in sent.body
    assert "application" not in sent.body  # whoever decided has mailed it


def test_nothing_is_mailed_to_whoever_wants_none(beat, official):
    wish(official, "off")
    beat()
    tasks.send_digests()
    assert mail.outbox == []


def test_a_digest_comes_once_a_day_and_holds_what_is_not_read(beat, official):
    wish(official, "daily")
    beat()
    assert mail.outbox == []
    tasks.send_digests()
    tasks.send_digests()
    (sent,) = mail.outbox
    assert sent.subject == "[hdr] Your day"
    assert "2 items wait for you." in sent.body


def test_what_was_read_in_the_page_is_not_mailed(beat, official, client_of):
    client_of(official).post("/notifications/read/")
    beat()
    assert mail.outbox == []


def test_what_is_old_is_mailed_no_more(beat, notice):
    Notice.objects.update(made_at=timezone.now() - timedelta(days=2))
    beat()
    assert mail.outbox == []


def test_nobody_who_was_shut_out_gets_mail(beat, official):
    official.is_active = False
    official.save()
    beat()
    assert mail.outbox == []


def failing(error: Exception):
    def send_messages(self, messages):
        raise error

    return send_messages


def test_mail_waits_for_a_server_that_is_away(beat, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", failing(SMTPServerDisconnected()))
        beat()
    assert mail.outbox == []
    beat()
    assert len(mail.outbox) == 1


def test_an_address_that_is_refused_holds_up_nobody(beat, checker, monkeypatch):
    Notice.objects.create(person=checker, topic=Topic.WORK_WAITING)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", failing(SMTPRecipientsRefused({})))
        beat()
    beat()
    assert mail.outbox == []
    assert not Notice.objects.filter(mailed_at=None).exists()
