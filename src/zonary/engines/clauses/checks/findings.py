"""One thing found in a rule pack, and the way its test cases are asked."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from zonary.engines.clauses.errors import ClausesError
from zonary.engines.clauses.interpreter.asking import Asking, Setting
from zonary.engines.clauses.packs.reading import Case, Pack
from zonary.engines.clauses.snapshots import Datum, Snapshot
from zonary.proof.errors import NameInBoth

SOURCE: Final = "test case"
_NAMING: Final = ("id", "item", "table", "name")
"""Places of a sentence at which an item, a table or a parameter stands."""


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


def names_in_english(pack: Pack) -> Mapping[str, str]:
    """Chinese -> English of the items, tables and parameters of a pack, as far as it says so."""
    english = pack.vocabulary.english
    names = {name: english.get(name, "") for name in (*pack.parameters.series, *(each.name for each in pack.tables))}
    names |= {each.title: each.title_english for each in pack.document.items}
    return {chinese: said for chinese, said in names.items() if said}


def in_both(error: ClausesError, names: Mapping[str, str]) -> ClausesError:
    """What the engine says of a pack by its Chinese names, with their English ones; its reasons, too."""
    said = copy.copy(error)
    params = dict(error.params)
    for key, value in params.items():
        if isinstance(value, ClausesError):
            params[key] = in_both(value, names)
        elif key in _NAMING and isinstance(value, str) and value in names:
            params[key] = NameInBoth(value, names[value])
    said.params = params
    return said
