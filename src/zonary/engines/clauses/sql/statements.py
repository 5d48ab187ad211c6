"""Whole statements: how many enterprises, and which ones."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlglot import exp

from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.sql.atoms import column, name, number
from zonary.engines.clauses.sql.errors import SqlError
from zonary.engines.clauses.sql.layers import layers
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
    for i in range(len(questions)):
        yes = exp.Case(ifs=[exp.If(this=column(f"q{i}"), true=number(1))])
        found += [_counting(yes, f"y{i}"), _counting(column(f"q{i}"), f"k{i}")]
    counted = exp.Select(expressions=found).from_(_named("asked"))
    told = [
        exp.alias_(column("y"), name("yes")),
        exp.alias_(exp.Sub(this=column("k"), expression=column("y")), name("no")),
        exp.alias_(exp.Sub(this=column("total"), expression=column("k")), name("unknown")),
    ]
    each = _laid_out(questions, "counted", [column("total")], {"y": "y", "k": "k"})
    outer = exp.Select(expressions=[column("item"), column("clause"), *told]).from_(_named("laid_out"))
    return _with(outer, _asked(questions, table, vocabulary), {"counted": counted, "laid_out": each})


def answers(
    questions: Sequence[Question], table: Table, vocabulary: Vocabulary, *, kept: Collection[Truth] = tuple(Truth)
) -> exp.Select:
    """One row a question and enterprise: ``enterprise, item, clause, answer``.

    The answer is an integer, the value of :class:`Truth`: 1 for 符合, -1 for 不符合, 0 for 待补.

    :param kept: the answers wanted; the database leaves out the others.
    :raises SqlError: when the questions cannot be asked in SQL.
    """
    found: list[exp.Expr] = [column(KEY)]
    for i in range(len(questions)):
        pairs = ((exp.true(), Truth.YES), (exp.false(), Truth.NO))
        ifs = [exp.If(this=when, true=number(truth.value)) for when, truth in pairs]
        found.append(
            exp.alias_(exp.Case(this=column(f"q{i}"), ifs=ifs, default=number(Truth.UNKNOWN.value)), name(f"a{i}"))
        )
    numbered = exp.Select(expressions=found).from_(_named("asked"))
    each = _laid_out(questions, "numbered", [column(KEY)], {"a": "answer"})
    outer = exp.Select(expressions=[column(named) for named in (KEY, "item", "clause", "answer")])
    outer = outer.from_(_named("laid_out"))
    if set(kept) != set(Truth):
        wanted = [number(value) for value in sorted(truth.value for truth in kept)]
        outer = outer.where(exp.In(this=column("answer"), expressions=wanted) if wanted else exp.false())
    return _with(outer, _asked(questions, table, vocabulary), {"numbered": numbered, "laid_out": each})


def _asked(questions: Sequence[Question], table: Table, vocabulary: Vocabulary) -> dict[str, exp.Select]:
    if not questions:
        raise SqlError("Nothing is asked.")
    columns_read(questions, table.key)
    if len(table.parts) == 1 and re.fullmatch("layer[0-9]+|asked|counted|numbered|laid_out", table.parts[0].lower()):
        raise SqlError(
            "The statement calls a step of its own “{name}”: give the table another name.", name=table.parts[0]
        )
    *below, asked = layers([each.circuit for each in questions], vocabulary, table.tree, table.key)
    return {**{f"layer{i}": each for i, each in enumerate(below)}, "asked": asked}


def _laid_out(
    questions: Sequence[Question], source: str, kept: Sequence[exp.Column], series: dict[str, str]
) -> exp.Select:
    """A row for each question, with what ``source`` has for it in a column ``y0``, ``y1`` … of a series."""
    # One pass over the table, where a union of one SELECT a question would be read as often by Spark.
    chosen = [
        exp.alias_(
            exp.Case(
                this=column("number"),
                ifs=[exp.If(this=number(i), true=column(f"{letter}{i}")) for i in range(len(questions))],
            ),
            name(called),
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
    return exp.Select(expressions=columns).from_(_named(source)).join(labels, join_type="CROSS")


def _counting(what: exp.Expr, called: str) -> exp.Expr:
    return exp.alias_(exp.Count(this=what), name(called))


def _named(layer: str) -> exp.Table:
    return exp.Table(this=name(layer))


def _with(outer: exp.Select, *parts: dict[str, exp.Select]) -> exp.Select:
    for each in parts:
        for called, select in each.items():
            outer = outer.with_(name(called), as_=select, copy=False)
    return outer
