"""Items put to a table of enterprises, block by block: for which rows each holds, fails or is unknown, and why not."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.planes.columns import Block, Enterprises, Scratch
from zonary.engines.clauses.planes.plans import NO, UNKNOWN, Plan
from zonary.engines.clauses.planes.programs import ItemLines, Program, program
from zonary.engines.clauses.planes.sets import WORD, RowSet, Words

_WIDTH: Final = 2**16
"""Rows of a block: lines of 8 KiB, long enough that a step costs more than its call, short enough for a cache."""
_NARROWEST: Final = 2**12
_SCRATCH: Final = 64 * 2**20
"""Bytes for the lines of one block; of very many items the block becomes narrower."""

_MANY: Final = 2_000
"""Atoms from which two threads find them: of fewer, the second one would cost others more than it gives."""
_MAX_HANDS: Final = 2

Spread: TypeAlias = Callable[[Callable[[Block], None], Sequence[Block]], Iterable[Any]]
"""What puts the same work to several hands."""

_ON_WORDS: Final = (np.bitwise_and, np.bitwise_or, np.bitwise_xor)
_ON_INTEGERS: Final = (operator.and_, operator.or_, operator.xor)


@dataclass(frozen=True, slots=True)
class ItemSets:
    """Rows by what an item comes to.

    :param short: by clause, the rows that fail and would not if that clause alone were met; empty when not asked for.
    """

    yes: RowSet
    no: RowSet
    promised_yes: RowSet
    promised_no: RowSet
    short: Mapping[str, RowSet]

    @property
    def unknown(self) -> RowSet:
        """待补."""
        return _neither(self.yes, self.no)

    @property
    def promised_unknown(self) -> RowSet:
        """待补, even with every promise that may be made."""
        return _neither(self.promised_yes, self.promised_no)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an item comes to for one enterprise. ``short``: the clauses, any one of which would have sufficed."""

    result: Truth
    promised: Truth
    short: tuple[str, ...]


@dataclass(eq=False)
class Matched:
    """What all items of a plan come to for all rows of a table."""

    program: Program
    rows: int
    words: NDArray[np.uint64]
    """Block, output, word."""
    counts: NDArray[np.int64]
    """Of each output."""

    def item(self, id: str) -> ItemSets:
        """:raises KeyError: when the plan has no such item."""
        lines = self.program.items[id]
        return ItemSets(
            yes=self._set(lines.yes),
            no=self._set(lines.no),
            promised_yes=self._set(lines.promised_yes),
            promised_no=self._set(lines.promised_no),
            short=MappingProxyType({clause: self._set(place) for clause, place in lines.short.items()}),
        )

    def count(self, id: str, truth: Truth) -> int:
        """How many rows come to ``truth``, without their set."""
        lines = self.program.items[id]
        yes, no = int(self.counts[lines.yes]), int(self.counts[lines.no])
        return {Truth.YES: yes, Truth.NO: no, Truth.UNKNOWN: self.rows - yes - no}[truth]

    def count_short(self, id: str) -> dict[str, int]:
        """How many are short by each clause alone."""
        return {clause: int(self.counts[place]) for clause, place in self.program.items[id].short.items()}

    def row(self, row: int) -> dict[str, Standing]:
        """What every item comes to for one enterprise.

        :raises IndexError: when there is no such row.
        """
        bits = self._bits_of(row)
        return {id: _standing(lines, bits) for id, lines in self.program.items.items()}

    def replace(self, rows: Sequence[int], table: Enterprises) -> None:
        """Brings ``rows`` up to date with the data in ``table``: its first row is about the first of them, and so on.

        :raises IndexError: when there is no such row, or one is there twice; then nothing has changed.
        """
        if table.rows != len(rows) or len(set(rows)) != len(rows) or any(not 0 <= row < self.rows for row in rows):
            raise IndexError("Each row to replace has to be in the table, once, with one row of new data.")
        anew = match(self.program.plan, table, with_short=self.program.with_short)
        octets = self.words.view(np.uint8)
        for place, row in enumerate(rows):
            before, after = self._bits_of(row), anew._bits_of(place)
            block, octet, bit = self._place(row)
            octets[block, :, octet] ^= (before ^ after).astype(np.uint8) << bit
            self.counts += after.astype(np.int64) - before

    def _place(self, row: int) -> tuple[int, int, int]:
        if not 0 <= row < self.rows:
            raise IndexError(row)
        block, within = divmod(row, self.words.shape[2] * WORD)
        return block, within >> 3, within & 7

    def _bits_of(self, row: int) -> NDArray[np.bool_]:
        block, octet, bit = self._place(row)
        return (self.words.view(np.uint8)[block, :, octet] >> bit & 1).astype(np.bool_)

    def _set(self, place: int) -> RowSet:
        words = np.ascontiguousarray(self.words[:, place]).reshape(-1)
        return RowSet(words[: -(-self.rows // WORD)], self.rows)


def match(plan: Plan, table: Enterprises, *, with_short: bool = True) -> Matched:
    """Asks every item of every row.

    :param with_short: whether the sets that are one clause short are found, too: a bit for each clause of each item
        and row, which is most of what the answer takes in memory.
    :raises DatumError: when a column is not there, or not stored as it has to be.
    """
    table.require(plan.columns)
    asked = program(plan, with_short=with_short)
    width = _width(asked, table.rows)
    blocks = -(-table.rows // width)
    words = np.empty((blocks, asked.places, width // WORD), np.uint64)
    counts = np.zeros(asked.places, np.int64)
    bench = _Bench(asked, width) if blocks > 1 or width > _NARROWEST else None
    hands = min(_MAX_HANDS, os.cpu_count() or 1) if bench is not None and asked.opposite > _MANY else 1
    scratches = [Scratch(width) for _ in range(hands)]
    with ThreadPoolExecutor(hands) as pool:  # which starts no thread before it is used
        for number in range(blocks):
            same = [table.block(number * width, scratch) for scratch in scratches]
            if bench is None:
                _run_narrow(asked, same[0], words[number])
            else:
                bench.run(same, words[number], pool.map if hands > 1 else map)
            if same[0].rows < width:
                words[number] &= same[0].present
            counts += np.bitwise_count(words[number]).sum(axis=1, dtype=np.int64)
    return Matched(asked, table.rows, words, counts)


def _width(asked: Program, rows: int) -> int:
    width = _WIDTH
    while width > _NARROWEST and asked.lines * width // 8 > _SCRATCH:
        width //= 2
    return min(width, -(-rows // WORD) * WORD or WORD)


def _find_atoms(asked: Program, same: Sequence[Block], lines: Words, spread: Spread = map) -> None:
    """:param same: the same rows for each of the hands, with a scratch of its own."""
    lines[asked.yes(UNKNOWN)] = lines[asked.no(UNKNOWN)] = lines[asked.yes(NO)] = 0
    lines[asked.everywhere] = ~np.uint64(0)
    waiting = iter(asked.groups)  # each hand takes the next one: a list's iterator gives each of them out once

    def find(block: Block) -> None:
        for line, group in waiting:
            opposite = line + asked.opposite
            group.find(block, lines[line : line + len(group)], lines[opposite : opposite + len(group)])

    for _ in spread(find, same):  # an error of any hand comes out here
        pass


class _Bench:
    """Lines for one block after another, and the steps bound to them."""

    def __init__(self, asked: Program, width: int) -> None:
        self._asked = asked
        self._lines = np.zeros((asked.lines, width // WORD), np.uint64)
        lines = list(self._lines)
        self._stretches = [
            (
                [(_ON_WORDS[join], lines[one], lines[other], lines[into]) for join, one, other, into in stretch.steps],
                [(lines[one], lines[other], place) for one, other, place in stretch.outputs],
            )
            for stretch in asked.stretches
        ]

    def run(self, same: Sequence[Block], found: Words, spread: Spread) -> None:
        _find_atoms(self._asked, same, self._lines, spread)
        both = np.bitwise_and
        for steps, outputs in self._stretches:
            for join, one, other, into in steps:
                join(one, other, into)
            for one, other, place in outputs:
                both(one, other, found[place])


def _run_narrow(asked: Program, block: Block, found: Words) -> None:
    """The same over whole lines as integers: for few rows a call to numpy costs far more than what it joins."""
    atoms = np.zeros((2 * asked.opposite, block.width // WORD), np.uint64)
    _find_atoms(asked, [block], atoms)
    octets, size = atoms.tobytes(), block.width // 8
    lines = [int.from_bytes(octets[at : at + size], "little") for at in range(0, len(octets), size)]
    lines.extend([0] * (asked.lines - len(lines)))
    places = [b""] * asked.places
    for stretch in asked.stretches:
        for join, one, other, into in stretch.steps:
            lines[into] = _ON_INTEGERS[join](lines[one], lines[other])
        for one, other, place in stretch.outputs:
            places[place] = (lines[one] & lines[other]).to_bytes(size, "little")
    found[:] = np.frombuffer(b"".join(places), np.uint64).reshape(found.shape)


def _standing(lines: ItemLines, bits: NDArray[np.bool_]) -> Standing:
    return Standing(
        result=_truth(bits, lines.yes, lines.no),
        promised=_truth(bits, lines.promised_yes, lines.promised_no),
        short=tuple(clause for clause, place in lines.short.items() if bits[place]),
    )


def _truth(bits: NDArray[np.bool_], yes: int, no: int) -> Truth:
    return Truth.YES if bits[yes] else Truth.NO if bits[no] else Truth.UNKNOWN


def _neither(yes: RowSet, no: RowSet) -> RowSet:
    unknown = ~(yes.words | no.words)
    if yes.rows % WORD:
        unknown[-1] &= (1 << yes.rows % WORD) - 1
    return RowSet(unknown, yes.rows)
