"""Secrets that have to be read again, such as those of authenticator apps: encrypted in the database.

The key comes from the secret that signs sessions, a file beside the database: whoever has both can read them.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_SIZE = 12
_PURPOSE = b"zonary second factor 1"


def seal_secret(text: str, secret: str) -> str:
    nonce = os.urandom(_NONCE_SIZE)
    return urlsafe_b64encode(nonce + _cipher(secret).encrypt(nonce, text.encode(), _PURPOSE)).decode("ascii")


def open_secret(sealed: str, secret: str) -> str:
    """:raises cryptography.exceptions.InvalidTag: when it was sealed under another secret."""
    raw = urlsafe_b64decode(sealed)
    return _cipher(secret).decrypt(raw[:_NONCE_SIZE], raw[_NONCE_SIZE:], _PURPOSE).decode()


def _cipher(secret: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(secret.encode()))
