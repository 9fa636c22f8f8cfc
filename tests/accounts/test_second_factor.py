"""Second factors: who needs one, and that there is no way round it."""

import base64
import hashlib
import hmac
import re
import struct
import time
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from accounts import people
from accounts.adapters import MFAAdapter
from accounts.middleware import PAGES_BEFORE_THE_FACTOR
from accounts.models import Role
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

API = "/api/v1/submissions"
WAYS_IN = ("account_home", "account_tokens", "history", "home", "usersessions_list")


@pytest.fixture(autouse=True)
def _real_site(settings):
    settings.DEMO = False
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def log_in(user) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def totp(secret: str, *, steps_ahead: int = 0) -> str:
    """RFC 6238 with SHA-1, six digits and 30 seconds, as authenticator apps do it."""
    counter = int(time.time()) // 30 + steps_ahead
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def set_up_totp(client: Client) -> str:
    """Set up an authenticator app as a person does, and return its secret."""
    url = reverse("mfa_activate_totp")
    page = client.get(url)
    if page.status_code == 302:
        page = client.post(page["Location"], {"password": PASSWORD}, follow=True)
    secret = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page.content.decode())
    client.post(url, {"code": totp(secret.group(1))})
    return secret.group(1)


@pytest.mark.parametrize("role", [Role.CHECKER, Role.MODERATOR])
@pytest.mark.parametrize("page", [*WAYS_IN, "admin:index"])
def test_without_a_factor_every_page_leads_to_setting_one_up(make_user, role, page):
    client = log_in(make_user("staff@bank.example", role))
    response = client.get(reverse(page))
    assert response["Location"] == reverse("mfa_index")
    assert "needs a second factor" in client.get(response["Location"]).content.decode()


def addresses(resolver=None, prefix: str = "/"):
    """Yield the name and an address of every view of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, address)
            continue
        filled = re.sub(r"\(\?P<\w+>[^)]*\)", "1", address)  # of regular expressions
        filled = re.sub(r"<uuid:\w+>", str(uuid4()), filled)
        filled = re.sub(r"<(\w+:)?\w+>", "1", filled)
        yield entry.name, filled.replace("^", "").replace("$", "").replace("\\", "")


def test_without_a_factor_no_address_of_the_site_answers(make_user):
    user = make_user("staff@bank.example", Role.MODERATOR)
    client, seen = Client(), 0
    client.force_login(user)
    for name, address in addresses():
        if name in PAGES_BEFORE_THE_FACTOR or (name or "").startswith("mfa_"):
            continue
        seen += 1
        response = client.get(address)
        if response.status_code == 403:
            assert address.startswith("/api/"), address
        else:
            assert response.status_code == 302, address
            assert response["Location"] == reverse("mfa_index"), address
    assert seen > 60


@pytest.mark.parametrize("role", [Role.CHECKER, Role.MODERATOR])
def test_without_a_factor_the_api_refuses_session_and_token(make_user, api_of, role):
    user = make_user("staff@bank.example", role)
    for client in (log_in(user), api_of(user)):
        response = client.get(API)
        assert response.status_code == 403
        assert response.json()["error"]["code"] == "second_factor_required"


@pytest.mark.parametrize("role", [Role.INDIVIDUAL, Role.OFFICIAL])
def test_others_may_work_without_one(make_user, api_of, role):
    user = make_user("somebody@bank.example", role)
    assert log_in(user).get(reverse("account_home")).status_code == 200
    assert api_of(user).get(API).status_code == 200


def test_in_a_demonstration_nobody_needs_one(settings, moderator):
    settings.DEMO = True
    assert log_in(moderator).get(reverse("admin:index")).status_code == 200


def test_setting_up_an_app_opens_the_site_and_hands_out_recovery_codes(moderator):
    client = log_in(moderator)
    set_up_totp(client)
    assert client.get(reverse("admin:index")).status_code == 200
    assert Authenticator.objects.filter(
        user=moderator, type=Authenticator.Type.RECOVERY_CODES
    ).exists()


def test_the_next_login_asks_for_the_code(moderator):
    secret = set_up_totp(log_in(moderator))
    client = log_in(moderator)
    assert client.get(reverse("admin:index")).status_code == 302
    authenticate = reverse("mfa_authenticate")
    assert "Incorrect code" in client.post(authenticate, {"code": "000000"}).content.decode()
    assert client.get(reverse("admin:index")).status_code == 302
    client.post(authenticate, {"code": totp(secret, steps_ahead=1)})
    assert client.get(reverse("admin:index")).status_code == 200


def test_a_code_works_once(moderator):
    secret = set_up_totp(log_in(moderator))
    code = totp(secret, steps_ahead=1)
    log_in(moderator).post(reverse("mfa_authenticate"), {"code": code})
    second = log_in(moderator)
    second.post(reverse("mfa_authenticate"), {"code": code})
    assert second.get(reverse("admin:index")).status_code == 302


def test_guessing_codes_is_slowed_down(moderator):
    set_up_totp(log_in(moderator))
    client = log_in(moderator)
    for _attempt in range(6):
        page = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Too many" in page.content.decode()


def test_a_recovery_code_works_once(moderator):
    set_up_totp(log_in(moderator))
    codes = Authenticator.objects.get(user=moderator, type=Authenticator.Type.RECOVERY_CODES)
    code = codes.wrap().generate_codes()[0]
    for status in (200, 302):
        client = log_in(moderator)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert client.get(reverse("admin:index")).status_code == status


@pytest.mark.django_db(transaction=True)  # allauth tells of a new factor after the commit
def test_a_session_without_the_factor_ends_when_one_is_added(moderator):
    elsewhere, here = log_in(moderator), log_in(moderator)
    set_up_totp(here)
    assert here.get(reverse("admin:index")).status_code == 200
    response = elsewhere.get(reverse("admin:index"))
    assert "login" in response["Location"]


def test_a_required_factor_cannot_be_removed(checker):
    client = log_in(checker)
    set_up_totp(client)
    page = client.post(reverse("mfa_deactivate_totp"), follow=True)
    assert "cannot deactivate" in page.content.decode()
    assert Authenticator.objects.filter(user=checker, type=Authenticator.Type.TOTP).exists()


def test_a_factor_nobody_requires_can_be_removed(individual):
    client = log_in(individual)
    set_up_totp(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=individual).exists()


def test_who_is_promoted_in_the_middle_of_a_session_needs_a_factor_at_once(official, moderator):
    client = log_in(official)
    people.change_role(user=official, role=Role.CHECKER, decided_by=moderator)
    assert client.get(reverse("account_home"))["Location"] == reverse("mfa_index")


def test_secrets_are_encrypted_at_rest(individual, settings):
    client = log_in(individual)
    secret = set_up_totp(client)
    stored = Authenticator.objects.get(user=individual, type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)
    # A key that was replaced still opens them; an unknown one does not.
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the next one"
    assert MFAAdapter().decrypt(stored.data["secret"]) == secret
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS"):
        MFAAdapter().decrypt(stored.data["secret"])
