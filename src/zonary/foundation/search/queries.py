"""Searching, the reader first: the index proposes within the reader's scopes, and whoever owns the rows decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from zonary.common.pagination import DEFAULT_LIMIT, Page, bounded, make_cursor, read_cursor
from zonary.foundation.ledger.rows import fetch, table
from zonary.foundation.organizations.searching import EVERYBODY, OFFICERS, SEARCHABLE, Found
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.search.indexing import GRAMS
from zonary.foundation.search.models import SearchEntry
from zonary.foundation.search.rules import grams_of_word, token, words_of

_LIST = "search"
_MOST_LOOKS = 5
"""Times the index is asked for one page, when much of what it proposes is not to be seen any more."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: of what kind, and what is shown of it."""

    kind: str
    public_id: str
    found: Found


def search(
    reader: Standing, query: str, *, kinds: Collection[str] = (), cursor: str = "", limit: int = DEFAULT_LIMIT,
    at: datetime,
) -> Page[Hit]:  # fmt: skip
    """What the reader may see that has every word of ``query`` in it, the latest to come here first.

    :param kinds: keys of ``SEARCHABLE``; none: all. Those the reader's token does not reach are left out.
    :raises QueryError: for a query that cannot be searched for.
    :raises Problem: 422 when the cursor is not one of this search.
    """
    words, limit = words_of(query), bounded(limit)
    allowed = [kind for kind in kinds_for(reader) if not kinds or kind in kinds]
    listed = f"{_LIST} {' '.join(words)} {' '.join(allowed)}"
    before = int(read_cursor(cursor, listed, 1)[0]) if cursor else None
    hits: list[tuple[int, Hit]] = []
    for _look in range(_MOST_LOOKS if allowed else 0):
        proposed = _proposed(reader, words, allowed, before, limit + 1)
        hits += _seen(reader, proposed, at)
        if len(proposed) <= limit or len(hits) > limit:
            more = len(hits) > limit
            break
        before = proposed[-1][0]
    else:
        more = bool(allowed)
    shown = [hit for _number, hit in hits[:limit]]
    last = hits[limit - 1][0] if len(hits) >= limit else before
    return Page(shown, make_cursor([last], listed) if more and last is not None else "")


def kinds_for(reader: Standing) -> list[str]:
    """The kinds of thing a reader may search in."""
    return [kind for kind, searchable in sorted(SEARCHABLE.items()) if reader.may(searchable.scope)]


def _scopes(reader: Standing) -> list[str]:
    own = (reader.holder,) if reader.holder else ()  # a passer-by has nothing
    return [EVERYBODY, *own, *((OFFICERS,) if reader.is_officer else ())]


def _proposed(
    reader: Standing, words: Sequence[str], kinds: Sequence[str], before: int | None, limit: int
) -> list[tuple[int, str, str]]:
    """Number, kind and public id of what is in the index, latest first."""
    grams = {gram for word in words for gram in grams_of_word(word)}
    wanted = [sorted(token(scope, gram) for gram in grams) for scope in _scopes(reader)]
    if connection.vendor == "postgresql":
        number, has_word = "g.entry", "strpos(e.text, %s) > 0"
        matching = f"({' OR '.join(['g.grams @> %s::bigint[]'] * len(wanted))})"
        values: list[Any] = [*wanted]
    else:
        number, has_word = "g.rowid", "instr(e.text, %s) > 0"
        matching = f"{GRAMS} MATCH %s"
        values = [" OR ".join(f"({' AND '.join(_quoted(each))})" for each in wanted)]
    conditions = [matching, *([has_word] * len(words)), f"e.kind IN ({', '.join(['%s'] * len(kinds))})"]
    values += [*words, *kinds]
    if before is not None:
        conditions.append(f"{number} < %s")
        values.append(before)
    query = (
        f"SELECT {number}, e.kind, e.public_id FROM {GRAMS} g JOIN {table(SearchEntry)} e ON e.id = {number} "  # noqa: S608
        f"WHERE {' AND '.join(conditions)} ORDER BY {number} DESC LIMIT %s"
    )
    return fetch(query, [*values, limit])


def _quoted(tokens: Sequence[int]) -> list[str]:
    """As FTS5 asks for words."""
    return [f'"{each:x}"' for each in tokens]


def _seen(reader: Standing, proposed: Sequence[tuple[int, str, str]], at: datetime) -> list[tuple[int, Hit]]:
    """Those the reader may see now, as whoever owns them says."""
    by_kind: dict[str, list[str]] = {}
    for _number, kind, public_id in proposed:
        by_kind.setdefault(kind, []).append(public_id)
    shown = {kind: SEARCHABLE[kind].show(reader, ids, at) for kind, ids in by_kind.items() if kind in SEARCHABLE}
    return [
        (number, Hit(kind, public_id, shown[kind][public_id]))
        for number, kind, public_id in proposed
        if public_id in shown.get(kind, {})
    ]
