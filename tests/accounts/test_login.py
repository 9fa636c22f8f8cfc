"""Logging in and out, the password, the address, and one's sessions."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "another battery horse staple"


def log_in(user, password=PASSWORD) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": password})
    return client


def is_in(client) -> bool:
    return client.get(reverse("account_home")).status_code == 200


def test_a_person_logs_in_and_out(individual):
    client = log_in(individual)
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert not is_in(client)


def test_the_session_ends_with_the_browser(individual):
    cookie = log_in(individual).cookies["sessionid"]
    assert cookie["max-age"] == ""
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_link_cannot_log_a_person_out(individual):
    client = log_in(individual)
    client.get(reverse("account_logout"))
    assert is_in(client)


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_login_says_the_same_for_every_address(client, individual, known):
    email = individual.email if known else "nobody@example.org"
    page = client.post(reverse("account_login"), {"login": email, "password": "wrong"})
    assert "email address and/or password you specified are not correct" in page.content.decode()


def test_guessing_passwords_is_slowed_down(client, individual):
    for _attempt in range(6):
        page = client.post(
            reverse("account_login"), {"login": individual.email, "password": "wrong"}
        )
    assert "Too many failed login attempts" in page.content.decode()
    assert not is_in(log_in(individual))  # not even with the right one, for a while


def test_a_login_leads_to_no_other_site(individual):
    response = Client().post(
        reverse("account_login"),
        {"login": individual.email, "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert "evil.example" not in response["Location"]


def test_changing_the_password_ends_the_other_sessions(individual):
    here, elsewhere = log_in(individual), log_in(individual)
    fields = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert here.post(reverse("account_change_password"), fields).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)
    assert is_in(log_in(individual, NEW_PASSWORD))
    assert mail.outbox[-1].to == [individual.email]


def test_a_forgotten_password_is_reset_by_mail(client, individual):
    elsewhere = log_in(individual)
    client.post(reverse("account_reset_password"), {"email": individual.email})
    link = re.search(r"http://testserver(\S+)", mail.outbox[-1].body).group(1)
    form_url = client.get(link)["Location"]
    client.post(form_url, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert not is_in(elsewhere)
    assert is_in(log_in(individual, NEW_PASSWORD))
    assert "already been used" in Client().get(link).content.decode()


def test_a_new_address_counts_only_when_it_is_verified(individual):
    client = log_in(individual)
    old = individual.email
    url = reverse("account_email")
    response = client.post(url, {"email": "new@example.org", "action_add": ""})
    if "reauthenticate" in response["Location"]:
        response = client.post(response["Location"], {"password": PASSWORD}, follow=True)
    individual.refresh_from_db()
    assert individual.email == old
    message = next(message for message in mail.outbox if message.to == ["new@example.org"])
    client.post(re.search(r"http://testserver(\S+)", message.body).group(1))
    individual.refresh_from_db()
    assert individual.email == "new@example.org"
    assert any(message.to == [old] for message in mail.outbox)  # who loses it hears of it


def test_a_person_sees_and_ends_their_other_sessions(individual):
    here, elsewhere = log_in(individual), log_in(individual)
    page = here.get(reverse("usersessions_list")).content.decode()
    assert "End the other sessions" in page
    here.post(reverse("usersessions_list"))
    assert is_in(here)
    assert not is_in(elsewhere)
