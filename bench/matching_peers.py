"""What others need for the same answer: DuckDB by the best SQL we found for it, and zen-engine row by row."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa
import zen

from zonary.engines.clauses.circuits.gates import (
    Assumed,
    Circuit,
    Conjunction,
    Constant,
    Counted,
    Linear,
    Negated,
    Said,
    Within,
)
from zonary.engines.clauses.circuits.items import ItemCircuits
from zonary.engines.clauses.kleene import Truth

# --- DuckDB ----------------------------------------------------------------------------------------------------------


def duckdb_counts(table: pa.Table, items: Sequence[ItemCircuits]) -> tuple[float, dict[str, list[int]]]:
    """Seconds, on all cores and from a table of its own, and for each item what :mod:`bench.matching_run` counts.

    Of the ways tried, the fastest: a pass for each item that groups the rows by what its clauses come to, and joins the
    clauses only of the groups. Slower were several items in a pass (4 twice, 20 four times), the clauses packed into
    one number, and a table of all clauses before.
    """
    with duckdb.connect() as connection:
        connection.register("given", table)
        connection.execute("CREATE TABLE enterprises AS SELECT * FROM given")
        statements = {item.id: _statement(item) for item in items}
        started = time.perf_counter()
        rows = {id: connection.execute(each).fetchone() for id, each in statements.items()}
        return time.perf_counter() - started, {id: list(row or ()) for id, row in rows.items()}


def _statement(item: ItemCircuits) -> str:
    names = {each: f"c{place}" for place, each in enumerate(item.clauses.values())}
    columns = ", ".join(f"{_sql(each, {})} AS {name}" for each, name in names.items())
    result, promised = _sql(item.result, names), _sql(item.promised, names)
    conditions = [result, f"NOT {result}", promised, f"NOT {promised}"]
    conditions += [f"NOT {result} AND {_sql(each, names)}" for each in item.without.values()]
    sums = ", ".join(f"coalesce(sum(n) FILTER (WHERE {each}), 0)::BIGINT" for each in conditions)
    groups = f"SELECT {', '.join(names.values())}, count(*) AS n FROM (SELECT {columns} FROM enterprises) GROUP BY ALL"  # noqa: S608
    return f"SELECT {sums} FROM ({groups})"  # noqa: S608


def _sql(circuit: Circuit, names: Mapping[Circuit, str]) -> str:
    if circuit in names:
        return names[circuit]
    if isinstance(circuit, Linear):
        total = " + ".join(f'"{column.name}" * {factor}' if factor != 1 else f'"{column.name}"'
                           for column, factor in circuit.terms)  # fmt: skip
        return f"({total} >= {circuit.bound})"
    if isinstance(circuit, Said):
        return f'"{circuit.column.name}"'
    if isinstance(circuit, Within):
        lengths = sorted({len(each) for each in circuit.codes})
        tests = (f'left("{circuit.column.name}", {length}) IN ({_listed(circuit, length)})' for length in lengths)
        return f"({' OR '.join(tests)})"
    if isinstance(circuit, Constant):
        return {Truth.YES: "TRUE", Truth.NO: "FALSE", Truth.UNKNOWN: "CAST(NULL AS BOOLEAN)"}[circuit.value]
    if isinstance(circuit, Negated):
        return f"(NOT {_sql(circuit.part, names)})"
    if isinstance(circuit, Assumed):
        return f"coalesce({_sql(circuit.part, names)}, {circuit.value})"
    parts = [_sql(each, names) for each in circuit.parts]
    if isinstance(circuit, Counted):
        yes = " + ".join(f"coalesce({each}, FALSE)::INT" for each in parts)
        may = " + ".join(f"coalesce({each}, TRUE)::INT" for each in parts)
        return f"(CASE WHEN {yes} >= {circuit.count} THEN TRUE WHEN {may} < {circuit.count} THEN FALSE END)"
    return f"({(' AND ' if isinstance(circuit, Conjunction) else ' OR ').join(parts)})"


def _listed(circuit: Within, length: int) -> str:
    return ", ".join(f"'{each}'" for each in sorted(circuit.codes) if len(each) == length)


# --- zen-engine ------------------------------------------------------------------------------------------------------


def zen_rate(table: pa.Table, items: Sequence[ItemCircuits]) -> float:
    """Decisions a second: an item's condition compiled once, then evaluated row by row.

    It gets less to do than we: nothing unknown (nulls become zero, no and nothing), and no clause that is short.
    """
    names = {name: f"c{place}" for place, name in enumerate(table.column_names)}
    compiled = [zen.compile_expression(_zen(item.result, names)) for item in items]
    rows = [{names[name]: _filled(value) for name, value in row.items()} for row in _rows(table)]
    started = time.perf_counter()
    for each in compiled:
        for row in rows:
            each.evaluate(row)
    return len(compiled) * len(rows) / (time.perf_counter() - started)


def _rows(table: pa.Table) -> Iterator[Mapping[str, Any]]:
    yield from table.slice(0, 200).to_pylist()


def _filled(value: Any) -> Any:
    return 0 if value is None else value


def _zen(circuit: Circuit, names: Mapping[str, str]) -> str:
    if isinstance(circuit, Linear):
        total = " + ".join(f"{names[column.name]} * ({factor})" for column, factor in circuit.terms)
        return f"({total} >= {circuit.bound})"
    if isinstance(circuit, Said):
        return f"({names[circuit.column.name]} == true)"
    if isinstance(circuit, Within):
        listed = ", ".join(f'"{each}"' for each in sorted(circuit.codes))
        return f"some([{listed}], startsWith(string({names[circuit.column.name]}), #))"
    if isinstance(circuit, Constant):
        return "true" if circuit.value is Truth.YES else "false"
    if isinstance(circuit, Negated):
        return f"(not {_zen(circuit.part, names)})"
    if isinstance(circuit, Assumed):
        return _zen(circuit.part, names)
    parts = [_zen(each, names) for each in circuit.parts]
    if isinstance(circuit, Counted):
        return f"({' + '.join(f'({each} ? 1 : 0)' for each in parts)} >= {circuit.count})"
    return f"({(' and ' if isinstance(circuit, Conjunction) else ' or ').join(parts)})"
