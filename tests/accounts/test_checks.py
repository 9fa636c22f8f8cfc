"""Settings that would leave a door open are named before the site starts."""

import pytest

from accounts.checks import check_deployed_doors, check_doors

OPEN_DOORS = [
    ("accounts.E001", {"MIDDLEWARE": []}),
    (
        "accounts.E002",
        {
            "REST_FRAMEWORK": {
                "DEFAULT_AUTHENTICATION_CLASSES": [
                    "rest_framework.authentication.BasicAuthentication"
                ]
            }
        },
    ),
    ("accounts.E002", {"REST_FRAMEWORK": {}}),
    ("accounts.E003", {"DEMO": False, "ACCOUNT_EMAIL_VERIFICATION": "optional"}),
]
OPEN_DOORS_OF_A_REAL_SITE = [
    ("accounts.W001", {"DEMO": True}),
    ("accounts.E004", {"MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": True}),
    ("accounts.E005", {"ALLOWED_HOSTS": ["hdr.example", "*"]}),
    (
        "accounts.W002",
        {
            "ALLAUTH_TRUSTED_PROXY_COUNT": 0,
            "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
        },
    ),
]


def found_under(check, settings, changes) -> set[str | None]:
    for name, value in changes.items():
        setattr(settings, name, value)
    return {message.id for message in check()}


@pytest.mark.parametrize(("expected", "changes"), OPEN_DOORS)
def test_an_open_door_is_found(settings, expected, changes):
    assert expected in found_under(check_doors, settings, changes)


@pytest.mark.parametrize(("expected", "changes"), OPEN_DOORS_OF_A_REAL_SITE)
def test_an_open_door_of_a_real_site_is_found(settings, expected, changes):
    assert expected in found_under(check_deployed_doors, settings, changes)


def test_the_settings_as_they_are_leave_none_open():
    assert not check_doors()


def test_the_settings_of_a_real_site_leave_none_open(settings):
    closed = {
        "DEMO": False,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
        "ALLOWED_HOSTS": ["hdr.example"],
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    }
    assert found_under(check_deployed_doors, settings, closed) == set()
