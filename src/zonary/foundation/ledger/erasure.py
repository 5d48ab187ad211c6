"""Erasing what an entry is about, and nothing else: its leaf stays, so the tree does too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.acts import Event
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.models import EntryBody
from zonary.foundation.ledger.recording import Recorded, action, record


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyErased(Event):
    """Body and salts of the entry this is about were erased."""

    kind: ClassVar[str] = "ledger.body.erased"
    reason: str


class NothingToEraseError(LedgerError):
    """There is no such entry, or its body is gone already."""


@action
def erase_body(public_id: str, *, by: Actor, reason: str, at: datetime) -> Recorded:
    """Erase body and salts of the entry ``public_id``, together, and record that it was done and why.

    Without its salt the digest in the leaf says nothing about what it was made of.

    :param reason: becomes part of the ledger; never put into it what is being erased.
    :raises NothingToEraseError: when there is no such entry, or it was erased before.
    """
    erased, _ = EntryBody.objects.filter(entry__public_id=public_id).delete()
    if not erased:
        raise NothingToEraseError(
            "The entry {public_id} does not exist, or its body was erased before.", public_id=public_id
        )
    return record(BodyErased(reason=reason), by=by, about=public_id, at=at)
