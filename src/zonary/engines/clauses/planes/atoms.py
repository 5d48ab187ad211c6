"""Atoms found out for a block of rows: where they are so, and where they are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from math import gcd, lcm
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zonary.engines.clauses.circuits.gates import Atom, Column, Linear, Said, Within
from zonary.engines.clauses.planes.columns import AT_ONCE, Block, Numbers, Scratch
from zonary.engines.clauses.planes.sets import Words

_LOWEST: Final = -(2**63)
_HIGHEST: Final = 2**63 - 1
_HALF: Final = 32
_MASK: Final = 2**_HALF - 1
_ENOUGH: Final = 5
"""Shares for which one division costs less than their products."""
_MAX_SCALE: Final = 2**40
_WORTH_NARROWING: Final = 32
"""Bounds of one sum from which it pays to count its values in steps first."""
_MOST_STEPS: Final = 2**15 - 1
_MAX_HALVED: Final = 2**30
"""Coefficients below it, times half a number, stay far inside 64 bits."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Linear atoms over the same sum. ``bounds`` ascending."""

    terms: tuple[tuple[Column, int], ...]
    bounds: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.bounds)

    def find(self, block: Block, yes: Words, no: Words) -> None:
        """Writes a line of ``yes`` and ``no`` for each bound."""
        known = reduce(np.bitwise_and, (block.numbers(column).known for column, _ in self.terms))
        terms = [(block.numbers(column), factor) for column, factor in self.terms if factor]
        _compare(terms, self.bounds, block.scratch, yes)
        np.bitwise_and(yes, known, out=yes)
        np.bitwise_xor(yes, known, out=no)


@dataclass(frozen=True, slots=True)
class Ratios:
    """Many shares of the same two columns: a quotient found once, then compared like a column of its own.

    Where whole is more than nothing, ``a·part ≥ b·whole`` if and only if ``⌊scale·part / whole⌋ ≥ scale·b/a``, which is
    a whole number when ``a`` divides the scale. Each atom says that, or with ``are_denied`` its opposite.

    :param bounds: of the quotient, ascending, one for each atom.
    """

    part: Column
    whole: Column
    scale: int
    bounds: tuple[int, ...]
    atoms: tuple[Linear, ...]
    are_denied: bool

    def __len__(self) -> int:
        return len(self.atoms)

    def find(self, block: Block, yes: Words, no: Words) -> None:
        part, whole = block.numbers(self.part), block.numbers(self.whole)
        if whole.ends[0] < 0 or not _fits([(part, self.scale)]):
            for line, atom in enumerate(self.atoms):
                Sums(atom.terms, (atom.bound,)).find(block, yes[line : line + 1], no[line : line + 1])
            return
        so, opposite = (no, yes) if self.are_denied else (yes, no)
        _compare_words(self._quotient(part, whole, block.scratch), self.bounds, block.scratch, so)
        known = part.known & whole.known
        np.bitwise_and(so, known, out=so)
        np.bitwise_xor(so, known, out=opposite)

    def _quotient(self, part: Numbers, whole: Numbers, scratch: Scratch) -> NDArray[np.int64]:
        scaled = np.multiply(part.values, np.int64(self.scale), out=scratch.total)
        found = np.floor_divide(scaled, np.maximum(whole.values, 1, out=scratch.product), out=scratch.total)
        # Of a whole that is nothing every part reaches every share, unless it is below nothing; that, here, none does.
        np.copyto(found, _HIGHEST, where=(whole.values == 0) & (part.values >= 0))
        return found


@dataclass(frozen=True, slots=True)
class Flag:
    """A column of yes and no."""

    column: Column

    def __len__(self) -> int:
        return 1

    def find(self, block: Block, yes: Words, no: Words) -> None:
        said, known = block.said(self.column)
        np.bitwise_and(said, known, out=yes[0])
        np.bitwise_xor(yes[0], known, out=no[0])


@dataclass(frozen=True, slots=True)
class Memberships:
    """Lists of codes that one column is asked about."""

    column: Column
    lists: tuple[frozenset[str], ...]

    def __len__(self) -> int:
        return len(self.lists)

    def find(self, block: Block, yes: Words, no: Words) -> None:
        coded = block.codes(self.column)
        for begun in range(0, len(self.lists), AT_ONCE):
            lists = self.lists[begun : begun + AT_ONCE]
            size, rows = len(lists), slice(begun, begun + len(lists))
            np.bitwise_and(
                coded.lines(coded.codes.together(lists, are_coarser=False), size), coded.known, out=yes[rows]
            )
            np.bitwise_xor(yes[rows], coded.known, out=no[rows])
            coarser = coded.codes.together(lists, are_coarser=True)
            if coarser.any():  # of such a code it is not known
                np.bitwise_and(no[rows], ~coded.lines(coarser, size), out=no[rows])


Group: TypeAlias = Sums | Ratios | Flag | Memberships


def grouped(atoms: Iterable[Atom]) -> tuple[list[Group], list[Atom]]:
    """Atoms that are found out together, and all of them in the order of the groups' lines."""
    groups: list[Group] = []
    order: list[Atom] = []
    for _, members in groupby(sorted(atoms, key=_key), key=lambda atom: _key(atom)[:2]):
        same = list(members)
        ratios = _ratios(same)
        found = [ratios] if ratios is not None else [_group(list(each)) for _, each in groupby(same, key=_asked)]
        groups += found
        order += same if ratios is None else ratios.atoms
    return groups, order


def _key(atom: Atom) -> tuple[int, str, str, int, tuple[str, ...]]:
    """Those whose first two are the same may be found out together."""
    if isinstance(atom, Linear) and _is_share(atom):
        columns = "/".join(column.name for column, _ in atom.terms)
        return 0, f"{columns} {atom.bound}", repr(atom.terms), atom.bound, ()
    if isinstance(atom, Linear):
        return 1, repr(atom.terms), "", atom.bound, ()
    if isinstance(atom, Said):
        return 2, atom.column.name, "", 0, ()
    return 3, atom.column.name, "", 0, tuple(sorted(atom.codes))


def _asked(atom: Atom) -> object:
    return atom.terms if isinstance(atom, Linear) else atom.column


def _is_share(atom: Linear) -> bool:
    """``a·x − b·y`` of at least 0; or of more than that: then it is the opposite of ``b·y − a·x`` of at least 0."""
    return len(atom.terms) == 2 and atom.terms[0][1] > 0 > atom.terms[1][1] and atom.bound in (0, 1)


def _ratios(same: Sequence[Atom]) -> Ratios | None:
    """What they are together, if they are shares, enough for one division to be worth it, and of a small scale."""
    shares = [each for each in same if isinstance(each, Linear) and _is_share(each)]
    if len(shares) < max(len(same), _ENOUGH):
        return None
    are_denied = bool(shares[0].bound)
    # The column of the part, then that of the whole.
    sides = [tuple(reversed(each.terms)) if are_denied else each.terms for each in shares]
    scale = lcm(*(abs(part[1]) for part, _ in sides))
    bounds = [abs(scale * whole[1] // part[1]) for part, whole in sides]
    if max(scale, *bounds) > _MAX_SCALE:
        return None
    ordered = sorted(zip(bounds, shares, strict=True), key=lambda pair: pair[0])
    return Ratios(
        part=sides[0][0][0],
        whole=sides[0][1][0],
        scale=scale,
        bounds=tuple(bound for bound, _ in ordered),
        atoms=tuple(atom for _, atom in ordered),
        are_denied=are_denied,
    )


def _group(same: Sequence[Atom]) -> Group:
    first = same[0]
    if isinstance(first, Linear):
        return Sums(first.terms, tuple(each.bound for each in same if isinstance(each, Linear)))
    if isinstance(first, Said):
        return Flag(first.column)
    return Memberships(first.column, tuple(each.codes for each in same if isinstance(each, Within)))


# --- sums against bounds ---------------------------------------------------------------------------------------------


def _compare(terms: Sequence[tuple[Numbers, int]], bounds: Sequence[int], scratch: Scratch, truths: Words) -> None:
    """Where the sum is at least each of the bounds. Exact: in 64 bits where the block's own values prove that nothing
    can overflow, else in two halves, else in Python's integers."""
    if not terms:
        truths[:] = np.where(np.array([bound <= 0 for bound in bounds]), np.uint64(2**64 - 1), np.uint64(0))[:, None]
    elif _fits(terms):
        _compare_words(_sum(terms, scratch), bounds, scratch, truths)
    elif (halves := _halves(terms)) is not None:
        _compare_halves(*halves, bounds, truths)
    else:
        whole = sum(numbers.values.astype(object) * factor for numbers, factor in terms)
        for line, bound in enumerate(bounds):
            _pack(np.asarray(whole >= bound, np.bool_), truths[line])


def _fits(terms: Sequence[tuple[Numbers, int]]) -> bool:
    """Whether every product and every sum on the way stays within 64 bits."""
    low = high = 0
    for numbers, factor in terms:
        if not _LOWEST <= factor <= _HIGHEST:
            return False
        ends = sorted(factor * end for end in numbers.ends) if factor != 1 or len(terms) > 1 else [0, 0]
        low, high = low + ends[0], high + ends[1]
        if min(low, ends[0]) < _LOWEST or max(high, ends[1]) > _HIGHEST:
            return False
    return True


def _sum(terms: Sequence[tuple[Numbers, int]], scratch: Scratch) -> NDArray[np.int64]:
    total, factor = terms[0][0].values, terms[0][1]
    if factor != 1:
        total = np.multiply(total, np.int64(factor), out=scratch.total)
    for numbers, factor in terms[1:]:
        product = np.multiply(numbers.values, np.int64(factor), out=scratch.product)
        total = np.add(total, product, out=scratch.total)
    return total


def _compare_words(total: NDArray[np.int64], bounds: Sequence[int], scratch: Scratch, truths: Words) -> None:
    reachable = [max(bound, _LOWEST) for bound in bounds if bound <= _HIGHEST]
    octets = truths.view(np.uint8)
    values, bounds = _narrowed(total, reachable, scratch)
    for begun, some in _pieces(bounds):
        is_so = scratch.truths[: len(some)]
        np.greater_equal(values, np.array(some, values.dtype)[:, None], out=is_so)
        octets[begun : begun + len(some)] = np.packbits(is_so, axis=1, bitorder="little")
    truths[len(reachable) :] = 0


def _narrowed(
    total: NDArray[np.int64], bounds: Sequence[int], scratch: Scratch
) -> tuple[NDArray[np.int64] | NDArray[np.int16], Sequence[int]]:
    """Values and bounds counted in steps from the first bound on, in 16 bits, where bounds lie so: 万元, people, days.

    ``v ≥ first + k·step`` exactly if ``⌊(v − first) / step⌋ ≥ k``; below the first and above the last all are alike.
    """
    if len(bounds) < _WORTH_NARROWING or bounds[0] == _LOWEST or bounds[-1] - bounds[0] > _HIGHEST:
        return total, bounds
    first, last = bounds[0], bounds[-1]
    step = gcd(*(each - first for each in bounds)) or 1
    if (last - first) // step > _MOST_STEPS:
        return total, bounds
    # Between −1 and what there is from the first to the last: nothing overflows.
    counted = np.subtract(np.clip(total, first - 1, last, out=scratch.total), first, out=scratch.total)
    np.copyto(scratch.small, np.floor_divide(counted, np.int64(step), out=scratch.total), casting="unsafe")
    return scratch.small, [(each - first) // step for each in bounds]


def _pieces(bounds: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    return ((begun, bounds[begun : begun + AT_ONCE]) for begun in range(0, len(bounds), AT_ONCE))


def _halves(terms: Sequence[tuple[Numbers, int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """The sum as 2³² times the first plus the second, which lies in [0, 2³²); None where even that might overflow."""
    reach = 0
    for numbers, factor in terms:
        largest = max(abs(end) for end in numbers.ends)
        reach += abs(factor) * ((largest >> _HALF) + 1) + abs(factor) + 1
        if abs(factor) >= _MAX_HALVED or reach > _HIGHEST:
            return None
    high = np.zeros_like(terms[0][0].values)
    low = np.zeros_like(high)
    for numbers, factor in terms:
        low += (numbers.values & _MASK) * np.int64(factor)
        high += (numbers.values >> _HALF) * np.int64(factor) + (low >> _HALF)
        low &= _MASK
    return high, low


def _compare_halves(high: NDArray[np.int64], low: NDArray[np.int64], bounds: Sequence[int], truths: Words) -> None:
    for line, bound in enumerate(bounds):
        bound_high, bound_low = bound >> _HALF, bound & _MASK
        if _LOWEST <= bound_high <= _HIGHEST:
            _pack((high > bound_high) | ((high == bound_high) & (low >= bound_low)), truths[line])
        else:
            truths[line] = 0 if bound_high > 0 else np.uint64(2**64 - 1)


def _pack(truths: NDArray[np.bool_], into: Words) -> None:
    into.view(np.uint8)[:] = np.packbits(truths, bitorder="little")
