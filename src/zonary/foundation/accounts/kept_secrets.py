"""Secrets that have to be read again, such as those of authenticator apps and bank accounts: encrypted in the database.

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


def seal_secret(text: str, secret: str, *, purpose: bytes = _PURPOSE) -> str:
    """:param purpose: what it is kept for; it opens under the same purpose alone."""
    nonce = os.urandom(_NONCE_SIZE)
    return urlsafe_b64encode(nonce + _cipher(secret, purpose).encrypt(nonce, text.encode(), purpose)).decode("ascii")


def open_secret(sealed: str, secret: str, *, purpose: bytes = _PURPOSE) -> str:
    """:raises cryptography.exceptions.InvalidTag: when it was sealed under another secret, or for another purpose."""
    raw = urlsafe_b64decode(sealed)
    return _cipher(secret, purpose).decrypt(raw[:_NONCE_SIZE], raw[_NONCE_SIZE:], purpose).decode()


def _cipher(secret: str, purpose: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=purpose).derive(secret.encode()))
