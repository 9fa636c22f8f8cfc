"""Individuals register themselves."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import Role, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

EMAIL = "newcomer@example.org"


@pytest.fixture
def _real_site(settings):
    settings.DEMO = False
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def register(client, **changes):
    fields = {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD}
    return client.post(reverse("account_signup"), fields | changes)


def log_in(client, email=EMAIL, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def link_in(message) -> str:
    return re.search(r"http://testserver(\S+)", message.body).group(1)


@pytest.mark.usefixtures("_real_site")
def test_who_registers_verifies_the_address_and_logs_in(client):
    response = register(client)
    assert response["Location"] == reverse("account_email_verification_sent")
    assert client.get(reverse("account_home")).status_code == 302  # not in yet
    assert client.post(link_in(mail.outbox[0])).status_code == 302
    assert log_in(client).status_code == 302
    page = client.get(reverse("account_home"))
    assert page.status_code == 200
    assert "not verified" not in page.content.decode()
    assert User.objects.get(email=EMAIL).role == Role.INDIVIDUAL


@pytest.mark.usefixtures("_real_site")
def test_nobody_comes_in_with_an_unverified_address(client, make_user):
    make_user(EMAIL, verified=False)
    log_in(client)
    assert client.get(reverse("account_home")).status_code == 302
    assert mail.outbox[0].to == [EMAIL]


@pytest.mark.usefixtures("_real_site")
def test_registering_does_not_tell_who_is_registered_already(client, make_user):
    make_user(EMAIL)
    taken = register(client)
    told_owner = mail.outbox.pop()
    free = register(client, email="another@example.org")
    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    assert User.objects.filter(email=EMAIL).count() == 1
    assert "already" in told_owner.subject.lower()


@pytest.mark.usefixtures("_real_site")
def test_a_password_reset_does_not_tell_who_is_registered(client, make_user):
    make_user(EMAIL)
    url = reverse("account_reset_password")
    known = client.post(url, {"email": EMAIL})
    unknown = client.post(url, {"email": "nobody@example.org"})
    assert known["Location"] == unknown["Location"]


def test_nobody_registers_as_something_else(client):
    register(client, role="moderator", is_superuser="on", is_active="on")
    user = User.objects.get(email=EMAIL)
    assert user.role == Role.INDIVIDUAL
    assert not user.is_superuser


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "not an address"}, "valid email"),
        ({"email": ""}, "required"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "password1234", "password2": "password1234"}, "too common"),
        ({"password2": "something else entirely"}, "same password"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_stored(client, changes, sentence):
    page = register(client, **changes)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not User.objects.exists()


def test_the_address_counts_in_any_case(client):
    register(client, email="Newcomer@Example.org")
    assert User.objects.get().email == EMAIL
    client.logout()
    assert log_in(client, email="NEWCOMER@example.org").status_code == 302
