"""API tokens: made on the account page, shown once, kept as a digest."""

import re
from datetime import timedelta

import pytest
from django.core import serializers
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts import people, tokens
from accounts.models import ApiToken, Role
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

API = "/api/v1/submissions"


def with_key(key: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


@pytest.fixture
def browser(individual) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": individual.email, "password": PASSWORD})
    return client


def make_token(browser: Client, name: str = "counter", days: str = "30"):
    """Make a token on the page; the page asks for the password first."""
    response = browser.post(reverse("account_tokens"), {"name": name, "days": days})
    if response.status_code == 302 and "reauthenticate" in response["Location"]:
        response = browser.post(response["Location"], {"password": PASSWORD})
    return response


def key_on(page) -> str:
    return re.search(r"hdr_[A-Za-z0-9_-]{43}", page.content.decode()).group(0)


def test_a_new_token_opens_the_api(browser, individual):
    key = key_on(make_token(browser))
    response = with_key(key).get(API)
    assert response.status_code == 200
    assert response.wsgi_request.user == individual


def test_making_a_token_asks_for_the_password_again(browser, individual):
    response = browser.post(reverse("account_tokens"), {"name": "x", "days": "30"})
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert not individual.api_tokens.exists()


def test_the_key_is_shown_once_and_stored_nowhere(browser):
    page = make_token(browser)
    key = key_on(page)
    assert "no-store" in page["Cache-Control"]
    assert key not in browser.get(reverse("account_tokens")).content.decode()
    assert key not in serializers.serialize("json", ApiToken.objects.all())
    assert key not in str(dict(browser.session))


def test_a_revoked_token_opens_nothing(browser, individual):
    client = with_key(key_on(make_token(browser)))
    token = individual.api_tokens.get()
    browser.post(reverse("account_token_revoke", args=[token.pk]))
    assert client.get(API).status_code == 401


def test_an_expired_token_opens_nothing(api_of, individual):
    client = api_of(individual)
    individual.api_tokens.update(
        created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now()
    )
    assert client.get(API).status_code == 401


def test_a_suspended_persons_token_opens_nothing(api_of, individual, moderator):
    client = api_of(individual)
    people.suspend(user=individual, decided_by=moderator)
    assert client.get(API).status_code == 401
    people.reinstate(user=individual, decided_by=moderator)
    assert client.get(API).status_code == 401


def test_tokens_made_without_a_second_factor_do_not_outlive_a_role_that_needs_one(
    api_of, individual, moderator
):
    client = api_of(individual)
    people.change_role(user=individual, role=Role.CHECKER, decided_by=moderator)
    assert client.get(API).status_code == 401


def test_no_token_is_told_how_to_come_in(client):
    response = client.get(API)
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_bad_token_does_not_fall_back_to_the_session(browser):
    assert browser.get(API).status_code == 200
    response = browser.get(API, headers={"Authorization": "Bearer hdr_no"})
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "invalid_token"


@given(st.binary(max_size=60).filter(lambda key: b"\n" not in key and b"\r" not in key))
def test_no_bytes_in_the_header_break_it(key):
    assert tokens.recognise_token(key.decode("latin-1")) is None


def test_another_person_cannot_revoke_a_token(client_of, api_of, individual, official):
    api_of(individual)
    token = individual.api_tokens.get()
    response = client_of(official).post(reverse("account_token_revoke", args=[token.pk]))
    assert response.status_code == 404
    assert individual.api_tokens.exists()


def test_a_link_cannot_revoke_a_token(client_of, api_of, individual):
    api_of(individual)
    token = individual.api_tokens.get()
    client = client_of(individual)
    assert client.get(reverse("account_token_revoke", args=[token.pk])).status_code == 405


def test_the_page_shows_when_a_token_was_last_used(browser, api_of, individual):
    assert "never used" in make_token(browser).content.decode()
    token = individual.api_tokens.get()
    assert token.last_used_at is None
    client = api_of(individual)
    client.get(API)
    used = individual.api_tokens.exclude(pk=token.pk).get()
    assert used.last_used_at is not None


@pytest.mark.parametrize(
    ("name", "days", "sentence"),
    [
        ("", "30", "required"),
        ("counter", "30", "You have a token of this name"),
        ("other", "99999", "not one of the available choices"),
        ("x" * 61, "30", "at most 60"),
    ],
)
def test_a_mistake_is_named(browser, individual, name, days, sentence):
    make_token(browser)
    page = make_token(browser, name, days)
    assert sentence in page.content.decode()
    assert individual.api_tokens.count() == 1


def test_nobody_hoards_tokens(browser, api_of, individual):
    for _number in range(tokens.MAX_TOKENS):
        api_of(individual)
    assert "Revoke one first" in make_token(browser).content.decode()


def test_a_token_lives_no_longer_than_a_year(individual):
    with pytest.raises(ValueError, match="365 days"):
        tokens.issue_token(owner=individual, name="x", lifetime=timedelta(days=366))
