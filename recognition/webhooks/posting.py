"""Post to an address that a stranger chose, and reach nothing inside by it.

The host is resolved once, every address it has must be public, and the connection goes to the
address that was checked: a second answer of the name server changes nothing. Redirects are answers
like others, and of the answer no more than its code is read.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

SECONDS = 5.0
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class RefusedError(Exception):
    """An address nothing is sent to; the text is for people."""


def checked(url: str) -> tuple[str, str, int, str]:
    """Return scheme, host, port and the public address to connect to, or raise ``RefusedError``."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedError(_("This is not an address.")) from error
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOKS_ALLOW_LOCAL):
        raise RefusedError(_("The address must begin with https://."))
    if not host or parts.username is not None or parts.password is not None:
        raise RefusedError(_("The address needs a host, and neither user nor password."))
    if not url.isascii() or any(one.isspace() or not one.isprintable() for one in url):
        raise RefusedError(_("This is not an address."))
    port = port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RefusedError(_("The host of this address is not known.")) from error
    addresses = [str(one[4][0]) for one in found]
    if not settings.WEBHOOKS_ALLOW_LOCAL and not all(map(_is_public, addresses)):
        raise RefusedError(
            _("The host is in a private or reserved network: nothing is sent there.")
        )
    return parts.scheme, host, port, addresses[0]


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Return the code of the answer.

    Raises:
        RefusedError: the address is not, or no longer, one that anything is sent to.
        OSError, http.client.HTTPException: nothing that can be understood came back.
    """
    scheme, host, port, address = checked(url)
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    try:
        connected = socket.create_connection((address, port), timeout=SECONDS)
        connection.sock = connected
        if scheme == "https":
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connected, server_hostname=host)
        sent = {"Host": parts.netloc, "Content-Type": "application/json", "User-Agent": "hdr"}
        connection.request("POST", target, body, sent | dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    # Addresses of version 6 that carry one of version 4 lead where that one leads.
    if isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped or address.sixtofour or address.teredo or address in _NAT64
    ):
        return False
    return address.is_global and not address.is_multicast
