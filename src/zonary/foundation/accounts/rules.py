from __future__ import annotations

import hashlib


def digest_of_token(token: str) -> bytes:
    """What is kept of an access token: its SHA-256."""
    return hashlib.sha256(token.encode("utf-8")).digest()
