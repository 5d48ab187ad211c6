from __future__ import annotations

from datetime import datetime

from zonary.foundation.accounts.events import TokenIssued
from zonary.foundation.accounts.models import AccessToken
from zonary.foundation.accounts.rules import digest_of_token
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.recording import action, record


@action
def issue_token(token: str, *, by: Actor, owner: str, at: datetime) -> None:
    """Let whoever shows ``token`` act as ``owner``, and nobody any longer who shows an earlier token of theirs.

    :raises django.db.IntegrityError: when somebody else has been issued this token.
    """
    AccessToken.objects.filter(owner=owner, public_id=None).delete()
    AccessToken.objects.create(digest=digest_of_token(token), owner=owner, issued_at=at)
    record(TokenIssued(owner=owner), by=by, about=owner, at=at)
