"""A snapshot from what was kept of it, read strictly: only the bytes that were written are taken."""

from __future__ import annotations

from datetime import date, datetime
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

import msgspec

from zonary.engines.clauses.errors import DatumError, ReplayError
from zonary.engines.clauses.snapshots import Datum, Key, Snapshot, Stored

MAX_SNAPSHOT: Final = 4_000_000
"""Bytes of one; a thousand data of one enterprise are some hundred thousand."""

_Row: TypeAlias = tuple[
    str, int | None, str | Literal[0, 1], Literal["int", "bool", "str"], date, datetime, str, str
]  # fmt: skip


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    subject: str
    day: date
    known_at: datetime
    data: list[_Row]


def read_snapshot(kept: bytes) -> Snapshot:
    """The snapshot whose :meth:`~zonary.engines.clauses.snapshots.Snapshot.written` this is.

    :raises ReplayError: when it is not, byte for byte.
    """
    if len(kept) > MAX_SNAPSHOT:
        raise ReplayError("A stored snapshot has at most {limit} bytes.", limit=MAX_SNAPSHOT)
    try:
        snapshot = _snapshot(msgspec.json.decode(kept, type=_Kept))
        is_same = snapshot.written() == kept
    except (msgspec.MsgspecError, DatumError, ValueError, RecursionError) as error:
        raise ReplayError("This is no stored snapshot: {reason}", reason=str(error)[:200]) from error
    if not is_same:
        raise ReplayError("This stored snapshot is not written as snapshots are: it was changed, or made elsewhere.")
    return snapshot


def _snapshot(kept: _Kept) -> Snapshot:
    data: dict[Key, Datum] = {}
    for term, year, value, type_, as_of, recorded_at, source, reference in kept.data:
        datum = Datum(
            value=_value(value, type_), as_of=as_of, recorded_at=recorded_at, source=source, reference=reference
        )
        data[term, year] = datum
    return Snapshot(kept.subject, kept.day, kept.known_at, MappingProxyType(data))


def _value(value: str | int, type_: str) -> Stored:
    """Of a spelling that is not the one written (a bare 1 for a number) the bytes would differ."""
    if type_ == "bool":
        return value in (1, "True")
    return int(value) if type_ == "int" else str(value)
