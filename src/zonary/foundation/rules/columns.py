"""The facts about every enterprise at once, as columns: the same as a snapshot of each, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any, Final

import pyarrow as pa

from zonary.engines.clauses.circuits.gates import Column
from zonary.engines.clauses.planes import Enterprises
from zonary.engines.clauses.snapshots import Snapshot
from zonary.engines.clauses.vocabulary import YES_NO, Kind, Term, Vocabulary
from zonary.foundation.facts.rules import read_purposes
from zonary.foundation.organizations.models import Organization
from zonary.foundation.rules.loaded import LoadedPack
from zonary.foundation.rules.snapshots import FIELDS, POLICY, Allowed, standing_rows, stated_rows
from zonary.foundation.rules.stated import Answerable

OFFSETS: Final = tuple(range(-11, 1))
"""Years from the day's, which sentences can reach: a growth over the ten years of the longest sum."""


@dataclass(frozen=True)
class EnterpriseColumns:
    """A table of enterprises for one pack.

    :param organizations: public ids, by row.
    :param table: a column for each term, and for each of :data:`OFFSETS` of an annual one; null is not known.
    """

    organizations: tuple[str, ...]
    table: pa.Table

    @cached_property
    def enterprises(self) -> Enterprises:
        """As :func:`~zonary.engines.clauses.planes.match` takes it."""
        return Enterprises(self.table)


def columns_of(
    packs: Sequence[LoadedPack], *, day: date, known_at: datetime, purpose: str = POLICY, at: datetime | None = None
) -> tuple[EnterpriseColumns, ...]:
    """For each pack the facts about every enterprise that is not closed, in one reading of the table of facts.

    Each row is what :func:`~zonary.foundation.rules.snapshots.snapshot_of` says about that enterprise. Three queries,
    however many enterprises and packs there are.

    :param at: the present, where ``known_at`` is past: whether consents go on is asked then.
    :raises WrongFactError: for a purpose the dictionary does not have.
    """
    read_purposes([purpose])
    found = Organization.objects.filter(kind=Organization.Kind.ENTERPRISE).exclude(state=Organization.State.CLOSED)
    subjects = list(found.order_by("pk").values_list("pk", "public_id"))
    place = {pk: row for row, (pk, _) in enumerate(subjects)}
    names = tuple(str(public_id) for _, public_id in subjects)
    builders = [_Builder(each.vocabulary, len(names), day) for each in packs]
    wanted = {term for each in builders for term in each.answerable.terms}
    rows = standing_rows(wanted, known_at).filter(subject__in=found).order_by("subject_id")
    allowed = Allowed(purpose, at or known_at)
    listed = rows.values_list(*FIELDS, "subject_id").iterator(chunk_size=5_000)
    for subject, group in groupby(listed, key=lambda row: row[-1]):
        row = place.get(subject)
        if row is None:  # registered between the two queries
            continue
        facts = list(stated_rows((each[:-1] for each in group), allowed))
        for builder in builders:
            builder.put(row, builder.answerable.snapshot(names[row], facts, day=day, known_at=known_at))
    return tuple(EnterpriseColumns(names, builder.table()) for builder in builders)


class _Builder:
    """The columns of one vocabulary while they are filled. Columns nobody has a value in take no room."""

    def __init__(self, vocabulary: Vocabulary, rows: int, day: date) -> None:
        self.answerable = Answerable(vocabulary)
        self._vocabulary, self._rows, self._day = vocabulary, rows, day
        self._values: dict[Column, list[Any]] = {}

    def put(self, row: int, snapshot: Snapshot) -> None:
        for (term, year), datum in snapshot.data.items():
            column = Column(term, None if year is None else year - self._day.year)
            values = self._values.get(column)
            if values is None:
                values = self._values[column] = [None] * self._rows
            values[row] = datum.value

    def table(self) -> pa.Table:
        arrays: dict[str, pa.Array] = {}
        for term in self._vocabulary.terms:
            for offset in OFFSETS if term.annual else (None,):
                column = Column(term.id, offset)
                values = self._values.get(column)
                arrays[column.name] = pa.nulls(self._rows, _type(term)) if values is None else _array(term, values)
        return pa.table(arrays)


def _type(term: Term) -> pa.DataType:
    if term.kind in YES_NO:
        return pa.bool_()
    return pa.string() if term.kind is Kind.CODE else pa.int64()


def _array(term: Term, values: list[Any]) -> pa.Array:
    return pa.array(values, _type(term))
