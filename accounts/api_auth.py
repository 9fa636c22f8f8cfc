"""How the API knows who calls: a token in the header, or the session of the pages."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from accounts import second_factor, tokens
from accounts.models import ApiToken, User

KEYWORD = "Bearer"  # RFC 6750


class SecondFactorRequiredError(exceptions.PermissionDenied):
    """The role asks for a second factor that was never set up."""

    default_detail = _("Set up a second factor on your account page first.")
    default_code = "second_factor_required"


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of the pages, with the second factor the role asks for."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        """Return the person logged in, or ``None``."""
        result = super().authenticate(request)
        if result is not None and second_factor.is_missing(result[0]):
            raise SecondFactorRequiredError
        return result


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer hdr_…``."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the token's owner and the token; ``None`` where the header is not a bearer's.

        Raises:
            AuthenticationFailed: the key is unknown, revoked, expired, or its owner is suspended;
                the answer does not tell which.
        """
        keyword, _space, key = authentication.get_authorization_header(request).partition(b" ")
        if keyword.lower() != KEYWORD.lower().encode():
            return None
        token = tokens.recognise_token(key.strip().decode("ascii", "replace"))
        if token is None:
            raise exceptions.AuthenticationFailed(
                _("The API token is unknown, revoked or expired."), "invalid_token"
            )
        if second_factor.is_missing(token.owner):
            raise SecondFactorRequiredError
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF's signature
        """Say which kind of key the API asks for; makes DRF answer 401 instead of 403."""
        return f'{KEYWORD} realm="hdr"'


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # has no types
    """Tokens in the API's schema."""

    target_class = "accounts.api_auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002
        """Describe the header."""
        return {"type": "http", "scheme": "bearer", "description": "A token of the account page."}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # has no types
    """The pages' session in the API's schema."""

    target_class = "accounts.api_auth.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002
        """Describe the cookie."""
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
