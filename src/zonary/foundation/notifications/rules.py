"""What a webhook's address may be, how a message is signed, and when it is tried again. Pure.

Signatures are those of Standard Webhooks (https://www.standardwebhooks.com, specification 1.0): base64 of HMAC-SHA256
over ``id.timestamp.body``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from zonary.common.reach import is_inside_by_name
from zonary.proof.errors import Error

MAX_URL = 500
MAX_ENDPOINTS = 10
"""Of one organisation at one time."""
GIVE_UP_AFTER = timedelta(hours=24)
_DELAYS = (5, 30, 120, 600, 1800, 3600, 7200, 14400)


class WrongAddressError(Error):
    """Nothing is posted to this address."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address in its parts.

    :param is_allowed: whether the operator named host and port: then it may be inside, and without TLS.
    """

    is_secure: bool
    host: str
    port: int
    path: str
    is_allowed: bool


def target_of(url: str, allowed: Collection[str]) -> Target:
    """:param allowed: ``host:port`` of what the operator lets be reached though it is inside.

    :raises WrongAddressError: unless it is an ``https`` address that does not name a place inside.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise WrongAddressError("The address of a webhook is one of the form https://host/path.") from None
    port = port if port is not None else 443 if parts.scheme == "https" else 80
    is_plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if not is_plain or not host or len(url) > MAX_URL or port == 0 or parts.username is not None or parts.fragment:
        raise WrongAddressError("The address of a webhook is one of the form https://host/path.")
    is_allowed = f"{host}:{port}" in allowed
    if parts.scheme != "https" and not (parts.scheme == "http" and is_allowed):
        raise WrongAddressError("A webhook is posted over https alone.")
    if not is_allowed and is_inside_by_name(host):
        raise WrongAddressError("This address is inside, and nothing is posted there.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme == "https", host, port, path, is_allowed)


def delay_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    return timedelta(seconds=_DELAYS[min(attempts, len(_DELAYS)) - 1])


def secret_of(endpoint: str, server_secret: str) -> str:
    """The secret of the endpoint with this public id, as its receiver keeps it."""
    key = hashlib.sha256(server_secret.encode("utf-8")).digest()
    made = hashlib.blake2b(endpoint.encode("ascii"), digest_size=32, key=key, person=b"webhook").digest()
    return "whsec_" + base64.b64encode(made).decode("ascii")


def signature_of(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature``."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{message}.{timestamp}.".encode("ascii") + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode("ascii")
