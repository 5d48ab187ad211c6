"""One thing found in a rule pack, and the way its test cases are asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from zonary.engines.clauses.errors import ClausesError
from zonary.engines.clauses.interpreter.asking import Asking, Setting
from zonary.engines.clauses.packs.reading import Case, Pack
from zonary.engines.clauses.snapshots import Datum, Snapshot

SOURCE: Final = "test case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found: where, what, and whether the pack can be released with it.

    :param place: id of the item, clause or case, or name of the table; empty for the whole pack.
    """

    place: str
    reason: ClausesError
    is_blocking: bool


def asked(pack: Pack, case: Case) -> Asking:
    """The enterprise of a test case, to put every item and table to."""
    known_at = datetime(case.day.year + 100, 1, 1, tzinfo=UTC)  # a case asks about the rules, not about who knew when
    data = {
        (term, year): Datum(value=value, as_of=case.day, recorded_at=known_at, source=SOURCE)
        for (term, year), value in case.data.items()
    }
    snapshot = Snapshot(subject=case.name, day=case.day, known_at=known_at, data=data)
    return Asking(Setting(pack.vocabulary, pack.parameters, pack.tables), snapshot)
