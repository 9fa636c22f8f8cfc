"""System checks for settings that would leave a door open."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's

OWN_AUTHENTICATION = {
    "accounts.api_auth.TokenAuthentication",
    "accounts.api_auth.SessionAuthentication",
}
OWN_MIDDLEWARE = (
    "accounts.middleware.SessionLimitsMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
)


@register(Tags.security)
def check_doors(**_options: Any) -> Sequence[CheckMessage]:
    """Find settings under which somebody could come in past the rules."""
    found: list[CheckMessage] = []
    found += [
        Error(f"{name} is not in MIDDLEWARE.", id="accounts.E001")
        for name in OWN_MIDDLEWARE
        if name not in settings.MIDDLEWARE
    ]
    # Left out, DRF's own default knows neither second factors nor our tokens.
    api_ways = set(settings.REST_FRAMEWORK.get("DEFAULT_AUTHENTICATION_CLASSES", ()))
    if not api_ways or api_ways - OWN_AUTHENTICATION:
        found.append(
            Error(
                "The API accepts logins that know nothing of second factors: "
                + (", ".join(sorted(api_ways - OWN_AUTHENTICATION)) or "those of its library"),
                id="accounts.E002",
            )
        )
    if not settings.DEMO and settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":
        found.append(
            Error("E-mail verification must be mandatory outside a demo.", id="accounts.E003")
        )
    return found


@register(Tags.security, deploy=True)
def check_deployed_doors(**_options: Any) -> Sequence[CheckMessage]:
    """Find what would be wrong on a real site."""
    found: list[CheckMessage] = []
    if settings.DEMO:
        found.append(
            Warning(
                "HDR_DEMO is on: second factors and e-mail verification are optional, and demo "
                "accounts can be made.",
                id="accounts.W001",
            )
        )
    if settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN:
        found.append(Error("Passkeys are accepted from pages without HTTPS.", id="accounts.E004"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error(
                "ALLOWED_HOSTS accepts every host name, and links in mails carry it: somebody "
                "else's password reset could lead to their site.",
                id="accounts.E005",
            )
        )
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0 and settings.SECURE_PROXY_SSL_HEADER:
        found.append(
            Warning(
                "TRUSTED_PROXY_COUNT is 0 behind a proxy: all visitors share one rate limit.",
                id="accounts.W002",
            )
        )
    return found
