"""The packs that are shipped can be released as they are, and say what their sources say on both sides of every threshold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from zonary.engines.clauses.checks.release import findings_of
from zonary.engines.clauses.interpreter.asking import Asking, Setting
from zonary.engines.clauses.interpreter.decisions import Decision, decide
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.language import parse, print_chinese, print_english
from zonary.engines.clauses.packs.reading import Pack, read_pack, read_shape
from zonary.engines.clauses.packs.values import read_value
from zonary.engines.clauses.packs.writing import canonical
from zonary.engines.clauses.snapshots import Datum, Snapshot

FOLDER = Path(__file__).parents[3] / "src/zonary/foundation/rules/shipped"
IDS = sorted(each.stem for each in FOLDER.glob("*.json"))
TODAY = date(2026, 11, 23)
Data = Mapping[str, str | bool | None]


@cache
def raw(id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{id}.json").read_bytes())
    return found


@cache
def shipped(id: str) -> Pack:
    return read_pack(read_shape((FOLDER / f"{id}.json").read_bytes()), parse)


def asked(id: str, item: str, data: Data, day: date, promised: frozenset[str] = frozenset()) -> Decision:
    """What the pack says of an enterprise with these data, written as in its test cases."""
    pack = shipped(id)
    known_at = datetime(2126, 1, 1, tzinfo=UTC)
    found = {}
    for key, text in data.items():
        name, _, year = key.partition("@")
        if text is not None:
            value = read_value(pack.vocabulary.term(name), text, pack.vocabulary)
            found[name, int(year) if year else None] = Datum(
                value=value, as_of=day, recorded_at=known_at, source="test"
            )
    snapshot = Snapshot(subject="example", day=day, known_at=known_at, data=found)
    setting = Setting(pack.vocabulary, pack.parameters)
    return decide(Plan(pack.document), item, Asking(setting, snapshot, promised))


def base_of(id: str, at: int = 0) -> dict[str, str | bool | None]:
    """The data of one of the pack's own test cases."""
    return dict(raw(id)["cases"][at]["data"])


def test_every_subject_is_there() -> None:
    assert IDS == [
        "customs-credit-measures",
        "foreign-investment-negative-list",
        "high-tech-enterprise-2008",
        "high-tech-enterprise-2016",
        "standard-land-longchang",
        "talent-recognition-template",
    ]


@pytest.mark.parametrize("id", IDS)
def test_nothing_stands_in_the_way_of_releasing_it(id: str) -> None:
    blocking = [(each.place, str(each.reason)) for each in findings_of(shipped(id), today=TODAY) if each.is_blocking]
    assert blocking == []


@pytest.mark.parametrize("id", IDS)
def test_its_id_is_its_files_and_its_canonical_bytes_are_read_as_themselves(id: str) -> None:
    shape = read_shape((FOLDER / f"{id}.json").read_bytes())
    once = canonical(shape)
    assert shape.id == id
    assert canonical(read_shape(once)) == once


@pytest.mark.parametrize("id", IDS)
def test_each_sentence_is_what_its_tree_prints_and_has_english(id: str) -> None:
    pack = shipped(id)
    for clause, written in zip(pack.document.clauses, raw(id)["clauses"], strict=True):
        assert print_chinese(clause.expression, pack.vocabulary) == written["sentence"]
        assert print_english(clause.expression, pack.vocabulary)
    for item in pack.document.items:
        assert item.title_english.isascii()


@pytest.mark.parametrize("id", IDS)
def test_each_value_of_a_parameter_says_where_it_stands(id: str) -> None:
    for name, values in shipped(id).parameters.series.items():
        assert values, name
        assert all(value.citation.strip() for value in values), name
