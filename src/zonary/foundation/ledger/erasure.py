"""Erasing what an entry is about, and nothing else: its leaf stays, so the tree does too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import connection

from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.acts import Event
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.models import EntryBody
from zonary.foundation.ledger.packing import pack, unpack
from zonary.foundation.ledger.queries import Item, item_of
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
    """Erase body and salts of the item ``public_id``, together, and record that it was done and why.

    Without its salt the digest in the leaf says nothing about what it was made of.

    :param reason: becomes part of the ledger; never put into it what is being erased.
    :raises NothingToEraseError: when there is no such item, or it was erased before.
    """
    item = item_of(public_id)
    if item is None or not _erase(item):
        raise NothingToEraseError(
            "The entry {public_id} does not exist, or its body was erased before.", public_id=public_id
        )
    return record(BodyErased(reason=reason), by=by, about=public_id, at=at)


def _erase(item: Item) -> bool:
    """Empty body and salt of ``item`` in their row, or remove the row with its last; whether there was anything."""
    rows = EntryBody.objects.filter(entry_id=item.entry).select_related("entry")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    row = rows.first()
    if row is None:
        return False
    count = row.entry.count
    bodies, salts = unpack(bytes(row.bodies), count), unpack(bytes(row.salts), count)
    if not bodies[item.position]:
        return False
    bodies[item.position] = salts[item.position] = b""
    if any(bodies):
        EntryBody.objects.filter(entry_id=item.entry).update(bodies=pack(bodies), salts=pack(salts))
    else:
        row.delete()
    return True
