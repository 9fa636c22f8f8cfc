"""The accounts that a demonstration prints."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Role, User

pytestmark = pytest.mark.django_db


def printed_logins() -> list[list[str]]:
    out = StringIO()
    call_command("make_demo_accounts", stdout=out)
    return [line.split() for line in out.getvalue().splitlines()]


def test_there_is_one_of_each_role_and_the_printed_passwords_open_them(client):
    logins = printed_logins()
    assert [role for role, _email, _password in logins] == Role.values
    for role, email, password in logins:
        assert email == f"{role}@demo.example"
        client.post(reverse("account_login"), {"login": email, "password": password})
        page = client.get(reverse("account_home"))
        assert page.context["user"].role == role
        client.logout()


def test_a_second_time_changes_nothing():
    first = printed_logins()
    users = set(User.objects.values_list("pk", "password"))
    assert printed_logins() == first
    assert set(User.objects.values_list("pk", "password")) == users


def test_each_installation_has_passwords_of_its_own(settings):
    here = printed_logins()
    settings.SECRET_KEY = "that of another machine"
    assert not {login[2] for login in here} & {login[2] for login in printed_logins()}


def test_nothing_of_a_demonstration_opens_a_real_site(client, api_of, settings):
    (_role, email, password), *_others = printed_logins()
    user = User.objects.get(email=email)
    api = api_of(user)
    client.post(reverse("account_login"), {"login": email, "password": password})
    assert client.get(reverse("account_home")).status_code == 200
    settings.DEMO = False
    assert client.get(reverse("account_home")).status_code == 302
    client.post(reverse("account_login"), {"login": email, "password": password})
    assert client.get(reverse("account_home")).status_code == 302
    assert api.get("/api/v1/submissions").status_code == 401


def test_a_real_site_makes_none(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="HDR_DEMO is off"):
        printed_logins()
    assert not User.objects.exists()
