"""The decision tables and the ternary logic of the DMN test kit, read into our own tables and connectives.

What a table of ours gives is one value. So a table with several outputs becomes one of ours for each, and what DMN
gives as a list (rule order, output order, collect) is read off the rows that match: their matching is ours, the order
is put together here.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as xml
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from zonary.engines.clauses.expressions import Every, Expression, Flag, Some
from zonary.engines.clauses.interpreter.asking import Asking, Setting
from zonary.engines.clauses.interpreter.conditions import truth_of
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.parameters import series
from zonary.engines.clauses.quantities import Reading
from zonary.engines.clauses.snapshots import Datum, Key, Snapshot
from zonary.engines.clauses.tables.model import (
    ANY,
    Cell,
    Coded,
    Codes,
    Column,
    DecisionTable,
    Flagged,
    HitPolicy,
    Interval,
    Measured,
    Output,
    Row,
    Tables,
    YesNo,
)
from zonary.engines.clauses.vocabulary import Kind, Term, Vocabulary

OURS = {
    ("UNIQUE", ""): HitPolicy.UNIQUE,
    ("ANY", ""): HitPolicy.ANY,
    ("FIRST", ""): HitPolicy.FIRST,
    ("COLLECT", "SUM"): HitPolicy.SUM,
    ("COLLECT", "MIN"): HitPolicy.MIN,
}
LISTED_HERE = {
    "0006-simpletable-P1": "PRIORITY",
    "0109-ruleOrder-hitpolicy": "RULE ORDER",
    "0110-outputOrder-hitpolicy": "OUTPUT ORDER",
    "0119-multi-collect-hitpolicy": "COLLECT",
}
"""Models whose hit policy we have not: only the matching of their rows is tried."""
NAMES = (
    "0004-simpletable-U",
    "0005-simpletable-A",
    "0006-simpletable-P1",
    "0106-feel-ternary-logic",
    "0108-first-hitpolicy",
    "0109-ruleOrder-hitpolicy",
    "0110-outputOrder-hitpolicy",
    "0114-min-collect-hitpolicy",
    "0115-sum-collect-hitpolicy",
    "0117-multi-any-hitpolicy",
    "0119-multi-collect-hitpolicy",
)
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
DAY = date(2026, 1, 1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def local(element: xml.Element) -> str:
    return element.tag.rpartition("}")[2]


def children(element: xml.Element, name: str) -> list[xml.Element]:
    return [each for each in element if local(each) == name]


def text_of(element: xml.Element) -> str:
    return (next(each for each in element if local(each) == "text").text or "").strip()


@dataclass(frozen=True)
class Case:
    id: str
    inputs: dict[str, bool | str | None]
    results: dict[str, object]


def cases(path: Path) -> Iterator[Case]:
    for case in children(xml.parse(path).getroot(), "testCase"):  # noqa: S314
        inputs = {node.get("name", ""): plain(children(node, "value")[0]) for node in children(case, "inputNode")}
        results = {node.get("name", ""): result(children(node, "expected")[0]) for node in children(case, "resultNode")}
        yield Case(case.get("id", ""), inputs, results)  # type: ignore[arg-type]


def plain(value: xml.Element) -> object:
    text = (value.text or "").strip()
    if value.get(NIL) == "true":
        return None
    return {"true": True, "false": False}.get(text, text)


def result(expected: xml.Element) -> object:
    if lists := children(expected, "list"):
        return [result(item) for item in children(lists[0], "item")]
    if components := children(expected, "component"):
        return {each.get("name"): plain(children(each, "value")[0]) for each in components}
    return plain(children(expected, "value")[0])


# The model


def vocabulary(definitions: xml.Element) -> Vocabulary:
    kinds = {"number": Kind.NUMBER, "string": Kind.CODE, "boolean": Kind.FLAG}
    terms = []
    for node in children(definitions, "inputData"):
        kind = kinds[children(node, "variable")[0].get("typeRef", "")]
        name = node.get("name", "")
        unit = "个" if kind is Kind.NUMBER else ""
        terms.append(Term(id=name, chinese=name, english=name, kind=kind, unit=unit, system="DMN"))
    return Vocabulary(tuple(terms), tables={"值": "值"})


def column(node: xml.Element) -> Column:
    expression = children(node, "inputExpression")[0]
    name, kind = text_of(expression), expression.get("typeRef")
    if kind == "number":
        return Measured(name, Reading(name), "个")
    return Coded(name, name) if kind == "string" else Flagged(name, name)


def cell(unary: str) -> Cell:
    if unary == "-":
        return ANY
    if unary in ("true", "false"):
        return YesNo(unary == "true")
    if found := re.fullmatch(r"(>=|<=|>|<)\s*(-?[\d.]+)", unary):
        sign, number = found[1], Decimal(found[2])
        if sign.startswith(">"):
            return Interval(number, sign == ">=")
        return Interval(high=number, is_high_included=sign == "<=")
    codes = re.findall(r'"([^"]*)"', unary)
    assert codes, f"no test of ours for {unary}"
    return Codes(frozenset(codes))


def output(text: str) -> Output:
    return text.strip('"') if text.startswith('"') else Decimal(text)


def tables(decision: xml.Element) -> dict[str, DecisionTable]:
    """One of ours for each output, by its name; that of an only one is empty."""
    node = children(decision, "decisionTable")[0]
    outputs = children(node, "output")
    columns = tuple(column(each) for each in children(node, "input"))
    policy = OURS.get((node.get("hitPolicy", "UNIQUE"), node.get("aggregation", "")), HitPolicy.FIRST)
    made = {}
    for place, each in enumerate(outputs):
        rows = tuple(
            Row(
                tuple(cell(text_of(entry)) for entry in children(rule, "inputEntry")),
                output(text_of(children(rule, "outputEntry")[place])),
            )
            for rule in children(node, "rule")
        )
        default = [output(text_of(entry)) for entry in children(each, "defaultOutputEntry")]
        made[each.get("name", "")] = DecisionTable(
            name=f"{decision.get('name')}.{place}",
            columns=columns,
            rows=rows,
            hit_policy=policy,
            unit="值" if isinstance(rows[0].output, Decimal) else "",
            otherwise=default[0] if default else None,
        )
    return made


def asking(definitions: xml.Element, case: Case) -> Asking:
    words = vocabulary(definitions)
    everything = [
        each
        for decision in children(definitions, "decision")
        if children(decision, "decisionTable")
        for each in tables(decision).values()
    ]
    data: dict[Key, Datum] = {}
    for name, value in case.inputs.items():
        if value is not None:
            stored = int(value) if words.term(name).kind is Kind.NUMBER else value
            data[(name, None)] = Datum(value=stored, as_of=DAY, recorded_at=NOW, source="DMN")
    setting = Setting(words, series(()), Tables({each.name: each for each in everything}))
    return Asking(setting, Snapshot("x", DAY, NOW, data))


def found(decision: xml.Element, asked: Asking) -> object:
    """The decision as DMN would give it."""
    literal = children(decision, "literalExpression")
    if literal:
        left, word, right = text_of(literal[0]).split()
        both = (Flag(left), Flag(right))
        joined: Expression = Every(both) if word == "and" else Some(both)
        truth = truth_of(joined, lambda leaf, _: asked.finding(leaf).truth)  # type: ignore[arg-type]
        return {Truth.YES: True, Truth.NO: False, Truth.UNKNOWN: None}[truth]
    ours = tables(decision)
    policy = children(decision, "decisionTable")[0].get("hitPolicy", "UNIQUE")
    if policy in LISTED_HERE.values() and not children(decision, "decisionTable")[0].get("aggregation"):
        return listed(policy, decision, ours, asked)
    values = {name: one(table, asked) for name, table in ours.items()}
    return values if len(values) > 1 else next(iter(values.values()))


def one(table: DecisionTable, asked: Asking) -> object:
    given = asked.table(table.name)
    return given.label if given.is_label else given.extent.number


def listed(policy: str, decision: xml.Element, ours: dict[str, DecisionTable], asked: Asking) -> object:
    """The outputs of all rows that match, in the order DMN wants; for a priority, the first of them."""
    first = next(iter(ours.values()))
    rows = [
        {name: each.rows[number - 1].output for name, each in ours.items()} for number in asked.table(first.name).rows
    ]
    rows = rows or [{name: each.otherwise for name, each in ours.items()}]
    if policy in ("PRIORITY", "OUTPUT ORDER"):
        table = children(decision, "decisionTable")[0]
        # An output that names no values has no say in the order.
        allowed = [
            [value for texts in children(node, "outputValues") for value in re.findall(r'"([^"]*)"', text_of(texts))]
            for node in children(table, "output")
        ]
        ranked = [(name, values) for name, values in zip(ours, allowed, strict=True) if values]
        rows.sort(key=lambda row: [values.index(str(row[name])) for name, values in ranked])
    plain_ = [row if len(row) > 1 else next(iter(row.values())) for row in rows]
    return plain_[0] if policy == "PRIORITY" else plain_


def alike(ours: object, theirs: object) -> bool:
    """Numbers are texts in the kit."""
    if isinstance(ours, int | Fraction) and isinstance(theirs, str):
        return ours == Fraction(theirs)
    return ours == theirs


@pytest.mark.parametrize("name", NAMES)
def test_every_case_comes_out(vectors: Path, name: str) -> None:
    folder = vectors / "dmn" / name
    definitions = xml.parse(folder / f"{name}.dmn").getroot()  # noqa: S314
    decisions = {each.get("name", ""): each for each in children(definitions, "decision")}
    tried = 0
    for case in cases(next(folder.glob("*-test-01.xml"))):
        asked = asking(definitions, case)
        for wanted, expected in case.results.items():
            ours = found(decisions[wanted], asked)
            assert alike(ours, expected), f"{name} {case.id} {wanted}: {ours}, expected {expected}"
            tried += 1
    assert tried == (18 if name == "0106-feel-ternary-logic" else 3)


def test_no_model_is_left_out(vectors: Path) -> None:
    """A new folder has to be named here, and those whose policy is not ours stay counted."""
    there = sorted(path.name for path in (vectors / "dmn").iterdir() if path.is_dir())
    assert there == sorted(NAMES)
    without = {}
    for name in NAMES:
        for node in xml.parse(vectors / "dmn" / name / f"{name}.dmn").getroot().iter():  # noqa: S314
            policy = (node.get("hitPolicy", ""), node.get("aggregation", ""))
            if local(node) == "decisionTable" and policy not in OURS:
                without[name] = policy[0]
    assert without == LISTED_HERE
