"""A document made ready to be asked: that its parts fit together is found out once, not at every question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zonary.engines.clauses.documents import Clause, Document, Item
from zonary.engines.clauses.errors import RuleError
from zonary.engines.clauses.expressions import MAX_CONDITIONS, AtLeast, ClauseRef, Expression, Leaf, parts_of
from zonary.engines.clauses.interpreter.conditions import Program
from zonary.engines.clauses.interpreter.needs import Kept
from zonary.engines.clauses.periods import spelled_out

MAX_JOINS: Final = 1_000
"""Connectives of one condition, so that no depth of them is a burden."""


class Form:
    """An expression made ready, shared by all clauses that say the same: what it comes to is found once.

    :ivar is_single: whether it is one leaf and nothing else.
    :ivar leaves: each as it stands, with every year spelled out, and whether its polarity is positive.
    """

    def __init__(self, id: str, expression: Expression) -> None:
        self.program = _checked(id, expression)
        self.is_single = not parts_of(expression)
        self.leaves: list[tuple[Leaf, Leaf, bool]] = []
        for leaf, is_positive in self.program.leaves:
            if isinstance(leaf, ClauseRef):
                raise RuleError("The clause “{id}” refers to another clause.", id=id)
            self.leaves.append((leaf, spelled_out(leaf), is_positive))


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A form, and what it would have to be: what is found of an enterprise is kept by it. Of equals there is one.

    :param wanted: 1, under a negation -1, and 0 when it is named both ways.
    :param kept: for each leaf of the form, what it needs.
    """

    form: Form
    wanted: int
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class PlannedClause:
    """A clause with its expression made ready."""

    clause: Clause
    form: Form

    @property
    def program(self) -> Program:
        return self.form.program


@dataclass(frozen=True, slots=True)
class Planned:
    """An item with its clauses in the order its condition first names them.

    :param places: for each leaf of the condition, which of the clauses it names.
    :param wanted: for each clause, what it would have to be to help the item: 1, under a negation -1, and 0 when it
        stands there both ways.
    :param asked: the clauses as they were written.
    :param ids: theirs.
    :param questions: what each of them asks.
    :param is_plain: whether it asks every clause, each once and none denied, as most measures do.
    """

    item: Item
    program: Program
    clauses: tuple[PlannedClause, ...]
    places: tuple[int, ...]
    wanted: tuple[int, ...]
    is_plain: bool
    asked: tuple[Clause, ...]
    ids: tuple[str, ...]
    questions: tuple[Question, ...]


class Plan:
    """The items of a document, by id.

    :raises RuleError: when an id is there twice, a condition names no clause or one that is not there, a clause refers
        to others, too much is joined, or more is asked for than is there.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self._clauses: dict[str, PlannedClause] = {}
        self._questions: dict[tuple[Form, int], Question] = {}
        forms: dict[str, Form] = {}
        for clause in document.clauses:
            if clause.id in self._clauses:
                raise RuleError("The clause “{id}” is there twice.", id=clause.id)
            # By what is written: 3 equals 3.0, and is another text in what is shown.
            written = repr(clause.expression)
            if written not in forms:
                forms[written] = Form(clause.id, clause.expression)
            self._clauses[clause.id] = PlannedClause(clause, forms[written])
        self.items: dict[str, Planned] = {}
        for item in document.items:
            if item.id in self.items:
                raise RuleError("The item “{id}” is there twice.", id=item.id)
            self.items[item.id] = self._planned(item)

    def __getitem__(self, id: str) -> Planned:
        if id not in self.items:
            raise RuleError("The document has no item “{id}”.", id=id[:60])
        return self.items[id]

    def _planned(self, item: Item) -> Planned:
        program = _checked(item.id, item.condition)
        found: dict[str, set[bool]] = {}
        for leaf, is_positive in program.leaves:
            if not isinstance(leaf, ClauseRef):
                raise RuleError("The item “{id}” asks something that is no clause.", id=item.id)
            if leaf.clause not in self._clauses:
                raise RuleError(
                    "The item “{id}” names a clause “{clause}” that is not there.", id=item.id, clause=leaf.clause
                )
            found.setdefault(leaf.clause, set()).add(is_positive)
        clauses = tuple(self._clauses[id] for id in found)
        leaves = sum(len(each.program.leaves) for each in clauses)
        if leaves > MAX_CONDITIONS:
            raise RuleError(
                "The item “{id}” has {count} conditions; it may have {limit}. Make several items of it.",
                id=item.id,
                count=leaves,
                limit=MAX_CONDITIONS,
            )
        ids = list(found)
        places = tuple(ids.index(leaf.clause) for leaf, _ in program.leaves if isinstance(leaf, ClauseRef))
        wanted = tuple(_wanted(signs) for signs in found.values())
        is_plain = program.is_flat and len(places) == len(clauses)
        asked = tuple(each.clause for each in clauses)
        questions = tuple(self._question(each.form, want) for each, want in zip(clauses, wanted, strict=True))
        return Planned(item, program, clauses, places, wanted, is_plain, asked, tuple(ids), questions)

    def _question(self, form: Form, wanted: int) -> Question:
        if (form, wanted) not in self._questions:
            self._questions[form, wanted] = Question(form, wanted, tuple(Kept() for _ in form.leaves))
        return self._questions[form, wanted]


def _wanted(signs: set[bool]) -> int:
    if len(signs) > 1:
        return 0
    return 1 if True in signs else -1


def _checked(id: str, expression: Expression) -> Program:
    left, joins = [expression], 0
    while left:
        current = left.pop()
        parts = parts_of(current)
        joins += bool(parts)
        if joins > MAX_JOINS:
            raise RuleError("“{id}” joins more than {limit} conditions.", id=id, limit=MAX_JOINS)
        if isinstance(current, AtLeast) and not 0 < current.count.value <= len(parts):
            raise RuleError(
                "“{id}” asks for {count} of {there} conditions.", id=id, count=current.count.value, there=len(parts)
            )
        left.extend(parts)
    return Program(expression)
