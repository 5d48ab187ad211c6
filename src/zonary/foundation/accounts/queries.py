from __future__ import annotations

from django.db import DatabaseError, connection

from zonary.foundation.accounts.models import AccessToken
from zonary.foundation.accounts.rules import digest_of_token
from zonary.foundation.ledger.actors import NamedActor
from zonary.foundation.ledger.rows import fetch, table


def holder_of(token: str) -> NamedActor | None:
    """Whoever ``token`` was issued to. Found by digest, so the time it takes tells nothing about other tokens."""
    # Asked with every request: the ORM would take as long over it as a proof takes.
    found = fetch(f"SELECT owner FROM {table(AccessToken)} WHERE digest = %s", [digest_of_token(token)])  # noqa: S608
    return NamedActor(found[0][0]) if found else None


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
