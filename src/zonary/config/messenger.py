"""The gateway to SMS or 企业微信, if the operator named one; off without.

``ZONARY_MESSENGER_URL`` is where messages are posted, ``ZONARY_MESSENGER_SECRET_FILE`` a file with the secret that both
know, of the form ``whsec_`` and base64 (Standard Webhooks 1.0).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from zonary.foundation.notifications.inbox.messenger import Messenger, SignedWebhook
from zonary.foundation.notifications.rules import target_of
from zonary.proof.errors import Error

_LEAST = 24
"""Bytes of a secret, as the specification wants."""


class MessengerSettingError(Error):
    """The environment names no gateway that can be used."""


def messenger(environment: Mapping[str, str]) -> Messenger | None:
    """:raises Error: when the address or the secret is none; the secret is not repeated."""
    url = environment.get("ZONARY_MESSENGER_URL", "")
    if not url:
        return None
    allowed = frozenset((_place(url),))  # whoever runs this server named it: it may be inside
    target_of(url, allowed)
    secret = _secret(environment.get("ZONARY_MESSENGER_SECRET_FILE", ""))
    return SignedWebhook(url=url, secret=secret, allowed=allowed, ca=environment.get("ZONARY_WEBHOOK_CA", ""))


def _place(url: str) -> str:
    try:
        parts = urlsplit(url)
        return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    except ValueError:
        return ""


def _secret(path: str) -> str:
    try:
        secret = Path(path).read_text("ascii").strip() if path else ""
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (OSError, UnicodeDecodeError, binascii.Error):
        secret, key = "", b""
    if not secret.startswith("whsec_") or len(key) < _LEAST:
        raise MessengerSettingError(
            "ZONARY_MESSENGER_SECRET_FILE names no file with a secret: whsec_ and at least {least} bytes in base64.",
            least=_LEAST,
        )
    return secret
