"""Erasing what an entry is about, and nothing else: its leaf stays, so the tree does too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import connection
from django.db.models import Q

from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.acts import Event
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.models import Entry, EntryBody
from zonary.foundation.ledger.packing import pack, unpack
from zonary.foundation.ledger.queries import Item, item_of
from zonary.foundation.ledger.recording import Recorded, action, record
from zonary.proof.leaf import ACT

_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyErased(Event):
    """Body and salts of the entry this is about were erased."""

    kind: ClassVar[str] = "ledger.body.erased"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BodiesErased(Event):
    """Bodies and salts of the ``entries`` (public ids), all about the same, were erased."""

    kind: ClassVar[str] = "ledger.bodies.erased"
    entries: list[str]
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


@action
def erase_acts(which: Q, *, kinds: str, about: str, by: Actor, reason: str, at: datetime) -> int:
    """Erase what acts said; returns how many. Each recording names up to ``_AT_ONCE`` of them.

    :param which: over ``actor`` and ``about``.
    :param kinds: what their kinds begin with.
    :param about: what the erasure is about, such as the person whose data it was.
    """
    rows = EntryBody.objects.filter(entry__in=Entry.objects.filter(which, leaf_class=ACT, kind__startswith=kinds))
    found = list(rows.order_by("entry_id").values_list("entry_id", "entry__public_id"))
    for start in range(0, len(found), _AT_ONCE):
        part = found[start : start + _AT_ONCE]
        EntryBody.objects.filter(entry_id__in=[entry for entry, _ in part]).delete()
        event = BodiesErased(entries=[str(public_id) for _, public_id in part], reason=reason)
        record(event, by=by, about=about, at=at)
    if not found:
        record(BodiesErased(entries=[], reason=reason), by=by, about=about, at=at)  # looked for, and there were none
    return len(found)


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
