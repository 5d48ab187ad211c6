"""The packs that are shipped can be released as they are, and each of their bounds and rows is tried."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest
from tests.foundation.rules.shipped import FOLDER, IDS, ROOT, asked_all, raw, shipped

from zonary.common.language import translate
from zonary.engines.clauses.checks.release import findings_of
from zonary.engines.clauses.expressions import PerUnit, Share
from zonary.engines.clauses.interpreter.leaves import LeafFinding
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.language import parse, print_chinese, render_english
from zonary.engines.clauses.packs.reading import read_pack, read_shape
from zonary.engines.clauses.packs.writing import canonical
from zonary.engines.clauses.tables.evaluation import factor_of
from zonary.engines.clauses.tables.model import DecisionTable, Interval, Measured, Ratio

TODAY = date(2026, 11, 23)


def test_every_subject_is_there() -> None:
    assert IDS == [
        "customs-credit-measures",
        "foreign-investment-negative-list",
        "high-tech-enterprise-2008",
        "high-tech-enterprise-2016",
        "innovative-sme",
        "objective-scoring",
        "per-mu-grading",
        "per-mu-linhai",
        "specialised-sme",
        "specialised-sme-2026",
        "standard-land-longchang",
        "talent-recognition-template",
        "tech-sme",
        "zone-checks",
        "zone-support",
    ]


@pytest.mark.parametrize("id", IDS)
def test_nothing_stands_in_the_way_of_releasing_it(id: str) -> None:
    blocking = [(each.place, str(each.reason)) for each in findings_of(shipped(id), today=TODAY) if each.is_blocking]
    assert blocking == []


@pytest.mark.parametrize("id", IDS)
def test_who_releases_it_is_told_of_every_number_that_nobody_decided(id: str) -> None:
    series = shipped(id).parameters.series
    samples = [name for name, values in series.items() if any(each.is_sample for each in values)]
    assert samples == [name for name, values in series.items() if any("示例值" in each.citation for each in values)]
    told = [each.reason for each in findings_of(shipped(id), today=TODAY) if "sample values" in each.reason.msgid]
    assert [translate(each.msgid, "zh", each.params) for each in told] == [
        f"{len(samples)} 个参数仍为示例值，须由园区确定：{'、'.join(samples)}。" for _ in [1] if samples
    ]
    assert not [each for each in told if re.search("[一-鿿]", str(each))]  # all of them have names in English


@pytest.mark.parametrize("id", IDS)
def test_its_id_is_its_files_and_its_canonical_bytes_are_read_as_themselves(id: str) -> None:
    shape = read_shape((FOLDER / f"{id}.json").read_bytes())
    once = canonical(shape)
    assert shape.id == id
    assert canonical(read_shape(once)) == once
    assert read_pack(read_shape(once), parse).document == shipped(id).document


@pytest.mark.parametrize("id", IDS)
def test_each_sentence_is_what_its_tree_prints_and_has_english(id: str) -> None:
    pack = shipped(id)
    for clause, written in zip(pack.document.clauses, raw(id)["clauses"], strict=True):
        assert print_chinese(clause.expression, pack.vocabulary) == written["sentence"]
        assert render_english(clause.expression, pack.vocabulary)


@pytest.mark.parametrize("id", IDS)
def test_each_clause_table_and_value_says_where_it_stands(id: str) -> None:
    for each in (*raw(id)["clauses"], *raw(id).get("tables", ())):
        assert each["article"].strip(), each
        assert each["quote"].strip(), each
    for parameter in raw(id).get("parameters", ()):
        assert all(value["citation"].strip() for value in parameter["values"]), parameter


def _numbers(leaf: LeafFinding) -> Iterator[tuple[int, Fraction]]:
    """Of each bound, how far the enterprise is from it: 0 on it."""
    numbers = [measure.extent.number for measure in leaf.measures]
    if not numbers or None in numbers or not leaf.thresholds:
        return
    number = Fraction(numbers[0] or 0)
    if isinstance(leaf.leaf, Share | PerUnit):
        if not numbers[1]:
            return
        number = number / Fraction(numbers[1]) * (10**6 if isinstance(leaf.leaf, Share) else 1)
    for at, threshold in enumerate(leaf.thresholds):
        yield at, number - Fraction(threshold.value)


@pytest.mark.parametrize("id", IDS)
def test_each_bound_of_a_clause_is_tried_on_it_and_on_its_other_side(id: str) -> None:
    """A bound that is included holds on it and not beyond; one that is not, the other way round."""
    tried: dict[tuple[str, int, int], set[tuple[int, Truth]]] = defaultdict(set)
    for _, decisions in asked_all(id):
        for clause in (clause for decision in decisions for clause in decision.clauses):
            for place, leaf in enumerate(clause.leaves):
                for at, distance in _numbers(leaf):
                    tried[clause.clause.id, place, at].add(((distance > 0) - (distance < 0), leaf.truth))
    for bound, found in tried.items():
        assert 0 in {sign for sign, _ in found}, bound
        assert {Truth.YES, Truth.NO} <= {truth for _, truth in found}, bound


def _columns(id: str, table: DecisionTable) -> Iterator[tuple[str, set[Fraction], set[Fraction]]]:
    """Of each column of numbers its heading, the bounds in its cells, and the numbers that test cases have there."""
    for place, column in enumerate(table.columns):
        if not isinstance(column, Measured | Ratio):
            continue
        cells = [row.cells[place] for row in table.rows]
        bounds = {bound for cell in cells if isinstance(cell, Interval) for bound in (cell.low, cell.high)}
        numbers = set()
        for asking, _ in asked_all(id):
            part = asking.measure(column.part if isinstance(column, Ratio) else column.quantity)
            whole = asking.measure(column.whole, part).extent.number if isinstance(column, Ratio) else 1
            if part.extent.number is not None and whole:
                ratio = Fraction(part.extent.number) / Fraction(whole)
                numbers.add(ratio / factor_of(asking.vocabulary, column))
        yield column.heading, {Fraction(bound) for bound in bounds if bound is not None}, numbers


@pytest.mark.parametrize("id", [id for id in IDS if raw(id).get("tables")])
def test_each_row_of_a_table_is_met_and_each_of_its_bounds_is_tried(id: str) -> None:
    for table in shipped(id).tables:
        if isinstance(table, DecisionTable):
            met = {number for asking, _ in asked_all(id) for number in asking.table(table.name).rows}
            assert met == set(range(1, len(table.rows) + 1)), table.name
            for heading, bounds, numbers in _columns(id, table):
                assert bounds <= numbers, (table.name, heading, bounds - numbers)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guide_lists_each_pack_with_the_days_it_is_in_force(language: str) -> None:
    guide = (ROOT / "docs" / "guide" / language / "shipped-rules.md").read_text("utf-8")
    listed = dict(re.findall(r"^\| `([a-z0-9-]+)` \|[^|]*\|[^|]*\|([^|]*)\|$", guide, re.MULTILINE))
    assert sorted(listed) == IDS
    for id, days in listed.items():
        items = shipped(id).document.items
        ends = {each.last for each in items}
        wanted = [str(min(each.first for each in items))] + ([str(max(filter(None, ends)))] if None not in ends else [])
        assert re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", days) == wanted, id


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guide_names_each_parameter_that_is_set_by_the_zone(language: str) -> None:
    guide = (ROOT / "docs" / "guide" / language / "shipped-rules.md").read_text("utf-8")
    left_open = guide.split("\n## ")[2]
    cited = {id: str([raw(id).get("parameters"), raw(id).get("lists")]) for id in IDS}
    packs = {id for id, text in cited.items() if "set by the zone" in text or "核对" in text}
    assert packs == {
        "high-tech-enterprise-2008",
        "objective-scoring",
        "per-mu-grading",
        "standard-land-longchang",
        "talent-recognition-template",
        "zone-checks",
        "zone-support",
    }
    assert all(f"`{id}`" in left_open for id in packs)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guide_says_of_each_pack_what_it_is_for_and_what_the_zone_fills_in(language: str) -> None:
    guide = (ROOT / "docs" / "guide" / language / "shipped-rules.md").read_text("utf-8")
    rows = re.findall(r"^\| (`[^|]*) \| ([^|]+) \| ([^|]+) \|$", guide.split("\n## ")[2], re.MULTILINE)
    assert {id for packs, _, _ in rows for id in re.findall("`([a-z0-9-]+)`", packs)} == set(IDS)
