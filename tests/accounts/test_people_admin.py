"""Moderators change roles, suspend people and help those who lost their second factor."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

CHANGELIST = "admin:accounts_user_changelist"


def change_url(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def log_in(user: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("account_home")).status_code == 200


def act(client: Client, action: str, *users: User):
    fields = {"action": action, "_selected_action": [str(user.pk) for user in users]}
    asked = client.post(reverse(CHANGELIST), fields)
    assert asked.status_code == 200
    fields["confirmed"] = "1"
    return client.post(reverse(CHANGELIST), fields, follow=True)


def test_the_admin_has_no_login_of_its_own(client):
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))
    direct = client.post(
        reverse("admin:login"), {"username": "moderator@example.org", "password": PASSWORD}
    )
    assert direct["Location"].startswith(reverse("account_login"))


def test_the_admin_changes_no_password_by_itself(client_of, moderator):
    response = client_of(moderator).get(reverse("admin:password_change"))
    assert response["Location"] == reverse("account_change_password")


@pytest.mark.parametrize("who", ["individual", "official", "checker"])
def test_only_moderators_enter_the_admin(request, client_of, who):
    client = client_of(request.getfixturevalue(who))
    assert client.get(reverse("admin:index"), follow=True).status_code == 403
    assert client.get(reverse(CHANGELIST), follow=True).status_code == 403


def test_a_moderator_finds_people_with_role_and_last_login(client_of, moderator, official):
    page = client_of(moderator).get(reverse(CHANGELIST), {"q": official.email})
    html = page.content.decode()
    assert official.email in html
    assert "bank official" in html
    assert "Last login" in html


def test_the_list_takes_as_many_queries_for_many_as_for_few(
    client_of, moderator, make_user, django_assert_max_num_queries
):
    for number in range(20):
        make_user(f"user{number}@example.org")
    client = client_of(moderator)
    client.get(reverse(CHANGELIST))
    with django_assert_max_num_queries(12):
        client.get(reverse(CHANGELIST))


def test_a_moderator_gives_a_role(client_of, moderator, official):
    client_of(moderator).post(change_url(official), {"role": "checker", "is_active": "on"})
    official.refresh_from_db()
    assert official.role == Role.CHECKER
    assert official.is_active


def test_a_former_moderator_keeps_no_permission(client_of, moderator, make_user):
    other = make_user("other@example.org", Role.MODERATOR)
    User.objects.filter(pk=other.pk).update(is_superuser=True)
    client_of(moderator).post(change_url(other), {"role": "individual", "is_active": "on"})
    other.refresh_from_db()
    assert not other.is_superuser
    assert client_of(other).get(reverse("admin:index"), follow=True).status_code == 403


def test_a_suspended_person_is_out_at_once_and_stays_out(client_of, moderator, individual):
    client = log_in(individual)
    assert is_in(client)
    client_of(moderator).post(change_url(individual), {"role": "individual"})
    assert not is_in(client)
    assert not is_in(log_in(individual))
    act(client_of(moderator), "reinstate", individual)
    assert not is_in(client)  # the old session stays dead
    assert is_in(log_in(individual))


def test_many_are_suspended_at_once(client_of, moderator, individual, official):
    act(client_of(moderator), "suspend", individual, official)
    assert User.objects.filter(is_active=False).count() == 2


@pytest.mark.parametrize(
    "fields", [{"role": "individual", "is_active": "on"}, {"role": "moderator"}]
)
def test_nobody_shuts_themselves_out(client_of, moderator, fields):
    page = client_of(moderator).post(change_url(moderator), fields)
    assert "Another moderator must" in page.content.decode()
    assert (
        "Another moderator must" in act(client_of(moderator), "suspend", moderator).content.decode()
    )
    moderator.refresh_from_db()
    assert moderator.is_active
    assert moderator.role == Role.MODERATOR


def test_lost_second_factors_are_removed_with_what_stood_on_them(
    client_of, api_of, moderator, individual, django_capture_on_commit_callbacks
):
    client, api = log_in(individual), api_of(individual)
    Authenticator.objects.create(user=individual, type="totp", data={})
    with django_capture_on_commit_callbacks(execute=True):
        act(client_of(moderator), "reset_second_factors", individual)
    (message,) = mail.outbox
    assert message.to == [individual.email]
    assert "removed the second factors" in message.body
    assert not Authenticator.objects.filter(user=individual).exists()
    assert not is_in(client)
    assert api.get("/api/v1/submissions").status_code == 401


def test_a_moderator_revokes_somebodys_token(client_of, api_of, moderator, individual):
    api = api_of(individual)
    token = individual.api_tokens.get()
    client_of(moderator).post(
        reverse("admin:accounts_apitoken_delete", args=[token.pk]), {"post": "yes"}
    )
    assert api.get("/api/v1/submissions").status_code == 401


@pytest.mark.parametrize("page", ["accounts_user_add", "accounts_apitoken_add"])
def test_nobody_is_made_in_the_admin(client_of, moderator, page):
    assert client_of(moderator).get(reverse(f"admin:{page}")).status_code == 403


def test_nobody_is_deleted_in_the_admin(client_of, moderator, individual):
    url = reverse("admin:accounts_user_delete", args=[individual.pk])
    assert client_of(moderator).post(url, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=individual.pk).exists()


def test_moderators_do_not_see_the_secrets_behind_second_factors(client_of, moderator):
    url = reverse("admin:mfa_authenticator_changelist")
    assert client_of(moderator).get(url).status_code == 403
