"""The numbers of an item are found where they stand, and the pack with others is the pack that was written so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.foundation.rules.packs import data_of
from tests.services.incentives.matching.zone import measure_pack

from zonary.engines.clauses.dials import dials_of, turned
from zonary.engines.clauses.errors import ClausesError
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.packs.reading import Pack, read_pack, read_shape

DAY, KNOWN = date(2026, 6, 1), datetime(2026, 6, 1, tzinfo=UTC)
LIMIT = {
    "name": "人数上限",
    "values": [{"first": "2026-01-01", "amount": "500人", "recorded_at": "2026-01-01T00:00:00Z", "citation": "x"}],
}


def read(**changes: Any) -> Pack:
    return read_pack(read_shape(data_of(measure_pack(**changes))), parse)


def with_parameter(amount: str = "500人") -> Pack:
    rd, size = measure_pack()["clauses"]
    values = [{**LIMIT["values"][0], "amount": amount}]  # type: ignore[dict-item]
    clauses = [rd, {**size, "sentence": "从业人员不超过【人数上限】"}]
    return read(clauses=clauses, parameters=[{**LIMIT, "values": values}])


def test_thresholds_and_amounts_are_found() -> None:
    found = dials_of(read(), "support", day=DAY, known_at=KNOWN)
    assert [(each.kind, each.place, each.what, each.number, each.unit) for each in found] == [
        ("clause", "rd", "", "100", "万元"),
        ("clause", "size", "", "500", "人"),
        ("table", "奖励金额", "rate", "0.1", ""),
        ("table", "奖励金额", "cap", "200000", "元"),
    ]


@pytest.mark.parametrize(
    ("sentence", "unit"),
    [
        ("自成立日期起已满3年", "年"),
        ("近3年研发费用之和不低于100万元", "年"),
        ("从业人员不超过500人", "人"),
    ],
)
def test_a_number_says_what_it_counts(sentence: str, unit: str) -> None:
    rd, size = measure_pack()["clauses"]
    founded = {"id": "founded", "name": {"zh": "成立日期", "en": "date of establishment"}, "kind": "date"}
    changed = {"terms": [*measure_pack()["terms"], founded], "clauses": [{**rd, "sentence": sentence}, size]}
    found = dials_of(read(**changed), "support", day=DAY, known_at=KNOWN)
    assert found[0].unit == unit


def test_a_rate_for_each_of_something_says_for_each_of_what() -> None:
    (table,) = measure_pack()["tables"]
    per_head = {**table, "of": {**table["of"], "unit": "万元"}}
    (rate,) = [
        each for each in dials_of(read(tables=[per_head]), "support", day=DAY, known_at=KNOWN) if each.what == "rate"
    ]
    assert rate.unit == "元/万元"


def test_a_parameter_is_one_number_wherever_it_stands() -> None:
    pack = with_parameter()
    names = [each.key for each in dials_of(pack, "support", day=DAY, known_at=KNOWN)]
    assert "parameter:人数上限" in names
    again = turned(pack, "support", {"parameter:人数上限": "300"}, day=DAY, known_at=KNOWN)
    assert (
        again.parameters.on("人数上限", DAY, KNOWN).amount
        == with_parameter("300人").parameters.on("人数上限", DAY, KNOWN).amount
    )


def test_rate_and_cap_that_are_parameters_are_turned_as_parameters() -> None:
    value = LIMIT["values"][0]
    parameters = [
        {"name": name, "values": [{**value, "amount": amount}]}  # type: ignore[dict-item]
        for name, amount in (("比例", "10%"), ("上限", "20万元"))
    ]
    (table,) = measure_pack()["tables"]
    pack = read(tables=[{**table, "rate": "【比例】", "cap": "【上限】"}], parameters=parameters)
    found = dials_of(pack, "support", day=DAY, known_at=KNOWN)
    assert [(each.kind, each.place, each.number, each.unit) for each in found][2:] == [
        ("parameter", "上限", "20", "万元"),
        ("parameter", "比例", "10", "%"),
    ]
    again = turned(pack, "support", {"parameter:上限": "30"}, day=DAY, known_at=KNOWN)
    assert str(again.parameters.on("上限", DAY, KNOWN).amount.number) == "30"


def test_a_pack_with_another_number_is_the_one_written_so() -> None:
    rd, size = measure_pack()["clauses"]
    again = turned(read(), "support", {"rd.0": "200", "table:奖励金额:cap": "300000"}, day=DAY, known_at=KNOWN)
    written = read(clauses=[{**rd, "sentence": "上年度研发费用不低于200万元"}, size])
    assert again.document.clauses == written.document.clauses or (
        [each.expression for each in again.document.clauses] == [each.expression for each in written.document.clauses]
    )
    assert str(again.tables["奖励金额"].cap) == "300000"  # type: ignore[union-attr]
    assert turned(read(), "support", {"rd.0": "100.0"}, day=DAY, known_at=KNOWN).document == read().document


@pytest.mark.parametrize("number", ["200万元", "2000000元", "0.02亿元", "200 万元"])
def test_a_number_may_be_given_with_its_unit(number: str) -> None:
    again = turned(read(), "support", {"rd.0": number}, day=DAY, known_at=KNOWN)
    assert again.document == turned(read(), "support", {"rd.0": "200"}, day=DAY, known_at=KNOWN).document


@pytest.mark.parametrize(
    ("key", "number"),
    [
        ("rd.0", "200人"),
        ("rd.0", "200项目"),
        ("rd.0", "viel"),
        ("rd.0", ""),
        ("rd.0", "1e5"),
        ("rd.0", "9" * 30),
        ("rd.9", "1"),
        ("table:奖励金额:unit", "1"),
        ("table:奖励金额:cap", "-1"),
        ("size.0", "0.5"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(key: str, number: str) -> None:
    with pytest.raises(ClausesError):
        turned(read(), "support", {key: number}, day=DAY, known_at=KNOWN)
