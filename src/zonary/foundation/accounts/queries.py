from __future__ import annotations

from zonary.foundation.accounts.models import AccessToken
from zonary.foundation.accounts.rules import digest_of_token
from zonary.foundation.ledger.actors import NamedActor


def holder_of(token: str) -> NamedActor | None:
    """Whoever ``token`` was issued to. Found by digest, so the time it takes tells nothing about other tokens."""
    owner = AccessToken.objects.filter(digest=digest_of_token(token)).values_list("owner", flat=True).first()
    return NamedActor(owner) if owner is not None else None
