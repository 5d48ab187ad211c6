"""Many byte strings in one column: what a batch puts into a single row.

Four bytes big-endian, then the items. When all have the same size, the four bytes are that size and the items follow
without more; otherwise they are ``0xFFFFFFFF`` and each item follows its own length in four bytes. How many there are
stands beside it, in the row.
"""

from __future__ import annotations

from collections.abc import Sequence

from zonary.foundation.ledger.errors import LedgerError

_MIXED = 0xFFFFFFFF
_WORD = 4


class DamagedRowError(LedgerError):
    """A row of the ledger does not hold what was written there."""


def pack(items: Sequence[bytes]) -> bytes:
    """``items`` in one; each at most 4 GB."""
    sizes = set(map(len, items))
    if len(sizes) == 1:
        return b"".join((sizes.pop().to_bytes(_WORD, "big"), *items))
    lengths = (len(item).to_bytes(_WORD, "big") for item in items)
    return b"".join(
        (_MIXED.to_bytes(_WORD, "big"), *(part for pair in zip(lengths, items, strict=True) for part in pair))
    )


def unpack(data: bytes, count: int) -> list[bytes]:
    """The ``count`` items of ``data``.

    :raises DamagedRowError: when it does not hold exactly so many.
    """
    size = int.from_bytes(data[:_WORD], "big")
    if len(data) >= _WORD and size != _MIXED:
        if len(data) != _WORD + count * size:
            raise _damaged(count)
        return [data[start : start + size] for start in range(_WORD, len(data), size)] if size else [b""] * count
    items: list[bytes] = []
    end = _WORD
    while end + _WORD <= len(data):
        start = end + _WORD
        end = start + int.from_bytes(data[end:start], "big")
        items.append(data[start:end])
    if len(items) != count or end != len(data):
        raise _damaged(count)
    return items


def unpack_one(data: bytes, count: int, position: int) -> bytes:
    """The item at ``position`` alone: of items of one size, without a look at the others.

    :raises DamagedRowError: as :func:`unpack` does.
    """
    size = int.from_bytes(data[:_WORD], "big")
    if size == _MIXED:
        return unpack(data, count)[position]
    if len(data) != _WORD + count * size:
        raise _damaged(count)
    return data[_WORD + position * size : _WORD + (position + 1) * size]


Span = tuple[int, int]
"""Where to cut packed bytes, as SQL's SUBSTR counts: first byte (from 1), and how many."""
_EVERYTHING: Span = (1, 0x7FFFFFFF)


def span_of(head: bytes, position: int) -> Span:
    """Where the item at ``position`` stands in bytes that begin with the four of ``head``; everything when mixed."""
    size = int.from_bytes(head, "big")
    return _EVERYTHING if size == _MIXED else (1 + _WORD + position * size, size)


def take_span(cut: bytes, span: Span, count: int, position: int) -> bytes:
    """The item, from what was cut out at ``span``.

    :raises DamagedRowError: when it is not all there.
    """
    if span == _EVERYTHING:
        return unpack(cut, count)[position]
    if len(cut) != span[1]:
        raise _damaged(count)
    return cut


def _damaged(count: int) -> DamagedRowError:
    return DamagedRowError(
        "A row of the database does not hold the {count} items it says it does. Restore the database from a backup "
        "that is not older than the published checkpoint.",
        count=count,
    )
