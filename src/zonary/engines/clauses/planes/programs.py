"""A network as steps over lines of bits: two lines for each node, one where it says yes and one where it says no.

A step joins two lines into a third and nothing else, so that the same steps run over arrays of words and, for a few
enterprises, over Python's integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from zonary.engines.clauses.circuits.gates import Linear, Said, Within
from zonary.engines.clauses.planes.atoms import Group, grouped
from zonary.engines.clauses.planes.plans import YES, All, Heaped, ItemWires, Plan, Several, Taken, Wire

Line: TypeAlias = int


class Join(IntEnum):
    """Places in the tables of what does it."""

    AND = 0
    OR = 1
    XOR = 2


Step: TypeAlias = tuple[Join, Line, Line, Line]
"""What joins the first two into the third."""


@dataclass(frozen=True, slots=True)
class ItemLines:
    """Of an item, places among the outputs: yes, no, yes and no when what may be is promised, short by each clause."""

    yes: int
    no: int
    promised_yes: int
    promised_no: int
    short: dict[str, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The steps that one item needs and none before it took, then its outputs: two lines, and the place of the output,
    which has a bit where both have."""

    steps: list[Step]
    outputs: list[tuple[Line, Line, int]]


class Program:
    """Everything a plan asks, item by item, so that what an item alone needs is joined and taken while it is near.

    Lines are used again as soon as no later item needs what they hold.

    :ivar groups: groups of atoms, each with the line of its first. The others follow, and :attr:`opposite` lines
        behind them where they say no.
    :ivar lines: how many there are.
    :ivar places: how many outputs.
    """

    def __init__(self, plan: Plan, with_short: bool) -> None:
        self.plan = plan
        self.with_short = with_short
        self._nodes = plan.network.nodes
        atoms, order = grouped(each for each in self._nodes if isinstance(each, Linear | Said | Within))
        placed = {atom: line for line, atom in enumerate(order)}
        self.opposite = len(order) + 2
        self._yes: dict[int, Line] = {0: len(order), 1: len(order) + 1}
        self._no = {number: line + self.opposite for number, line in self._yes.items()}
        for number, node in enumerate(self._nodes):
            if isinstance(node, Linear | Said | Within):
                self._yes[number], self._no[number] = placed[node], placed[node] + self.opposite
        self.groups = list(_with_lines(atoms))
        self.lines = 2 * self.opposite
        self._free: list[Line] = []
        self._steps: list[Step] = []
        self._places: dict[tuple[str, Wire, Wire], int] = {}
        self._outputs: list[tuple[Line, Line, int]] = []
        self.items: dict[str, ItemLines] = {}
        self.stretches = list(self._stretches())
        self.places = len(self._places)

    @property
    def everywhere(self) -> Line:
        """The line that is set in every row, and has to be before the steps are run."""
        return self.yes(YES)

    def yes(self, wire: Wire) -> Line:
        """Where a wire says yes."""
        return (self._no if wire & 1 else self._yes)[wire >> 1]

    def no(self, wire: Wire) -> Line:
        return self.yes(wire ^ 1)

    def _stretches(self) -> Iterator[Stretch]:
        items = list(self.plan.items.values())
        needed = [self._gates_of(item) for item in items]
        last = {number: place for place, numbers in enumerate(needed) for number in numbers}
        for place, (item, numbers) in enumerate(zip(items, needed, strict=True)):
            self._steps, self._outputs = [], []
            for number in numbers:
                if number not in self._yes:
                    self._yes[number], self._no[number] = self._line(), self._line()
                    self._emit(number)
            self.items[item.id] = self._item(item)
            yield Stretch(self._steps, self._outputs)
            for number in numbers:
                if last[number] == place:
                    self._free += (self._yes[number], self._no[number])

    def _gates_of(self, item: ItemWires) -> list[int]:
        """What it needs beside atoms, each behind what it joins."""
        wires = {item.result, item.promised, *(item.without.values() if self.with_short else ())}
        left = [wire >> 1 for wire in wires]
        found: set[int] = set()
        while left:
            number = left.pop()
            node = self._nodes[number]
            if number not in found and isinstance(node, All | Several | Heaped | Taken):
                found.add(number)
                left.extend(wire >> 1 for wire in ((node.wire,) if isinstance(node, Taken) else node.wires))
        return sorted(found)

    # --- gates

    def _line(self) -> Line:
        if self._free:
            return self._free.pop()
        self.lines += 1
        return self.lines - 1

    def _step(self, join: Join, one: Line, other: Line, into: Line) -> Line:
        self._steps.append((join, one, other, into))
        return into

    def _emit(self, number: int) -> None:
        node, yes, no = self._nodes[number], self._yes[number], self._no[number]
        if isinstance(node, All):
            self._chain(Join.AND, [self.yes(each) for each in node.wires], yes)
            self._chain(Join.OR, [self.no(each) for each in node.wires], no)
        elif isinstance(node, Several):
            self._count([(self.yes(each), 1) for each in node.wires], node.count, yes)
            self._count([(self.no(each), 1) for each in node.wires], len(node.wires) - node.count + 1, no)
        elif isinstance(node, Heaped):
            parts = list(zip(node.wires, node.weights, strict=True))
            self._count([(self.yes(each), weight) for each, weight in parts], node.bound, yes)
            self._count([(self.no(each), weight) for each, weight in parts], sum(node.weights) - node.bound + 1, no)
        elif isinstance(node, Taken):
            # What is not no is yes, or what is not yes is no.
            kept, other = (self.no(node.wire), no) if node.value else (self.yes(node.wire), yes)
            self._step(Join.OR, kept, kept, other)
            self._step(Join.XOR, kept, self.everywhere, yes if node.value else no)

    def _chain(self, join: Join, lines: Sequence[Line], into: Line) -> None:
        found = lines[0]
        for line in lines[1:]:
            found = self._step(join, found, line, into)

    def _almost(self, lines: Sequence[Line], almost: Line, every: Line) -> None:
        """Where all are so but at most one: each clause that is missing there is the only one."""
        first, second, *more = lines
        self._step(Join.OR, first, second, almost)
        self._step(Join.AND, first, second, every)
        for line in more:
            self._step(Join.AND, almost, line, almost)
            self._step(Join.OR, almost, every, almost)
            self._step(Join.AND, every, line, every)

    def _count(self, lines: Sequence[tuple[Line, int]], count: int, into: Line) -> None:
        """Where the weights of the lines that are set come to ``count``: added up bit by bit, and held against it."""
        size = sum(weight for _, weight in lines).bit_length()
        digits = [[line for line, weight in lines if weight >> place & 1] for place in range(size + 1)]
        used: list[Line] = []
        for place in range(size):
            column = digits[place]
            while len(column) > 1:
                added, carry = self._added(column.pop(), column.pop(), column.pop() if column else None, used)
                column.insert(0, added)
                digits[place + 1].append(carry)
        found = self.everywhere
        for place, column in enumerate(digits):
            for line in column:
                found = self._step(Join.AND if count >> place & 1 else Join.OR, line, found, into)
            if not column and count >> place & 1:
                found = self._step(Join.XOR, self.everywhere, self.everywhere, into)
        self._free += used

    def _added(self, one: Line, other: Line, third: Line | None, used: list[Line]) -> tuple[Line, Line]:
        """The digit and what is carried, of two or three lines."""
        half, carry = self._line(), self._line()
        used += (half, carry)
        self._step(Join.XOR, one, other, half)
        self._step(Join.AND, one, other, carry)
        if third is not None:
            more = self._line()
            used.append(more)
            self._step(Join.AND, half, third, more)
            self._step(Join.OR, carry, more, carry)
            self._step(Join.XOR, half, third, half)
        return half, carry

    # --- what is asked for

    def _item(self, item: ItemWires) -> ItemLines:
        yes, no, promised_yes, promised_no = (
            self._output("one", wire, YES, self.yes(wire), self.everywhere)
            for wire in (item.result, item.result ^ 1, item.promised, item.promised ^ 1)
        )
        return ItemLines(yes, no, promised_yes, promised_no, self._short(item) if self.with_short else {})

    def _short(self, item: ItemWires) -> dict[str, int]:
        if item.plain is None:
            return {
                id: self._output("without", item.result, wire, self.no(item.result), self.yes(wire))
                for id, wire in item.without.items()
            }
        almost, every = self._line(), self._line()
        self._almost([self.yes(wire) for wire in item.plain.values()], almost, every)
        self._free += (almost, every)
        return {id: self._output("plain", item.result, wire, self.no(wire), almost) for id, wire in item.plain.items()}

    def _output(self, what: str, one: Wire, other: Wire, line: Line, with_line: Line) -> int:
        key = (what, one, other)
        if key not in self._places:
            self._places[key] = len(self._places)
            self._outputs.append((line, with_line, self._places[key]))
        return self._places[key]


def _with_lines(groups: Iterable[Group]) -> Iterator[tuple[Line, Group]]:
    line = 0
    for each in groups:
        yield line, each
        line += len(each)


def program(plan: Plan, *, with_short: bool = True) -> Program:
    """Worked out once for each plan."""
    if with_short not in plan.kept:
        plan.kept[with_short] = Program(plan, with_short)
    found: Program = plan.kept[with_short]
    return found
