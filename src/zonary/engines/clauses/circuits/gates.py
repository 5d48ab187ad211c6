"""Atoms and gates. All are values: equal ones are one, so that what many items ask is found out once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TypeAlias

from zonary.engines.clauses.kleene import Truth, of


@dataclass(frozen=True, slots=True, order=True)
class Column:
    """What is read of an enterprise: a term, and of an annual one how many years from the day asked about."""

    term: str
    offset: int | None = None

    @property
    def name(self) -> str:
        """Of the column in a table of enterprises: ``rd-expense@-1``, ``staff``."""
        return self.term if self.offset is None else f"{self.term}@{self.offset}"


@dataclass(frozen=True, slots=True)
class Linear:
    """Whether the sum of coefficient times column is at least ``bound``; unknown as soon as one column is.

    Made by :func:`linear` alone: columns ascending, the first coefficient that is not 0 positive, all without a common
    divisor. A column with coefficient 0 only has to be known.
    """

    terms: tuple[tuple[Column, int], ...]
    bound: int


@dataclass(frozen=True, slots=True)
class Said:
    """Whether a yes-or-no column says yes."""

    column: Column


@dataclass(frozen=True, slots=True)
class Within:
    """Whether the code in a column is one of these, or inside one of them: begins with it.

    Unknown while the code is coarser than one of them: who is only known to be in C35 may be in C3511, or not.
    """

    column: Column
    codes: frozenset[str]


Atom: TypeAlias = Linear | Said | Within


@dataclass(frozen=True, slots=True)
class Constant:
    value: Truth


@dataclass(frozen=True, slots=True)
class Negated:
    part: Circuit


@dataclass(frozen=True, slots=True)
class Conjunction:
    parts: tuple[Circuit, ...]


@dataclass(frozen=True, slots=True)
class Disjunction:
    parts: tuple[Circuit, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """Whether at least ``count`` of the parts are so."""

    count: int
    parts: tuple[Circuit, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """Whether the weights of those parts that are so add up to ``bound``: points of a score.

    Made by :func:`weighed` alone: weights positive, the bound more than nothing and no more than they come to.
    """

    bound: int
    parts: tuple[Circuit, ...]
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Assumed:
    """The part, but ``value`` where it is unknown."""

    part: Circuit
    value: bool


Circuit: TypeAlias = Atom | Constant | Negated | Conjunction | Disjunction | Counted | Weighed | Assumed


def linear(coefficients: Iterable[tuple[Column, int]], bound: int) -> Circuit:
    """Whether their sum is at least ``bound``, in the one shape that :class:`Linear` has."""
    summed: dict[Column, int] = {}
    for column, coefficient in coefficients:
        summed[column] = summed.get(column, 0) + coefficient
    terms = sorted(summed.items())
    divisor = gcd(*(coefficient for _, coefficient in terms)) or 1
    leading = next((coefficient for _, coefficient in terms if coefficient), 1)
    if leading > 0:
        return Linear(tuple((column, coefficient // divisor) for column, coefficient in terms), -(-bound // divisor))
    # Σ aᵢxᵢ ≥ b is the opposite of Σ −aᵢxᵢ ≥ −b + 1: both are known of the same enterprises.
    flipped = tuple((column, -coefficient // divisor) for column, coefficient in terms)
    return Negated(Linear(flipped, -((bound - 1) // divisor)))


def weighed(parts: Iterable[tuple[Circuit, Fraction]], is_more: bool, bound: Fraction) -> Circuit:
    """Whether the weights of those that are so come to ``bound``, or with ``is_more`` to more; in whole numbers."""
    pairs = list(parts)
    scale = lcm(bound.denominator, *(weight.denominator for _, weight in pairs))
    weights = [int(weight * scale) for _, weight in pairs]
    limit = int(bound * scale) + is_more
    divisor = gcd(*weights) or 1
    limit = -(-limit // divisor)
    if limit <= 0 or limit * divisor > sum(weights):
        return Constant(of(limit <= 0))
    return Weighed(limit, tuple(part for part, _ in pairs), tuple(each // divisor for each in weights))


def parts_of(circuit: Circuit) -> tuple[Circuit, ...]:
    """What a gate joins; nothing for an atom or a constant."""
    if isinstance(circuit, Conjunction | Disjunction | Counted | Weighed):
        return circuit.parts
    return (circuit.part,) if isinstance(circuit, Negated | Assumed) else ()


def atoms_of(circuit: Circuit) -> Iterator[Atom]:
    """Its atoms, in order, as often as they stand in it."""
    left = [circuit]
    while left:
        current = left.pop()
        if isinstance(current, Linear | Said | Within):
            yield current
        left.extend(reversed(parts_of(current)))


def columns_of(circuit: Circuit) -> frozenset[Column]:
    """What has to be read to find it out."""
    found: set[Column] = set()
    for atom in atoms_of(circuit):
        found.update(column for column, _ in atom.terms) if isinstance(atom, Linear) else found.add(atom.column)
    return frozenset(found)
