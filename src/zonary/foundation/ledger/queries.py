"""What the rooms above may know about entries and logs, without touching the ledger's tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.models import Entry, EntryBody, LogState, Pending
from zonary.foundation.ledger.openlog import next_open_index

_IN_LIMIT = 500
"""Values of one ``IN (…)``: some databases take no more than a thousand."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An entry and where it has come to; ``index`` is None until it is sequenced."""

    public_id: str
    leaf_class: str
    leaf: bytes
    recorded_at: datetime
    index: int | None


@dataclass(frozen=True, slots=True)
class Content:
    """Body and salts of an entry."""

    body: bytes
    salt: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LogStatus:
    """How far one log has come."""

    origin: str
    size: int
    root: bytes
    signed_at: datetime
    pending: int


def places_of(public_ids: Collection[str]) -> dict[str, Place]:
    """Public id -> place, for those of ``public_ids`` that exist."""
    return {place.public_id: place for chunk in _chunks(public_ids) for place in _places(chunk)}


def _places(public_ids: Sequence[str]) -> Iterator[Place]:
    rows = Entry.objects.filter(public_id__in=public_ids).values_list(
        "public_id", "leaf_class", "leaf", "recorded_at", "place__index"
    )
    for public_id, leaf_class, leaf, recorded_at, index in rows:
        yield Place(
            public_id=str(public_id),
            leaf_class=leaf_class,
            leaf=bytes(leaf),
            recorded_at=recorded_at,
            index=index,
        )


def entries_by_key(by: Actor, keys: Collection[str]) -> dict[str, str]:
    """Idempotency key -> public id, for those of ``keys`` that this actor has used."""
    found: dict[str, str] = {}
    for chunk in _chunks(keys):
        rows = Entry.objects.filter(actor=by.actor_id, idempotency_key__in=chunk)
        found.update((key, str(name)) for key, name in rows.values_list("idempotency_key", "public_id") if key)
    return found


def content_of(public_id: str) -> Content | None:
    """Body and salts, or None when there is no such entry or they were erased."""
    row = EntryBody.objects.filter(entry__public_id=public_id).values_list("body", "salt").first()
    return Content(bytes(row[0]), bytes(row[1])) if row else None


def log_status(name: str) -> LogStatus | None:
    """The committed state of the log ``name`` (see :mod:`zonary.foundation.ledger.logs`), or None before its start.

    ``pending`` counts what has no index yet.
    """
    state = LogState.objects.filter(name=name).first()
    if state is None:
        return None
    return LogStatus(
        origin=state.origin,
        size=state.size,
        root=bytes(state.root),
        signed_at=state.signed_at,
        pending=Pending.objects.count() if name == MAIN else next_open_index() - state.size,
    )


def oldest_pending() -> datetime | None:
    """When the entry that has waited longest for its index was recorded."""
    waiting = Pending.objects.order_by("entry_id").values_list("entry__recorded_at", flat=True)
    return waiting.first()


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    listed = list(values)
    for start in range(0, len(listed), _IN_LIMIT):
        yield listed[start : start + _IN_LIMIT]
