"""Items made one network: every atom and gate that several of them ask stands in it once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from zonary.engines.clauses.circuits.gates import (
    Assumed,
    Atom,
    Circuit,
    Column,
    Conjunction,
    Constant,
    Counted,
    Disjunction,
    Linear,
    Negated,
    Said,
    Weighed,
    columns_of,
)
from zonary.engines.clauses.circuits.items import ItemCircuits
from zonary.engines.clauses.errors import VocabularyError
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.planes.columns import Shape

Wire: TypeAlias = int
"""Twice the number of a node, and one more for its opposite: where a node says no, its opposite says yes."""

YES: Final[Wire] = 0
NO: Final[Wire] = 1
UNKNOWN: Final[Wire] = 2


@dataclass(frozen=True, slots=True)
class Fixed:
    """YES or UNKNOWN, wherever."""


@dataclass(frozen=True, slots=True)
class All:
    """At least two wires, each once, ascending. A disjunction is the opposite of one over opposites."""

    wires: tuple[Wire, ...]


@dataclass(frozen=True, slots=True)
class Several:
    """At least ``count`` of the wires, more than one and less than all; a wire may be there twice."""

    count: int
    wires: tuple[Wire, ...]


@dataclass(frozen=True, slots=True)
class Heaped:
    """Weights that come to at least ``bound``: more than one wire, each once, and not all weights the same."""

    bound: int
    wires: tuple[Wire, ...]
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A node, but ``value`` where it is unknown."""

    wire: Wire
    value: bool


Node: TypeAlias = Fixed | Atom | All | Several | Heaped | Taken


class Network:
    """Nodes in an order in which each comes behind what it joins."""

    def __init__(self) -> None:
        self.nodes: list[Node] = [Fixed(), Fixed()]
        self._numbers: dict[Node, int] = {}
        # The circuit is kept beside its wire: its id() is its own only as long as it lives.
        self._seen: dict[int, tuple[Circuit, Wire]] = {}

    def wire(self, circuit: Circuit) -> Wire:
        """Where in the network a circuit is. Equal circuits have one wire, and so have some that only mean the same."""
        seen = self._seen.get(id(circuit))
        if seen is not None:
            return seen[1]
        found = self._wire(circuit)
        self._seen[id(circuit)] = (circuit, found)
        return found

    def _wire(self, circuit: Circuit) -> Wire:
        if isinstance(circuit, Conjunction):
            return self.all_of(map(self.wire, circuit.parts))
        if isinstance(circuit, Disjunction):
            return _opposite(self.all_of(_opposite(self.wire(each)) for each in circuit.parts))
        if isinstance(circuit, Negated):
            return _opposite(self.wire(circuit.part))
        if isinstance(circuit, Counted):
            return self._counted(circuit.count, [self.wire(each) for each in circuit.parts])
        if isinstance(circuit, Weighed):
            return self._weighed(circuit.bound, zip(map(self.wire, circuit.parts), circuit.weights, strict=True))
        if isinstance(circuit, Assumed):
            return self._taken(self.wire(circuit.part), circuit.value)
        if isinstance(circuit, Constant):
            return {Truth.YES: YES, Truth.NO: NO, Truth.UNKNOWN: UNKNOWN}[circuit.value]
        return self._node(circuit)

    def all_of(self, wires: Iterable[Wire]) -> Wire:
        """The conjunction of wires."""
        joined = sorted(set(wires) - {YES})
        if NO in joined:
            return NO
        if len(joined) < 2:
            return joined[0] if joined else YES
        return self._node(All(tuple(joined)))

    def _counted(self, count: int, wires: Sequence[Wire]) -> Wire:
        count -= wires.count(YES)
        left = sorted(each for each in wires if each not in (YES, NO))
        if count <= 0:
            return YES
        if count > len(left):
            return NO
        if count == len(left):
            return self.all_of(left)
        if count == 1:
            return _opposite(self.all_of(map(_opposite, left)))
        return self._node(Several(count, tuple(left)))

    def _weighed(self, bound: int, parts: Iterable[tuple[Wire, int]]) -> Wire:
        weights: dict[Wire, int] = {}
        for wire, weight in parts:
            if wire != NO:
                weights[wire] = weights.get(wire, 0) + weight
        bound -= weights.pop(YES, 0)
        if bound <= 0:
            return YES
        if bound > sum(weights.values()):
            return NO
        # What is enough by itself is no more than enough.
        found = sorted((wire, min(weight, bound)) for wire, weight in weights.items())
        wires = tuple(wire for wire, _ in found)
        lightest = min(weight for _, weight in found)
        if all(weight == lightest for _, weight in found):
            return self._counted(-(-bound // lightest), wires)
        return self._node(Heaped(bound, wires, tuple(weight for _, weight in found)))

    def _taken(self, wire: Wire, value: bool) -> Wire:
        if wire == UNKNOWN:
            return YES if value else NO
        if wire in (YES, NO) or isinstance(self.nodes[wire >> 1], Taken):
            return wire
        turned = wire & 1
        return self._node(Taken(wire ^ turned, value is not bool(turned))) ^ turned

    def _node(self, node: Node) -> Wire:
        number = self._numbers.get(node)
        if number is None:
            number = self._numbers[node] = len(self.nodes)
            self.nodes.append(node)
        return 2 * number


def _opposite(wire: Wire) -> Wire:
    return wire if wire == UNKNOWN else wire ^ 1


@dataclass(frozen=True, slots=True)
class ItemWires:
    """Where in the network an item is.

    :param plain: of an item that asks for all its clauses and nothing else, the wire of each, as the item takes it.
        Then nothing of ``without`` has to be looked at. Otherwise None.
    """

    id: str
    result: Wire
    promised: Wire
    without: Mapping[str, Wire]
    plain: Mapping[str, Wire] | None


class Plan:
    """Items, ready to be asked of any table.

    :param items: with ids that differ; a stopped item is not asked, and so has no place here.
    """

    def __init__(self, items: Sequence[ItemCircuits]) -> None:
        self.network = Network()
        self.items = MappingProxyType({each.id: self._item(each) for each in items})
        if len(self.items) != len(items):
            raise ValueError("The ids of items are not unique.")
        self.columns = MappingProxyType(self._columns())
        # What was worked out from it, by its users: see programs.
        self.kept: dict[bool, Any] = {}

    def _item(self, item: ItemCircuits) -> ItemWires:
        plain = self._plain(item)
        wire = self.network.wire
        return ItemWires(
            id=item.id,
            result=wire(item.result),
            promised=wire(item.promised),
            without={} if plain is not None else {id: wire(each) for id, each in item.without.items()},
            plain=plain,
        )

    def _plain(self, item: ItemCircuits) -> Mapping[str, Wire] | None:
        """Seen in the circuits themselves: taking a clause as met makes one part of the conjunction a yes, no other."""
        if not isinstance(item.result, Conjunction) or len(item.result.parts) < 2:
            return None
        parts = [self.network.wire(each) for each in item.result.parts]
        if len(set(parts)) != len(parts) or {YES, NO, UNKNOWN} & set(parts) or len(item.without) != len(parts):
            return None
        found: dict[str, Wire] = {}
        for place, (id, without) in enumerate(item.without.items()):
            if not isinstance(without, Conjunction):
                return None
            if [self.network.wire(each) for each in without.parts] != [*parts[:place], YES, *parts[place + 1 :]]:
                return None
            found[id] = parts[place]
        return found

    def _columns(self) -> dict[Column, Shape]:
        found: dict[Column, Shape] = {}
        for node in self.network.nodes:
            if isinstance(node, Fixed | All | Several | Heaped | Taken):
                continue
            shape = Shape.FLAG if isinstance(node, Said) else Shape.CODE
            for column in columns_of(node):
                wanted = Shape.NUMBER if isinstance(node, Linear) else shape
                other = found.setdefault(column, wanted)
                if other is not wanted:
                    raise VocabularyError(
                        "The column “{name}” is asked for as {one} and as {other}.",
                        name=column.name,
                        one=other.value,
                        other=wanted.value,
                    )
        return found
