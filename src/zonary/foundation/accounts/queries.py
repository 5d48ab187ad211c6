from __future__ import annotations

from django.db import DatabaseError, connection

from zonary.foundation.accounts.models import AccessToken
from zonary.foundation.accounts.rules import digest_of_token
from zonary.foundation.ledger.actors import NamedActor


def holder_of(token: str) -> NamedActor | None:
    """Whoever ``token`` was issued to. Found by digest, so the time it takes tells nothing about other tokens."""
    owner = AccessToken.objects.filter(digest=digest_of_token(token)).values_list("owner", flat=True).first()
    return NamedActor(owner) if owner is not None else None


def is_issued(token: str) -> bool:
    """Whether ``token`` is anybody's; for a thread of its own, whose connection stays open between two questions.

    :raises django.db.DatabaseError: when the database cannot say; the next question connects anew.
    """
    try:
        return holder_of(token) is not None
    except DatabaseError:
        connection.close()
        raise


def has_token(owner: str) -> bool:
    """Whether a token has been issued to ``owner``."""
    return AccessToken.objects.filter(owner=owner).exists()
