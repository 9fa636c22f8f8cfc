"""What allauth lets a site decide about second factors."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts import second_factor


class MFAAdapter(DefaultMFAAdapter):
    """Encrypts authenticator secrets at rest, and keeps a required factor in place."""

    def encrypt(self, text: str) -> str:
        """Return the secret as it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret; keys that were replaced still open what they closed."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise ImproperlyConfigured(
                "A second factor was stored under another SECRET_KEY: "
                "put that key into SECRET_KEY_FALLBACKS."
            ) from error

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Refuse to remove the last factor of somebody whose role asks for one."""
        if not second_factor.is_required_of(authenticator.user):
            return True
        factors = Authenticator.objects.filter(
            user=authenticator.user, type__in=second_factor.FACTORS
        )
        return bool(factors.exclude(pk=authenticator.pk).exists())


def _cipher() -> MultiFernet:
    return MultiFernet(
        [_key_from(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key_from(secret: str) -> Fernet:
    digest = hashlib.sha256(b"accounts.second_factor:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
