"""Accounts and payment files, enciphered in the database: the key follows from the server's secret, a file beside it.

Each under a purpose of its own that names what it belongs to: one row's account cannot be put into another's place.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from django.conf import settings

from zonary.foundation.accounts.kept_secrets import open_secret, seal_secret
from zonary.proof.errors import Error


class UnreadableAccountError(Error):
    """What was enciphered cannot be read with the secret this server has now."""


def sealed(text: str, *, of: str) -> str:
    """:param of: public id of the grant or the payment file it belongs to."""
    return seal_secret(text, settings.SECRET_KEY, purpose=_purpose(of))


def opened(kept: str, *, of: str) -> str:
    """:raises UnreadableAccountError: when the server's secret is not the one it was kept under."""
    try:
        return open_secret(kept, settings.SECRET_KEY, purpose=_purpose(of))
    except (InvalidTag, ValueError):
        raise UnreadableAccountError(
            "The account kept here cannot be read: the server's secret is not the one it was kept under. Put that file "
            "back from the backup, or ask the enterprise for its account again."
        ) from None


def _purpose(of: str) -> bytes:
    return b"zonary grants 1 " + of.encode()
