"""A network as steps over lines of bits: two lines for each node, one where it says yes and one where it says no.

A step joins two lines into a third and nothing else, so that the same steps run over arrays of words and, for a few
enterprises, over Python's integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TypeAlias

from zonary.engines.clauses.circuits.gates import Linear, Said, Within
from zonary.engines.clauses.planes.atoms import Group, grouped
from zonary.engines.clauses.planes.plans import YES, All, Fixed, ItemWires, Plan, Several, Taken, Wire

Line: TypeAlias = int


class Join(Enum):
    AND = "and"
    OR = "or"
    XOR = "xor"


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


@dataclass(eq=False)
class Program:
    """Everything a plan asks.

    :param atoms: with the line of each group's first atom; its others follow, and :attr:`opposite` lines behind them
        its opposites.
    :param outputs: pairs of lines; where both have a bit, the output has.
    """

    plan: Plan
    with_short: bool
    steps: list[Step] = field(default_factory=list)
    outputs: list[tuple[Line, Line]] = field(default_factory=list)
    items: dict[str, ItemLines] = field(default_factory=dict)

    def __post_init__(self) -> None:
        nodes = self.plan.network.nodes
        atoms = [each for each in nodes if isinstance(each, Linear | Said | Within)]
        self.atoms, order = grouped(atoms)
        gates = [number for number, each in enumerate(nodes) if not isinstance(each, Linear | Said | Within | Fixed)]
        placed = {atom: line for line, atom in enumerate(order)}
        self._lines = {
            number: placed[node] for number, node in enumerate(nodes) if isinstance(node, Linear | Said | Within)
        }
        for number in (0, 1, *gates):
            self._lines[number] = len(self._lines)
        self.opposite = len(nodes)
        self._spare = self.lines = 2 * len(nodes)
        self._almost: dict[Wire, Line] = {}
        self._known_outputs: dict[tuple[Line, Line], int] = {}
        if self.with_short:
            for item in self.plan.items.values():
                if item.plain is not None:
                    self._almost.setdefault(item.result, self._new_line())
        kept = self._spare
        for number in gates:
            self._spare = kept
            self._emit(number)
        self.items = {item.id: self._item(item) for item in self.plan.items.values()}

    @property
    def everywhere(self) -> Line:
        """The line that is set in every row, and has to be before the steps are run."""
        return self.yes(YES)

    def yes(self, wire: Wire) -> Line:
        return self._lines[wire >> 1] + self.opposite * (wire & 1)

    def no(self, wire: Wire) -> Line:
        return self.yes(wire ^ 1)

    @cached_property
    def groups(self) -> list[tuple[Line, Group]]:
        found, line = [], 0
        for each in self.atoms:
            found.append((line, each))
            line += len(each)
        return found

    # --- gates

    def _new_line(self) -> Line:
        self._spare += 1
        self.lines = max(self.lines, self._spare)
        return self._spare - 1

    def _step(self, join: Join, one: Line, other: Line, into: Line | None = None) -> Line:
        line = self._new_line() if into is None else into
        self.steps.append((join, one, other, line))
        return line

    def _emit(self, number: int) -> None:
        node, wire = self.plan.network.nodes[number], 2 * number
        yes, no = self.yes(wire), self.no(wire)
        if isinstance(node, All):
            lines = [self.yes(each) for each in node.wires]
            if wire in self._almost:
                self._emit_almost(lines, yes, self._almost[wire])
            else:
                self._chain(Join.AND, lines, yes)
            self._chain(Join.OR, [self.no(each) for each in node.wires], no)
        elif isinstance(node, Several):
            self._count([self.yes(each) for each in node.wires], node.count, yes)
            self._count([self.no(each) for each in node.wires], len(node.wires) - node.count + 1, no)
        elif isinstance(node, Taken):
            # What is not no is yes, or what is not yes is no.
            kept, other = (self.no(node.wire), no) if node.value else (self.yes(node.wire), yes)
            self._step(Join.OR, kept, kept, other)
            self._step(Join.XOR, kept, self.everywhere, yes if node.value else no)

    def _chain(self, join: Join, lines: Sequence[Line], into: Line) -> None:
        found = lines[0]
        for line in lines[1:]:
            found = self._step(join, found, line, into)

    def _emit_almost(self, lines: Sequence[Line], every: Line, almost: Line) -> None:
        """Where all are so, and where all but at most one are: of what is left out here, the whole trick of being one
        clause short."""
        first, second, *more = lines
        self._step(Join.OR, first, second, almost)
        self._step(Join.AND, first, second, every)
        for line in more:
            self._step(Join.AND, almost, line, almost)
            self._step(Join.OR, almost, every, almost)
            self._step(Join.AND, every, line, every)

    def _count(self, lines: Sequence[Line], count: int, into: Line) -> None:
        """Where at least ``count`` of the lines are set: added up bit by bit, and held against the count."""
        digits: list[list[Line]] = [list(lines)]
        place = 0
        while place < len(digits):
            column = digits[place]
            while len(column) > 1:
                sum_line, carry = self._added(column.pop(), column.pop(), column.pop() if column else None)
                column.insert(0, sum_line)
                if place + 1 == len(digits):
                    digits.append([])
                digits[place + 1].append(carry)
            place += 1
        found = self.everywhere
        for place, (line,) in enumerate(digits):
            found = self._step(Join.AND if count >> place & 1 else Join.OR, line, found)
        # More digits than the sum has: then no sum is as large.
        self._step(Join.AND if count >> len(digits) == 0 else Join.XOR, found, found, into)

    def _added(self, one: Line, other: Line, third: Line | None) -> tuple[Line, Line]:
        half, carry = self._step(Join.XOR, one, other), self._step(Join.AND, one, other)
        if third is None:
            return half, carry
        more = self._step(Join.AND, half, third)
        return self._step(Join.XOR, half, third), self._step(Join.OR, carry, more)

    # --- what is asked for

    def _item(self, item: ItemWires) -> ItemLines:
        short: dict[str, int] = {}
        if self.with_short and item.plain is not None:
            almost = self._almost[item.result]
            short = {id: self._output(self.no(wire), almost) for id, wire in item.plain.items()}
        elif self.with_short:
            short = {id: self._output(self.no(item.result), self.yes(wire)) for id, wire in item.without.items()}
        truths = (self.yes(item.result), self.no(item.result), self.yes(item.promised), self.no(item.promised))
        yes, no, promised_yes, promised_no = (self._output(line, line) for line in truths)
        return ItemLines(yes, no, promised_yes, promised_no, short)

    def _output(self, one: Line, other: Line) -> int:
        pair = (min(one, other), max(one, other))
        if pair not in self._known_outputs:
            self._known_outputs[pair] = len(self.outputs)
            self.outputs.append(pair)
        return self._known_outputs[pair]


def program(plan: Plan, *, with_short: bool = True) -> Program:
    """Worked out once for each plan."""
    if with_short not in plan.kept:
        plan.kept[with_short] = Program(plan, with_short)
    found: Program = plan.kept[with_short]
    return found
