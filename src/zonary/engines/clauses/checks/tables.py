"""What stands in the way of releasing a pack's tables: gaps, overlaps, rows that nothing reaches, cases that differ."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction

from zonary.engines.clauses.checks.findings import Finding, asked
from zonary.engines.clauses.errors import ClausesError
from zonary.engines.clauses.measures import Given
from zonary.engines.clauses.packs.reading import Agreed, Case, Pack
from zonary.engines.clauses.quantities import Parameter
from zonary.engines.clauses.tables.checks import Fault, FaultKind, faults
from zonary.engines.clauses.tables.model import DecisionTable, Fixed, Proportion, Table
from zonary.proof.errors import Noun


def of_tables(pack: Pack, today: date) -> Iterator[Finding]:
    """Everything found in the tables."""
    for table in pack.tables:
        cited = pack.table_citations[table.name]
        if not (cited.document and cited.article and cited.quote):
            reason = ClausesError(
                "The table “{table}” does not say where it stands: article and quoted words.", table=table.name
            )
            yield Finding(place=table.name, reason=reason, is_blocking=True)
        yield from _of_parameters(pack, table, today)
        if isinstance(table, DecisionTable):
            yield from _of_rows(pack, table)
    yield from _of_cases(pack)


def _of_parameters(pack: Pack, table: Table, today: date) -> Iterator[Finding]:
    bounds = [table.bound] if isinstance(table, Fixed) else table.parameters if isinstance(table, Proportion) else []
    for each in (bound for bound in bounds if isinstance(bound, Parameter)):
        try:
            pack.parameters.on(each.name, today, datetime.combine(today, datetime.max.time(), tzinfo=UTC))
        except ClausesError as error:
            yield Finding(place=table.name, reason=error, is_blocking=True)


def _of_rows(pack: Pack, table: DecisionTable) -> Iterator[Finding]:
    try:
        found = faults(table, pack.vocabulary)
    except ClausesError as error:  # too intricate, or it reads what is in another unit
        yield Finding(place=table.name, reason=error, is_blocking=True)
        return
    for each in found:
        yield Finding(place=table.name, reason=named(table, each), is_blocking=each.kind is not FaultKind.UNREACHABLE)


def named(table: DecisionTable, fault: Fault) -> ClausesError:
    """A fault as a sentence."""
    if fault.kind is FaultKind.UNREACHABLE:
        return ClausesError(
            "Row {row} of “{table}” is never reached: the rows before it take everything.",
            row=fault.rows[0],
            table=table.name,
        )
    where = _together([ClausesError("{column}: {piece}", column=name, piece=piece) for name, piece in fault.where])
    if fault.kind is FaultKind.GAP:
        return ClausesError("No row of “{table}” matches where {where}.", table=table.name, where=where)
    return ClausesError(
        "Rows {first} and {second} of “{table}” both match where {where}.",
        first=fault.rows[0],
        second=fault.rows[1],
        table=table.name,
        where=where,
    )


def _together(pieces: list[ClausesError]) -> ClausesError:
    found = pieces[-1]
    for each in reversed(pieces[:-1]):
        found = ClausesError("{first}; {others}", first=each, others=found)
    return found


def _of_cases(pack: Pack) -> Iterator[Finding]:
    """Each table gives what the cases agreed on, and each is agreed on in one, itself or as a part of another."""
    tried: dict[str, None] = {}
    for case in pack.cases:
        asking = asked(pack, case)
        for name, agreed in case.tables.items():
            tried.update(dict.fromkeys(pack.tables.needed(name)))
            try:
                given = asking.table(name)
            except ClausesError as error:
                yield Finding(place=case.name, reason=_untold(case, name, error), is_blocking=True)
                continue
            if _comes_to(given) != agreed:
                yield Finding(place=case.name, reason=_otherwise(pack, case, given, agreed), is_blocking=True)
    for table in pack.tables:
        if table.name not in tried:
            reason = ClausesError("No test case says what the table “{table}” gives.", table=table.name)
            yield Finding(place=table.name, reason=reason, is_blocking=True)


def _comes_to(given: Given) -> Agreed:
    return given.label if given.is_label else given.extent.number


def _untold(case: Case, name: str, error: ClausesError) -> ClausesError:
    return ClausesError(
        "In the test case “{case}” the table “{table}” gives nothing: {reason}",
        case=case.name,
        table=name,
        reason=error,
    )


def _otherwise(pack: Pack, case: Case, given: Given, agreed: Agreed) -> ClausesError:
    return ClausesError(
        "In the test case “{case}” the table “{table}” gives {found} and not {expected}.",
        case=case.name,
        table=given.table,
        found=_shown(pack, given.table, _comes_to(given)),
        expected=_shown(pack, given.table, agreed),
    )


def _shown(pack: Pack, name: str, value: Agreed) -> Noun | str:
    if value is None:
        return Noun("what is not known yet")
    if isinstance(value, str):
        return value
    dimension = pack.vocabulary.tables[name]
    unit = next(each for each in pack.vocabulary.units.values() if each.dimension == dimension)
    number = Fraction(value) / unit.factor
    return f"{number.numerator if number.denominator == 1 else float(number)}{unit.symbol}"
