"""Strategies: a small vocabulary, columns, circuits, and the slow reference that asks them of one enterprise."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st
from tests.engines.clauses.plainly import meaning

from zonary.engines.clauses.circuits.gates import (
    Assumed,
    Circuit,
    Column,
    Conjunction,
    Counted,
    Disjunction,
    Negated,
    Said,
    columns_of,
    linear,
)
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.vocabulary import Kind, Term, Vocabulary

SMALL = Vocabulary(
    (
        Term(id="x", chinese="甲数", english="x", kind=Kind.COUNT, unit="项", unit_english="items", low=-3, high=6),
        Term(id="y", chinese="乙数", english="y", kind=Kind.COUNT, unit="项", unit_english="items", low=0, high=4),
        Term(id="f", chinese="丙事", english="f", kind=Kind.FLAG),
        Term(id="g", chinese="丁事", english="g", kind=Kind.FLAG),
    )
)
"""Few values each, so that all enterprises there can be are soon tried."""

_single = st.builds(
    lambda name, coefficient, bound: linear([(Column(name), coefficient)], bound),
    st.sampled_from("xy"),
    st.sampled_from([-2, -1, 1, 2, 3]),
    st.integers(-10, 10),
)
_double = st.builds(
    lambda a, b, bound: linear([(Column("x"), a), (Column("y"), b)], bound),
    st.integers(-3, 3),
    st.integers(-3, 3),
    st.integers(-12, 12),
)
_said = st.builds(lambda name: Said(Column(name)), st.sampled_from("fg"))
alone = st.one_of(_single, _said)
"""Atoms about one column each."""
any_atom = st.one_of(_single, _double, _said)


def circuits(atoms: st.SearchStrategy[Circuit], *, assuming: bool = True) -> st.SearchStrategy[Circuit]:
    """Circuits over such atoms, a few gates deep."""

    def joined(parts: st.SearchStrategy[Circuit]) -> st.SearchStrategy[Circuit]:
        several = st.lists(parts, min_size=1, max_size=4).map(tuple)
        gates = [
            several.map(Conjunction),
            several.map(Disjunction),
            parts.map(Negated),
            several.flatmap(lambda found: st.integers(1, len(found)).map(lambda count: Counted(count, found))),
        ]
        return st.one_of(*gates, *([st.builds(Assumed, parts, st.booleans())] if assuming else []))

    return st.recursive(atoms, joined, max_leaves=8)


def asked(circuit: Circuit, row: Mapping[str, int | bool | str | None]) -> Truth:
    """What the circuit says of an enterprise whose columns hold ``row``; None or missing: unknown."""
    return meaning(circuit, {**dict.fromkeys((each.name for each in columns_of(circuit)), None), **row})
