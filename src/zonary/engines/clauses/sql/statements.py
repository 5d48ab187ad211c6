"""Whole statements: how many enterprises, and which ones."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlglot import exp

from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.sql.atoms import alias, column, name, number
from zonary.engines.clauses.sql.errors import SqlError
from zonary.engines.clauses.sql.layers import Plane, layers
from zonary.engines.clauses.sql.questions import Question
from zonary.engines.clauses.sql.tables import KEY, Table, columns_read
from zonary.engines.clauses.vocabulary import Vocabulary


class Dialect(StrEnum):
    """Which database a statement is written for."""

    DUCKDB = "duckdb"
    SPARK = "spark"
    TRINO = "trino"


def text(statement: exp.Expr, dialect: Dialect) -> str:
    return statement.sql(dialect=dialect.value)


def count(questions: Sequence[Question], table: Table, vocabulary: Vocabulary) -> exp.Select:
    """One row a question: ``item, clause, yes, no, unknown``, the last three numbers of enterprises.

    :raises SqlError: when the questions cannot be asked in SQL.
    """
    found: list[exp.Expr] = [_counting(exp.Star(), "total")]
    for plane in Plane:
        for called in (f"{plane.value}{i}" for i in range(len(questions))):
            found.append(_counting(exp.Case(ifs=[exp.If(this=column(called), true=number(1))]), called))
    counted = exp.Select(expressions=found).from_(_named("asked"), copy=False)
    told = [
        alias(column("certain"), "yes"),
        alias(exp.Sub(this=column("total"), expression=column("possible")), "no"),
        alias(exp.Sub(this=column("possible"), expression=column("certain")), "unknown"),
    ]
    series = {Plane.CERTAIN.value: "certain", Plane.POSSIBLE.value: "possible"}
    each = _laid_out(questions, "counted", [column("total")], series)
    outer = exp.Select(expressions=[column("item"), column("clause"), *told]).from_(_named("laid_out"), copy=False)
    return _with(outer, _asked(questions, tuple(Plane), table, vocabulary), {"counted": counted, "laid_out": each})


def answers(
    questions: Sequence[Question], table: Table, vocabulary: Vocabulary, *, kept: Collection[Truth] = tuple(Truth)
) -> exp.Select:
    """One row a question and enterprise: ``enterprise, item, clause, answer``.

    The answer is an integer, the value of :class:`Truth`: 1 for 符合, -1 for 不符合, 0 for 待补.

    :param kept: the answers wanted; the database leaves out the others.
    :raises SqlError: when the questions cannot be asked in SQL.
    """
    # Of who is not wanted it need not be known whether it is no or unknown.
    planes = {Plane.CERTAIN: Truth.YES} | ({Plane.POSSIBLE: Truth.UNKNOWN} if set(kept) - {Truth.YES} else {})
    found: list[exp.Expr] = [column(KEY)]
    for i in range(len(questions)):
        ifs = [exp.If(this=column(f"{plane.value}{i}"), true=number(truth.value)) for plane, truth in planes.items()]
        found.append(alias(exp.Case(ifs=ifs, default=number(Truth.NO.value)), f"a{i}"))
    numbered = exp.Select(expressions=found).from_(_named("asked"), copy=False)
    each = _laid_out(questions, "numbered", [column(KEY)], {"a": "answer"})
    outer = exp.Select(expressions=[column(named) for named in (KEY, "item", "clause", "answer")])
    outer = outer.from_(_named("laid_out"), copy=False)
    if set(kept) != set(Truth):
        wanted = [number(value) for value in sorted(truth.value for truth in kept)]
        outer = outer.where(exp.In(this=column("answer"), expressions=wanted) if wanted else exp.false(), copy=False)
    return _with(outer, _asked(questions, tuple(planes), table, vocabulary), {"numbered": numbered, "laid_out": each})


def _asked(
    questions: Sequence[Question], planes: Sequence[Plane], table: Table, vocabulary: Vocabulary
) -> dict[str, exp.Select]:
    if not questions:
        raise SqlError("Nothing is asked.")
    columns_read(questions, table.key)
    if len(table.parts) == 1 and re.fullmatch("layer[0-9]+|asked|counted|numbered|laid_out", table.parts[0].lower()):
        raise SqlError(
            "The statement calls a step of its own “{name}”: give the table another name.", name=table.parts[0]
        )
    *below, asked = layers([each.circuit for each in questions], planes, vocabulary, table.tree, table.key)
    return {**{f"layer{i}": each for i, each in enumerate(below)}, "asked": asked}


def _laid_out(
    questions: Sequence[Question], source: str, kept: Sequence[exp.Column], series: dict[str, str]
) -> exp.Select:
    """A row for each question, with what ``source`` has for it in a column ``y0``, ``y1`` … of a series."""
    # One pass over the table, where a union of one SELECT a question would be read as often by Spark.
    chosen = [
        alias(
            exp.Case(
                this=column("number"),
                ifs=[exp.If(this=number(i), true=column(f"{letter}{i}")) for i in range(len(questions))],
            ),
            called,
        )
        for letter, called in series.items()
    ]
    rows = [
        exp.Tuple(expressions=[number(i), exp.Literal.string(each.item), exp.Literal.string(each.clause)])
        for i, each in enumerate(questions)
    ]
    called = exp.TableAlias(this=name("labels"), columns=[name(each) for each in ("number", "item", "clause")])
    labels = exp.Values(expressions=rows, alias=called)
    columns = [*kept, column("item"), column("clause"), *chosen]
    return exp.Select(expressions=columns).from_(_named(source), copy=False).join(labels, join_type="CROSS", copy=False)


def _counting(what: exp.Expr, called: str) -> exp.Expr:
    return alias(exp.Count(this=what), called)


def _named(layer: str) -> exp.Table:
    return exp.Table(this=name(layer))


def _with(outer: exp.Select, *parts: dict[str, exp.Select]) -> exp.Select:
    for each in parts:
        for called, select in each.items():
            outer = outer.with_(called, as_=select, copy=False)
    return outer
