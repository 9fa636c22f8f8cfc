"""Every page of an account opens, for those it is meant for."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db

OWN_PAGES = (
    "account_home",
    "official_application",
    "account_tokens",
    "account_email",
    "account_change_password",
    "mfa_index",
    "usersessions_list",
)
ENTRANCES = (
    "account_login",
    "account_signup",
    "official_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_email_verification_sent",
    "account_inactive",
)


@pytest.mark.parametrize("name", OWN_PAGES)
def test_a_person_opens_the_pages_of_their_account(name, individual, client_of):
    response = client_of(individual).get(reverse(name))
    assert response.status_code == 200
    assert b"<main" in response.content


@pytest.mark.parametrize("name", OWN_PAGES)
def test_a_stranger_is_sent_to_the_login(name, client):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ENTRANCES)
def test_a_stranger_opens_the_entrances(name, client):
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", OWN_PAGES + ENTRANCES)
def test_no_page_needs_what_the_content_security_policy_forbids(
    name, individual, client_of, client
):
    visitor = client if name in ENTRANCES else client_of(individual)
    html = visitor.get(reverse(name)).content.decode()
    assert " style=" not in html
    assert " onclick=" not in html
    assert "<script>" not in html


def test_a_fragment_reloads_its_page_when_the_login_is_gone(client):
    response = client.get(reverse("account_home"), headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response["HX-Refresh"] == "true"
