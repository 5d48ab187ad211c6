"""Pages of long lists by keyset: each begins after the last row of the one before, however the list has grown since.

Where that was is told by a cursor, signed, so that whoever passes it back can only pass back what was given to them; it
belongs to one list, and to no other. A keyset has to tell rows apart: its last column is a unique one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Model, Q, QuerySet

from zonary.common.problems import Problem

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
MAX_CURSOR = 512
"""Characters; a longer one was not made here."""

T = TypeVar("T")
Row = TypeVar("Row", bound=Model)
Key = int | str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list.

    :param next: the cursor of the page after this one; empty on the last.
    """

    items: list[T]
    next: str

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def link(self, path: str, **asked: str | int) -> str | None:
        """Where the next page is, with what else was asked; None on the last."""
        return f"{path}?{urlencode({**asked, 'cursor': self.next})}" if self.next else None


def paginate(rows: QuerySet[Row], *order: str, cursor: str = "", limit: int = DEFAULT_LIMIT) -> Page[Row]:
    """The page of ``rows`` after ``cursor``; the first without one.

    :param order: columns that are never null, all ascending or all with ``-`` in front, the last one unique.
    :param limit: rows on it, 1 to ``MAX_LIMIT``; what is outside is brought inside.
    :raises Problem: 422 when the cursor is not one of this list.
    """
    fields = [each.removeprefix("-") for each in order]
    listed = f"{rows.model._meta.label_lower} {' '.join(order)}"
    chosen = rows.order_by(*order)
    if cursor:
        beyond = "lt" if order[0].startswith("-") else "gt"
        chosen = chosen.filter(_beyond(fields, read_cursor(cursor, listed, len(fields)), beyond))
    limit = bounded(limit)
    found = list(chosen[: limit + 1])
    if len(found) <= limit:
        return Page(found, "")
    last = found[limit - 1]
    return Page(found[:limit], make_cursor([_plain(_value(last, field)) for field in fields], listed))


def _beyond(fields: Sequence[str], values: Sequence[Key], beyond: str) -> Q:
    """Rows behind the one with ``values``: behind in the first column, or alike there and behind in the next."""
    found, alike = Q(), Q()
    for field, value in zip(fields, values, strict=True):
        found |= alike & Q(**{f"{field}__{beyond}": value})
        alike &= Q(**{field: value})
    return found


def _value(row: Any, field: str) -> object:
    for part in field.split("__"):
        row = getattr(row, part)
    return row


def _plain(value: object) -> Key:
    if isinstance(value, int | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def bounded(limit: int) -> int:
    return max(1, min(limit, MAX_LIMIT))


def make_cursor(values: Sequence[Key], listed: str) -> str:
    """:param listed: which list, and in which order: the cursor is one of that alone."""
    return signing.dumps(list(values), salt=f"cursor {listed}", serializer=_Json)


def read_cursor(cursor: str, listed: str, count: int) -> list[Key]:
    """The values a cursor was made of.

    :raises Problem: 422 when it was not made here for this list.
    """
    try:
        if len(cursor) > MAX_CURSOR:
            raise ValueError
        values = signing.loads(cursor, salt=f"cursor {listed}", serializer=_Json)
    except (signing.BadSignature, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != count:
        raise Problem(422, "invalid-cursor", "The cursor is not one of this list. Take the one of the page before.")
    return values


class _Json:
    """As compact as it gets: a cursor stands in addresses."""

    def dumps(self, value: object) -> bytes:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8")

    def loads(self, data: bytes) -> Any:
        return json.loads(data.decode("utf-8"))


def listing(items: Sequence[Mapping[str, object]], following: str | None) -> dict[str, object]:
    """A page as the API shows it."""
    return {"items": list(items), "next": following}
