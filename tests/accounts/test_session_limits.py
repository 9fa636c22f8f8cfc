"""Sessions end when nobody uses them, and at last in any case."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from accounts import middleware, tasks
from tests.conftest import PASSWORD

MINUTES = 60
HOURS = 60 * MINUTES


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1_800_000_000.0

        def time(self) -> float:
            return self.now

    clock = Clock()
    monkeypatch.setattr(middleware, "time", clock)
    return clock


def visit(client):
    return client.get(reverse("account_home"))


@pytest.mark.parametrize(
    ("who", "idle_minutes"),
    [("official", 15), ("checker", 15), ("moderator", 15), ("individual", 60)],
)
def test_an_idle_session_ends_with_a_word_why(request, clock, client_of, who, idle_minutes):
    client = client_of(request.getfixturevalue(who))
    visit(client)
    clock.now += idle_minutes * MINUTES
    assert visit(client).status_code == 200
    clock.now += (idle_minutes + 1) * MINUTES
    response = client.get(reverse("account_home"), follow=True)
    assert response.redirect_chain[0][0].startswith(reverse("account_login"))
    assert f"after {idle_minutes} minutes" in response.content.decode()
    assert visit(client).status_code == 302


@pytest.mark.parametrize(("who", "hours"), [("official", 12), ("individual", 24)])
def test_a_session_in_use_ends_at_its_longest_duration(request, clock, client_of, who, hours):
    client = client_of(request.getfixturevalue(who))
    end = clock.now + hours * HOURS
    while clock.now <= end:
        assert visit(client).status_code == 200
        clock.now += 10 * MINUTES
    response = client.get(reverse("account_home"), follow=True)
    assert "longest duration" in response.content.decode()


def test_what_was_typed_in_an_expired_session_changes_nothing(clock, client_of, official):
    client = client_of(official)
    visit(client)
    clock.now += 16 * MINUTES
    client.post(reverse("account_tokens"), {"name": "late", "days": "30"})
    assert not official.api_tokens.exists()


def test_ended_sessions_do_not_stay_in_the_database(client, client_of, individual, official):
    client.post(reverse("account_login"), {"login": individual.email, "password": PASSWORD})
    alive = client_of(official).session.session_key
    Session.objects.exclude(pk=alive).update(expire_date=timezone.now() - timedelta(days=1))
    tasks.clear_sessions()
    assert [session.pk for session in Session.objects.all()] == [alive]
    assert not UserSession.objects.exists()
