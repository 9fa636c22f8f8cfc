"""Whoever comes in, goes, or gets or loses access leaves an event behind."""

import pytest
from django.urls import reverse

from accounts.audit import chain
from accounts.audit.codes import EventCode
from accounts.audit.models import Event
from accounts.models import ApiToken, OfficialApplication, Role
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _chain_holds():
    yield
    assert not list(chain.faults())


def codes(**conditions) -> list[str]:
    # Setting a site up activates its networks, which is in the log before anybody comes.
    found = Event.objects.filter(**conditions).exclude(code=EventCode.NETWORK_ACTIVATED)
    found = found.order_by("sequence")
    return list(found.values_list("code", flat=True))


def test_login_logout_and_failed_login(client, individual):
    login = reverse("account_login")
    client.post(login, {"login": individual.email, "password": "wrong wrong wrong"})
    client.post(login, {"login": "nobody@example.org", "password": "wrong wrong wrong"})
    client.post(login, {"login": individual.email, "password": PASSWORD})
    client.post(reverse("account_logout"))
    assert codes() == ["login.failed", "login.failed", "login.succeeded", "login.ended"]
    assert codes(subject_id=str(individual.pk)) == [
        "login.failed",
        "login.succeeded",
        "login.ended",
    ]
    assert "nobody@example.org" not in str(Event.objects.values())


def test_tokens_made_and_revoked(client_of, individual, moderator, api_of):
    api_of(individual)
    api_of(individual)
    mine, theirs = ApiToken.objects.filter(owner=individual)
    client_of(individual).post(reverse("account_token_revoke", args=[mine.pk]))
    client_of(moderator).post(f"/admin/accounts/apitoken/{theirs.pk}/delete/", {"post": "yes"})
    assert not ApiToken.objects.exists()
    assert codes(subject_id=str(mine.pk)) == ["token.created", "token.revoked"]
    revoked = Event.objects.get(subject_id=str(theirs.pk), code="token.revoked")
    assert revoked.actor == moderator.pk
    assert revoked.details == {"owner": str(individual.pk)}


def test_a_decided_application_and_the_role_it_gives(client_of, moderator, individual):
    client_of(individual).post(
        reverse("official_application"),
        {
            "full_name": "A Person",
            "bank": "A Bank",
            "branch": "A Branch",
            "branch_code": "SBIN0001234",
            "employee_number": "1",
        },
    )
    application = OfficialApplication.objects.get()
    client_of(moderator).post(
        reverse("admin:accounts_officialapplication_changelist"),
        {"action": "approve", "confirmed": "yes", "_selected_action": [str(application.pk)]},
    )
    individual.refresh_from_db()
    assert individual.role == Role.OFFICIAL
    assert codes(subject_id=str(application.pk)) == ["application.made", "application.approved"]
    given = Event.objects.get(code="account.role_changed")
    assert (given.actor, given.details) == (moderator.pk, {"role": "official"})


def test_suspension_and_return(client_of, moderator, individual):
    admin = client_of(moderator)
    for action in ("suspend", "reinstate"):
        admin.post(
            reverse("admin:accounts_user_changelist"),
            {"action": action, "_selected_action": [str(individual.pk)], "confirmed": "1"},
        )
    assert codes(subject_id=str(individual.pk)) == ["account.suspended", "account.reinstated"]
