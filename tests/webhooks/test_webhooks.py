"""Endpoints through the page, and messages at a receiver."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.audit.models import Event
from accounts.models import Role
from recognition.batches.models import Batch, BatchState
from recognition.webhooks import tasks
from recognition.webhooks.models import Delivery, Endpoint, State
from recognition.webhooks.services import outbox
from tests.desk.conftest import works_for

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).parents[2] / "docs" / "webhooks.md"


@pytest.fixture
def checker(make_user):
    return make_user("keeper@bank.example", Role.CHECKER)


@pytest.fixture
def added(client_of, checker, receiver):
    """Return the secret of an endpoint added in the page."""
    events = ["submission.read", "item.decided"]
    shown = client_of(checker).post("/webhooks/", {"url": receiver.url, "events": events}).text
    return re.search(r"whsec_[A-Za-z0-9+/=]+", shown)[0]


def send_test(client):
    client.post(f"/webhooks/{Endpoint.objects.get().pk}/test/")
    tasks.send_due()


def test_a_reading_is_told_signed_and_masked(arrive, checker, added, receiver):
    arrive(checker, account_number={"value": "00123456789"})
    assert receiver.got == []
    tasks.send_due()
    [(path, headers, body)] = receiver.got
    example = re.search(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)[1]
    scope = {}
    exec(example, scope)  # noqa: S102 - our own document
    assert path == "/hook?a=1"
    assert scope["is_genuine"](added, headers, body)
    assert not scope["is_genuine"](added, headers, body + b" ")
    assert json.loads(body)["type"] == "submission.read"
    assert b"00123456789" not in body
    assert Delivery.objects.get().state == State.DELIVERED


@pytest.mark.parametrize("code", [500, 302])
def test_a_failure_is_tried_again_and_redirects_are_not_followed(
    client_of, checker, added, receiver, code
):
    receiver.code = code
    send_test(client_of(checker))
    tasks.send_due()
    one = Delivery.objects.get()
    assert (one.state, one.attempts, one.last_code) == (State.PENDING, 1, code)
    assert len(receiver.got) == 1
    Delivery.objects.update(next_attempt_at=timezone.now())
    receiver.code = 200
    tasks.send_due()
    assert Delivery.objects.get().state == State.DELIVERED
    assert receiver.got[0][1]["webhook-id"] == receiver.got[1][1]["webhook-id"]


def test_an_endpoint_that_fails_for_days_is_switched_off(client_of, checker, added, receiver):
    receiver.code = 500
    Endpoint.objects.update(failing_since=timezone.now() - timedelta(days=6))
    send_test(client_of(checker))
    assert not Endpoint.objects.get().is_active


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]"]
)
def test_private_addresses_are_refused(client_of, checker, host):
    data = {"url": f"https://{host}/", "events": ["batch.done"]}
    answer = client_of(checker).post("/webhooks/", data)
    assert answer.status_code == 400
    assert "private or reserved network" in answer.text
    assert not Endpoint.objects.exists()


def test_plain_http_is_refused(client_of, checker):
    data = {"url": "http://example.com/", "events": ["batch.done"]}
    assert "must begin with https://" in client_of(checker).post("/webhooks/", data).text


def test_what_is_sent_again_comes_again(client_of, checker, added, receiver):
    client = client_of(checker)
    send_test(client)
    client.post(f"/webhooks/sent/{Delivery.objects.get().pk}/")
    tasks.send_due()
    assert len(receiver.got) == 2


def test_a_new_secret_replaces_the_old(client_of, checker, added):
    shown = client_of(checker).post(f"/webhooks/{Endpoint.objects.get().pk}/secret/").text
    assert "whsec_" in shown
    assert added not in shown


def test_every_change_is_in_the_audit_log(client_of, checker, added):
    client, page = client_of(checker), f"/webhooks/{Endpoint.objects.get().pk}/"
    client.post(f"{page}secret/")
    client.post(f"{page}switch/")
    assert not Endpoint.objects.get().is_active
    written = Event.objects.filter(code__startswith="webhook.").order_by("pk")
    codes = written.values_list("code", flat=True)
    assert list(codes) == ["webhook.added", "webhook.secret_renewed", "webhook.switched"]


def test_another_banks_endpoints_do_not_exist(client_of, checker, added, individual):
    individual.role = Role.CHECKER
    individual.save()
    works_for("Other Bank", individual)
    client, page = client_of(individual), f"/webhooks/{Endpoint.objects.get().pk}/"
    assert client.get(page).status_code == 404
    assert client.post(f"{page}test/").status_code == 404
    assert "127.0.0.1" not in client.get("/webhooks/").text


def test_individuals_have_none(client_of, individual):
    assert client_of(individual).get("/webhooks/").status_code == 403


def test_lists_cost_few_queries(client_of, checker, added, django_assert_max_num_queries):
    client = client_of(checker)
    for _ in range(3):
        send_test(client)
    with django_assert_max_num_queries(12):
        assert "delivered" in client.get(f"/webhooks/{Endpoint.objects.get().pk}/").text


def test_a_decision_is_told_once_and_masked(arrive, checker, official, added, receiver):
    item = arrive(official)
    item.values, item.state = {"account_number": "00123456789"}, "approved"
    outbox.note_item(item)
    outbox.note_item(item)
    decided = Delivery.objects.get(event="item.decided")
    assert json.loads(decided.body)["data"]["values"] == {"account_number": "XXXXXXX6789"}


def test_a_closed_batch_is_told_once(checker, added):
    Endpoint.objects.update(events=["batch.done"])
    batch = Batch(owner=checker, name="Monday", state=BatchState.CLOSED)
    outbox.note_batch(batch)
    outbox.note_batch(batch)
    assert json.loads(Delivery.objects.get().body)["data"]["name"] == "Monday"


def test_moderators_see_what_was_sent_and_change_nothing(client_of, make_user, checker, added):
    send_test(client_of(checker))
    moderator = client_of(make_user("eye@bank.example", Role.MODERATOR))
    delivery = Delivery.objects.get()
    assert "delivered" in moderator.get("/admin/webhooks/delivery/").text
    assert delivery.body not in moderator.get(f"/admin/webhooks/delivery/{delivery.pk}/").text
    answer = moderator.post(f"/admin/webhooks/delivery/{delivery.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 403


def test_moderators_send_what_was_given_up_again_or_drop_it(
    client_of, make_user, checker, added, receiver
):
    receiver.code = 500
    send_test(client_of(checker))
    delivery = Delivery.objects.get()
    Delivery.objects.update(state=State.FAILED)
    moderator = client_of(make_user("eye@bank.example", Role.MODERATOR))
    assert "1 message of a webhook was given up" in moderator.get("/admin/").text

    def act(action, **data):
        fields = {"action": action, "_selected_action": [str(delivery.pk)]} | data
        page = moderator.post("/admin/webhooks/delivery/", fields, follow=True).text
        delivery.refresh_from_db()
        return page

    assert "a test" in act("requeue")
    assert delivery.state == State.FAILED
    act("requeue", confirmed="1")
    assert "It is on its way, or there." in act("requeue", confirmed="1")
    receiver.code = 204
    tasks.send_due()
    act("give_up", confirmed="1", reason="no use")
    assert delivery.state == State.DELIVERED

    Delivery.objects.update(state=State.FAILED)
    assert "This field is required" in act("give_up", confirmed="1", reason="")
    act("give_up", confirmed="1", reason="the system is gone")
    assert delivery.state == State.DROPPED
    assert "was given up" not in moderator.get("/admin/").text
    Endpoint.objects.update(is_active=False)
    assert "Its endpoint is switched off." in act("requeue")
    codes = Event.objects.filter(code__startswith="webhook.").values_list("code", flat=True)
    assert sorted(codes) == ["webhook.added", "webhook.given_up", "webhook.requeued"]
