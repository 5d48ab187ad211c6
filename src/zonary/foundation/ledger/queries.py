"""What the rooms above may know about entries and logs, without touching the ledger's tables."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db.models import Q, Sum

from zonary.common.ids import consecutive_after, distance, first_id_at
from zonary.foundation.ledger.actors import Actor, key_space
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.models import Entry, EntryBody, EntryKey, LogState, Pending, Sequenced
from zonary.foundation.ledger.openlog import next_open_index
from zonary.foundation.ledger.packing import span_of, take_span, unpack, unpack_one
from zonary.foundation.ledger.places import split_place
from zonary.foundation.ledger.rows import fetch, identifier, stream, table

_IN_LIMIT = 500
"""Values of one ``IN (…)``: some databases take no more than a thousand."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of an entry, and where it has come to.

    ``body`` and ``salt`` are empty once erased; ``generation`` and ``index`` are None until it is sequenced.
    """

    entry: int
    position: int
    public_id: str
    kind: str
    leaf_class: str
    actor: str
    organisation: str
    leaf: bytes
    body: bytes
    salt: bytes
    recorded_at: datetime
    generation: int | None
    index: int | None

    @property
    def holder(self) -> str:
        """Whose it is: see :func:`~zonary.foundation.ledger.actors.holder_of`."""
        return self.organisation or self.actor


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """An entry of the log with all its items: what an index is derived from.

    ``place`` is -1 until it has one.
    """

    place: int
    entry: int
    holder: str
    leaves: list[bytes]
    bodies: list[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedHead:
    """An entry of the log without its leaves and bodies."""

    place: int
    public_id: str
    kind: str
    actor: str
    organisation: str
    about: str
    count: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogStatus:
    """How far one log has come."""

    origin: str
    size: int
    root: bytes
    signed_at: datetime
    pending: int


_HEAD = (
    "SELECT e.id, e.public_id, e.count, e.kind, e.leaf_class, e.actor, e.organisation, e.recorded_at, s.place, "
    "SUBSTR(e.leaves, 1, 4), SUBSTR(b.bodies, 1, 4), SUBSTR(b.salts, 1, 4)"
)
"""What all items of an entry have in common, and what tells where each begins in the packed columns."""
_FEW = 4
"""Items of one entry that are read one by one; for more of them the whole row is, which may have a megabyte."""


def _joined() -> str:
    return (
        f"FROM {table(Entry)} e LEFT JOIN {table(EntryBody)} b ON b.entry_id = e.id "
        f"LEFT JOIN {table(Sequenced)} s ON s.entry_id = e.id"
    )


def item_of(public_id: str) -> Item | None:
    """The item called ``public_id``, whoever recorded it, or None."""
    return next(iter(items_of([public_id])), None)


def items_of(public_ids: Collection[str]) -> list[Item]:
    """The items called ``public_ids``, in order of id; those that do not exist are left out."""
    # The entry whose first item has the nearest id at or before this one.
    nearest = f"(SELECT id FROM {table(Entry)} WHERE public_id <= %s ORDER BY public_id DESC LIMIT 1)"  # noqa: S608
    wanted: list[tuple[tuple[Any, ...], list[int]]] = []
    for public_id in sorted(public_ids):
        if not wanted or distance(_text(wanted[-1][0][1]), public_id) >= wanted[-1][0][2]:
            rows = fetch(f"{_HEAD} {_joined()} WHERE e.id = {nearest}", [identifier(public_id)])
            wanted += [(row, []) for row in rows]
        if wanted and (position := distance(_text(wanted[-1][0][1]), public_id)) < wanted[-1][0][2]:
            wanted[-1][1].append(position)
    return [item for row, positions in wanted for item in _items(row, positions)]


def places_of(public_ids: Collection[str]) -> dict[str, tuple[int, int] | None]:
    """Public id -> generation and index of the item called so, None until it is sequenced; for a list of them.

    One statement for some hundred, whatever entries they are of; those that do not exist are left out.
    """
    found: dict[str, tuple[int, int] | None] = {}
    for chunk in _chunks(public_ids):
        wanted = ", ".join(["(%s)"] * len(chunk))
        nearest = f"(SELECT id FROM {table(Entry)} WHERE public_id <= w.id ORDER BY public_id DESC LIMIT 1)"  # noqa: S608
        query = (
            f"WITH w (id) AS (VALUES {wanted}) SELECT w.id, e.public_id, e.count, s.place FROM w "  # noqa: S608
            f"JOIN {table(Entry)} e ON e.id = {nearest} LEFT JOIN {table(Sequenced)} s ON s.entry_id = e.id"
        )
        for public_id, first, count, place in fetch(query, list(map(identifier, chunk))):
            position = distance(_text(first), _text(public_id))
            if position < count:
                generation, index = (0, None) if place is None else split_place(place)
                found[_text(public_id)] = None if index is None else (generation, index + position)
    return found


def items_at(places: Sequence[tuple[int, int]]) -> list[Item]:
    """The items at these pairs of entry (row id) and position, in their order; those that do not exist are left out."""
    positions: dict[int, list[int]] = {}
    for entry, position in places:
        positions.setdefault(entry, []).append(position)
    found: dict[tuple[int, int], Item] = {}
    for chunk in _chunks(positions):
        for row in fetch(f"{_HEAD} {_joined()} WHERE e.id IN ({_marks(chunk)})", chunk):
            found.update(((item.entry, item.position), item) for item in _items(row, positions[row[0]]))
    return [found[place] for place in places if place in found]


def _items(row: tuple[Any, ...], positions: list[int]) -> Iterator[Item]:
    entry, first, count, kind, leaf_class, actor, organisation, recorded_at, place, *sizes = row
    generation, index = (None, None) if place is None else split_place(place)
    whole = None if len(positions) <= _FEW else _columns(entry)
    for position in positions:
        if whole is None:
            leaf, body, salt = _pieces(entry, count, position, sizes)
        else:
            leaf, body, salt = (b"" if data is None else unpack_one(data, count, position) for data in whole)
        yield Item(
            entry=entry,
            position=position,
            public_id=consecutive_after(_text(first), position),
            kind=kind,
            leaf_class=leaf_class,
            actor=actor,
            organisation=organisation,
            leaf=leaf,
            body=body,
            salt=salt,
            recorded_at=_moment(recorded_at),
            generation=generation,
            index=None if index is None else index + position,
        )


def _columns(entry: int) -> list[bytes | None]:
    query = f"SELECT e.leaves, b.bodies, b.salts {_joined()} WHERE e.id = %s"
    return [None if data is None else bytes(data) for data in fetch(query, [entry])[0]]


def _pieces(entry: int, count: int, position: int, heads: Sequence[Any]) -> list[bytes]:
    """Leaf, body and salt at ``position`` alone, read where they stand."""
    spans = [None if head is None else span_of(bytes(head), position) for head in heads]
    cut = [part for span in spans for part in (span or (1, 0))]
    query = (
        "SELECT SUBSTR(e.leaves, %s, %s), SUBSTR(b.bodies, %s, %s), SUBSTR(b.salts, %s, %s) "
        f"{_joined()} WHERE e.id = %s"
    )
    row = fetch(query, [*cut, entry])[0]
    return [
        b"" if span is None else take_span(bytes(data), span, count, position)
        for span, data in zip(spans, row, strict=True)
    ]


def placed_after(kind: str, place: int, limit: int) -> Iterator[PlacedEntry]:
    """The next ``limit`` entries of ``kind`` whose place in the log is beyond ``place`` (-1: from the beginning).

    In order of place, which has no gaps that fill later, as ids have.
    """
    return _placed(
        f"SELECT s.place, e.id, e.actor, e.organisation, e.count, e.leaves, b.bodies FROM {table(Sequenced)} s "  # noqa: S608
        f"JOIN {table(Entry)} e ON e.id = s.entry_id LEFT JOIN {table(EntryBody)} b ON b.entry_id = e.id "
        "WHERE s.place > %s AND e.kind = %s ORDER BY s.place LIMIT %s",
        [place, kind, limit],
    )


def unplaced(kind: str) -> Iterator[PlacedEntry]:
    """The entries of ``kind`` that wait for their place in the log."""
    return _placed(
        f"SELECT -1, e.id, e.actor, e.organisation, e.count, e.leaves, b.bodies FROM {table(Pending)} p "  # noqa: S608
        f"JOIN {table(Entry)} e ON e.id = p.entry_id LEFT JOIN {table(EntryBody)} b ON b.entry_id = e.id "
        "WHERE e.kind = %s ORDER BY e.id",
        [kind],
    )


def heads_after(place: int, limit: int) -> Iterator[PlacedHead]:
    """The next ``limit`` entries of whatever kind beyond ``place``, in order of place, for whoever follows the log."""
    names = ("entry__public_id", "entry__kind", "entry__actor", "entry__organisation", "entry__about", "entry__count")
    rows = Sequenced.objects.filter(place__gt=place).order_by("place")
    for row in rows.values_list("place", *names, "entry__recorded_at")[:limit]:
        yield PlacedHead(
            place=row[0],
            public_id=str(row[1]),
            kind=row[2],
            actor=row[3],
            organisation=row[4],
            about=row[5],
            count=row[6],
            recorded_at=row[7],
        )


def sizes_at(moments: Collection[datetime]) -> list[tuple[int, int] | None]:
    """For each moment: generation and size of the log when the first entry came that was recorded from then on.

    Entries of one millisecond have no order in time: of those any may count as the first. None where there is none yet,
    or it waits for its place. One statement, which looks into an index for each.
    """
    firsts = {identifier(first_id_at(at)): number for number, at in enumerate(moments)}
    wanted = ", ".join(["(%s)"] * len(firsts))
    nearest = f"(SELECT id FROM {table(Entry)} WHERE public_id >= w.id ORDER BY public_id LIMIT 1)"  # noqa: S608
    query = (
        f"WITH w (id) AS (VALUES {wanted}) SELECT w.id, s.place FROM w "  # noqa: S608
        f"JOIN {table(Entry)} e ON e.id = {nearest} JOIN {table(Sequenced)} s ON s.entry_id = e.id"
    )
    found: list[tuple[int, int] | None] = [None] * len(firsts)
    for first, place in fetch(query, list(firsts)):
        found[firsts[first]] = split_place(place)
    return found


def holders_between(kind: str, since: datetime | None, until: datetime) -> set[str]:
    """Whose entries of ``kind`` there are that were recorded from ``since`` (None: the beginning) until ``until``."""
    rows = Entry.objects.filter(kind=kind, public_id__lt=first_id_at(until))
    if since is not None:
        rows = rows.filter(public_id__gte=first_id_at(since))
    pairs = rows.order_by().values_list("organisation", "actor").distinct()
    return {organisation or actor for organisation, actor in pairs}


def last_place() -> int:
    """The place of the last leaf in the log; -1 before the first."""
    row = Sequenced.objects.order_by("-place").values_list("place", "count").first()
    return -1 if row is None else row[0] + row[1] - 1


def _placed(query: str, parameters: Sequence[int | str]) -> Iterator[PlacedEntry]:
    for place, entry, actor, organisation, count, leaves, bodies in stream(query, parameters):
        yield PlacedEntry(
            place=place,
            entry=entry,
            holder=organisation or actor,
            leaves=unpack(bytes(leaves), count),
            bodies=[b""] * count if bodies is None else unpack(bytes(bodies), count),
        )


def entries_by_key(by: Actor, keys: Collection[str]) -> dict[str, str]:
    """Idempotency key -> public id of the item, for those of ``keys`` that this actor has used, for whom they act."""
    found: dict[str, str] = {}
    for chunk in _chunks(keys):
        rows = EntryKey.objects.filter(actor=key_space(by), key__in=chunk)
        found.update((key, str(name)) for key, name in rows.values_list("key", "public_id"))
    return found


def first_act(kind: str, *, by: Actor, about: str, since: datetime) -> str:
    """Public id of the first act of a kind that somebody did about something from a moment on; empty when none."""
    acts = Entry.objects.filter(kind=kind, actor=by.actor_id, about=about, recorded_at__gte=since)
    found = acts.order_by("pk").values_list("public_id", flat=True).first()
    return "" if found is None else str(found)


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
        pending=_pending_leaves() if name == MAIN else next_open_index() - state.size,
    )


def _pending_leaves() -> int:
    return Pending.objects.aggregate(leaves=Sum("entry__count"))["leaves"] or 0


def has_recorded(which: Q, *, kinds: Collection[str], after: int) -> bool:
    """Whether anything of these kinds that fits was recorded after the entry with this ``number``."""
    return Entry.objects.filter(which, kind__in=kinds, pk__gt=after).exists()


def oldest_pending() -> datetime | None:
    """When the entry that has waited longest for its index was recorded."""
    waiting = Pending.objects.order_by("entry_id").values_list("entry__recorded_at", flat=True)
    return waiting.first()


def _text(public_id: Any) -> str:
    return str(public_id if isinstance(public_id, uuid.UUID) else uuid.UUID(public_id))


def _moment(value: Any) -> datetime:
    # Raw rows of SQLite hold what Django wrote: UTC, and do not say so.
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    listed = list(values)
    for start in range(0, len(listed), _IN_LIMIT):
        yield listed[start : start + _IN_LIMIT]
