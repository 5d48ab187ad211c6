"""The index kept as things are: in the transaction of the act that changed them, and made anew where it is not whole.

Nobody decides anything here: it writes the three tables of the index alone, which ``config.unrecorded`` names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db import connection, transaction

from zonary.foundation.ledger.rows import fetch, table
from zonary.foundation.ledger.watching import Happening
from zonary.foundation.organizations.searching import SEARCHABLE, Indexed
from zonary.foundation.search.models import SearchBuild, SearchEntry
from zonary.foundation.search.rules import folded, tokens_of

GRAMS = "search_grams"
AT_ONCE = 500
_NIL = "00000000-0000-0000-0000-000000000000"
_LOCK = 7_301_220_514
"""Of PostgreSQL's advisory locks."""


def index_what_changed(happenings: Sequence[Happening]) -> None:
    """Called at the end of every action: what its events changed is found from now on as it is now."""
    is_held = False
    for kind, searchable in SEARCHABLE.items():
        changed = [
            public_id
            for happening in happenings
            if happening.kind in searchable.events
            for public_id in searchable.events[happening.kind](happening)
            if public_id
        ]
        if changed and not is_held:
            _hold("shared")
            is_held = True
        for some in _chunks(list(dict.fromkeys(changed))):
            put(kind, some)


def _hold(how: str) -> None:
    """Until the present transaction ends the index is not made anew (``shared``), or only here (``alone``).

    Else what is erased at this moment could come back by whoever read it before. SQLite has one writer at a time.
    """
    if connection.vendor == "postgresql":
        shared = "_shared" if how == "shared" else ""
        fetch(f"SELECT pg_advisory_xact_lock{shared}(%s)", [_LOCK])


def put(kind: str, public_ids: Collection[str]) -> None:
    """Have these things found as they are now; those that are no more, or are not to be found, no longer.

    Rows known already are held first, and only then it is asked what they are: of two actions that change one thing
    at a time, the second sees what the first did.
    """
    known = _known(kind, public_ids)
    indexed = [_Row.of(kind, each) for each in SEARCHABLE[kind].texts(public_ids)]
    same = {(each.public_id, each.scopes, each.text) for each in known}
    changed = [each for each in indexed if (each.public_id, each.scopes, each.text) not in same]
    staying = {each.public_id for each in indexed}
    fresh = {each.public_id for each in changed}
    gone = [each for each in known if each.public_id not in staying]
    _forget_grams([each for each in known if each.public_id in fresh] + gone)
    if gone:
        SearchEntry.objects.filter(pk__in=[each.number for each in gone]).delete()
    if changed:
        _add(changed)


class _Row:
    """A row of the index, as it is kept."""

    __slots__ = ("kind", "number", "public_id", "scopes", "text")

    def __init__(self, kind: str, public_id: str, scopes: str, text: str, number: int = 0) -> None:
        self.kind, self.public_id, self.scopes, self.text, self.number = kind, public_id, scopes, text, number

    @classmethod
    def of(cls, kind: str, indexed: Indexed) -> _Row:
        text = "\n".join(filter(None, map(folded, indexed.texts)))
        return cls(kind, indexed.public_id, " ".join(sorted(filter(None, indexed.scopes))), text)

    def tokens(self) -> list[int]:
        return tokens_of(self.scopes.split(), self.text)


def _known(kind: str, public_ids: Collection[str]) -> list[_Row]:
    rows = SearchEntry.objects.select_for_update().filter(kind=kind, public_id__in=list(public_ids)).order_by("pk")
    columns = ("public_id", "scopes", "text", "pk")
    return [_Row(kind, *values) for values in rows.values_list(*columns)]


def _add(rows: Sequence[_Row]) -> None:
    """Of two actions that change one thing at a time the later's word counts."""
    marks = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    query = (
        f"INSERT INTO {table(SearchEntry)} (kind, public_id, scopes, text) VALUES {marks} "  # noqa: S608
        "ON CONFLICT (kind, public_id) DO UPDATE SET scopes = excluded.scopes, text = excluded.text "
        "RETURNING id, public_id"
    )
    values = [value for row in rows for value in (row.kind, row.public_id, row.scopes, row.text)]
    numbers = {str(public_id): number for number, public_id in fetch(query, values)}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            query = (
                f"INSERT INTO {GRAMS} (entry, grams) VALUES (%s, %s::bigint[]) "  # noqa: S608
                "ON CONFLICT (entry) DO UPDATE SET grams = excluded.grams"
            )
            cursor.executemany(query, [(numbers[row.public_id], row.tokens()) for row in rows])
        else:
            query = f"INSERT INTO {GRAMS} (rowid, grams) VALUES (%s, %s)"  # noqa: S608
            cursor.executemany(query, [(numbers[row.public_id], words(row.tokens())) for row in rows])


def _forget_grams(rows: Sequence[_Row]) -> None:
    """A table of FTS5 without content is told what to forget; what was put into it follows from the row."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            numbers = [row.number for row in rows]
            cursor.execute(f"DELETE FROM {GRAMS} WHERE entry = ANY(%s)", [numbers])  # noqa: S608
        else:
            query = f"INSERT INTO {GRAMS} ({GRAMS}, rowid, grams) VALUES ('delete', %s, %s)"  # noqa: S608
            cursor.executemany(query, [(row.number, words(row.tokens())) for row in rows])


def words(tokens: Iterable[int]) -> str:
    """Tokens as FTS5 splits them."""
    return " ".join(f"{each:x}" for each in tokens)


def advance() -> bool:
    """Bring some of what was there before the index into it; whether there was anything to do.

    In one transaction, so that a crash leaves a piece done or not begun.
    """
    whole = set(SearchBuild.objects.filter(is_whole=True).values_list("kind", flat=True))
    left = [kind for kind in SEARCHABLE if kind not in whole]
    if not left:
        return False
    with transaction.atomic():
        _hold("alone")
        _advance(left[0])
    return True


def _advance(kind: str) -> None:
    build, _is_new = SearchBuild.objects.get_or_create(kind=kind)
    some = SEARCHABLE[kind].after(build.after or _NIL, AT_ONCE)
    if some:
        put(kind, some)
    after = some[-1] if some else build.after
    SearchBuild.objects.filter(kind=kind).update(after=after, is_whole=not some)


def forget_index() -> None:
    """Delete all of it; :func:`advance` makes it anew."""
    with transaction.atomic():
        _hold("alone")
        SearchBuild.objects.all().delete()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"DELETE FROM {GRAMS}")  # noqa: S608
            else:
                cursor.execute(f"INSERT INTO {GRAMS} ({GRAMS}) VALUES ('delete-all')")  # noqa: S608
        SearchEntry.objects.all().delete()


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
