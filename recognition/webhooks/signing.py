"""Signatures by the Standard Webhooks convention (https://www.standardwebhooks.com, v1).

A secret is ``whsec_`` and the base64 of 32 bytes: HMAC-SHA256 under the site's ``SECRET_KEY`` of
the endpoint's id and salt. So a copy of the database signs nothing, and a new salt is a new secret;
changing ``SECRET_KEY`` changes every secret.
"""

import base64
import hashlib
import hmac

from django.utils.crypto import salted_hmac

from recognition.webhooks.models import Endpoint


def secret_of(endpoint: Endpoint) -> str:
    """Return the secret that the receiver checks signatures with."""
    return "whsec_" + base64.b64encode(_key(endpoint)).decode()


def headers(endpoint: Endpoint, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three headers of a message sent at a time in seconds since 1970."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(_key(endpoint), signed, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


def _key(endpoint: Endpoint) -> bytes:
    value = f"{endpoint.pk}.{endpoint.salt}"
    return salted_hmac("hdr.webhooks", value, algorithm="sha256").digest()
