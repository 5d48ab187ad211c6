"""What a circuit comes to, said as plainly as it can be: the one reading that every back-end is held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zonary.engines.clauses import kleene
from zonary.engines.clauses.circuits.gates import (
    Assumed,
    Circuit,
    Conjunction,
    Constant,
    Counted,
    Linear,
    Negated,
    Said,
    Weighed,
    Within,
)
from zonary.engines.clauses.codes import lies_in
from zonary.engines.clauses.kleene import Truth


def meaning(circuit: Circuit, row: Mapping[str, Any]) -> Truth:
    """What a circuit comes to for one row, as slowly and plainly as it can be said."""
    if isinstance(circuit, Linear):
        values = [row[column.name] for column, _ in circuit.terms]
        if any(value is None for value in values):
            return Truth.UNKNOWN
        return kleene.of(sum(value * factor for value, (_, factor) in zip(values, circuit.terms, strict=True))
                         >= circuit.bound)  # fmt: skip
    if isinstance(circuit, Said):
        value = row[circuit.column.name]
        return Truth.UNKNOWN if value is None else kleene.of(value)
    if isinstance(circuit, Within):
        value = row[circuit.column.name]
        return Truth.UNKNOWN if value is None else lies_in(value, circuit.codes)
    if isinstance(circuit, Constant):
        return circuit.value
    if isinstance(circuit, Negated):
        return ~meaning(circuit.part, row)
    if isinstance(circuit, Assumed):
        found = meaning(circuit.part, row)
        return kleene.of(circuit.value) if found is Truth.UNKNOWN else found
    parts = [meaning(each, row) for each in circuit.parts]
    if isinstance(circuit, Counted):
        return kleene.at_least(circuit.count, parts)
    if isinstance(circuit, Weighed):  # the worst it may be, and the best
        least, most = (
            sum(weight for part, weight in zip(parts, circuit.weights, strict=True) if part in counted)
            for counted in ((Truth.YES,), (Truth.YES, Truth.UNKNOWN))
        )
        return Truth.UNKNOWN if least < circuit.bound <= most else kleene.of(least >= circuit.bound)
    return kleene.all_of(parts) if isinstance(circuit, Conjunction) else kleene.any_of(parts)
