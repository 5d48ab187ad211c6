"""A rule pack is read whole, or refused with the place in it that is wrong; nothing of it is guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.foundation.rules.packs import data_of, pack

from zonary.engines.clauses.errors import PackError
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.packs.reading import MAX_DEPTH, read_pack, read_shape
from zonary.engines.clauses.packs.shapes import MAX_PACK_BYTES
from zonary.engines.clauses.packs.writing import canonical, digest_of

Change = Callable[[dict[str, Any]], object]


def read(given: dict[str, Any]) -> Any:
    return read_pack(read_shape(data_of(given)), parse)


def changed(change: Change) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(data_of(pack()))
    change(given)
    return given


def test_what_is_read_is_what_was_written() -> None:
    found = read(pack())
    rd, _ = found.document.clauses
    assert (rd.id, rd.citation.article, rd.citation.document) == ("rd", "第二条第（一）项", "示范〔2026〕1号")
    assert found.cases[0].data == {("rd-expense", 2025): 10**8, ("staff", None): 500}


def test_canonical_bytes_are_read_as_themselves() -> None:
    once = canonical(read_shape(data_of(pack())))
    assert canonical(read_shape(once)) == once
    assert len(digest_of(once)) == 64


def nested(depth: int) -> Any:
    found: Any = "rd"
    for _ in range(depth):
        found = {"all": [found]}
    return found


def many(given: dict[str, Any], count: int) -> None:
    """An item of so many clauses."""
    ids = [f"rd-{number}" for number in range(count)]
    given["clauses"] += [{**given["clauses"][0], "id": id} for id in ids]
    given["items"][0].update(condition={"all": ids})


def test_an_item_of_two_hundred_clauses_is_read() -> None:
    found = read(changed(lambda p: many(p, 200)))
    assert len(found.document.clauses) == 202


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: p.update(version="zonary-rules/2"), r"\$\.version"),
        (lambda p: p.update(surprise=1), "surprise"),
        (lambda p: p.pop("clauses"), "clauses"),
        (lambda p: p["terms"][0].update(kind="wealth"), r"\$\.terms\[0\]\.kind"),
        (lambda p: p["terms"][0].update(low=-(2**53)), r"\$\.terms\[0\]\.low"),
        (lambda p: p["terms"].append(p["terms"][0]), "terms: .*研发费用.* is there twice"),
        (lambda p: p["clauses"].append(p["clauses"][0]), "items: .*“rd” is there twice"),
        (lambda p: p["clauses"][1].update(sentence="从业人员不超过500万元"), r"clauses\[1\] \(size\): "),
        (lambda p: p["clauses"][1].update(sentence="职工不超过500人"), r"clauses\[1\] \(size\): "),
        (lambda p: p["items"].append(p["items"][0]), "items: .*“support” is there twice"),
        (lambda p: p["items"][0].update(last="2025-12-31"), r"items\[0\] \(support\): .* ends before it begins"),
        (lambda p: p["items"][0].update(condition={"all": ["rd", "nobody"]}), "items: .*“nobody” that is not there"),
        (lambda p: p["items"][0].update(condition={"all": ["rd"], "any": ["size"]}), "one of all, any, none"),
        (lambda p: p["items"][0].update(condition={"of": ["rd"]}), "at_least with of"),
        (lambda p: p["items"][0].update(condition={"all": []}), "joins at least one clause"),
        (lambda p: p["items"][0].update(condition={"at_least": 3, "of": ["rd", "size"]}), "items: "),
        (lambda p: p["items"][0].update(condition=nested(MAX_DEPTH + 1)), f"at most {MAX_DEPTH} deep"),
        (lambda p: many(p, 201), "items: .*201 conditions"),
        (lambda p: p["cases"][0]["data"].update({"rd-expense": "1元"}), r"cases\[0\] .*given for a year, or not"),
        (
            lambda p: p["cases"][0]["data"].update({"rd-expense@2025": "1人"}),
            r"cases\[0\] .*“研发费用” is measured in 元: .*not “1人”",
        ),
        (lambda p: p["cases"][0]["data"].update({"rd-expense@2025": "0.001元"}), r"cases\[0\] .*finer than"),
        (lambda p: p["cases"][0]["data"].update({"rd-expense@2025": "many"}), r"cases\[0\] .*write a number and 元"),
        (lambda p: p["cases"][0]["data"].update({"rd-expense@2025": True}), r"cases\[0\] .*no value that"),
        (lambda p: p["cases"][0]["data"].update({"wealth": "1元"}), r"cases\[0\] .*no term “wealth”"),
        (lambda p: p["cases"][0].update(expected={"nothing": "符合"}), r"cases\[0\] .*no item “nothing”"),
        (lambda p: p["cases"][0].update(expected={"support": "也许"}), r"\$\.cases\[0\]\.expected"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: Change, said: str) -> None:
    with pytest.raises(PackError) as refused:
        read(changed(change))
    assert re.search(said, str(refused.value)), str(refused.value)


VALUE = {"first": "2026-01-01", "amount": "3%", "recorded_at": "2026-01-01T00:00:00Z", "citation": "第一条"}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"amount": "three"}, "no number with a unit"),
        ({"last": "2025-01-01"}, "ends before it begins"),
        ({"recorded_at": "2026-01-01T00:00:00"}, "no offset"),
    ],
)
def test_a_parameter_is_dated_and_has_a_unit(value: dict[str, str], said: str) -> None:
    with pytest.raises(PackError, match=r"parameters \(下限\) values\[0\]: .*" + said):
        read(pack(parameters=[{"name": "下限", "values": [{**VALUE, **value}]}]))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b" " * (MAX_PACK_BYTES + 1)])
def test_what_is_no_pack_is_one_sentence(data: bytes) -> None:
    with pytest.raises(PackError, match=r"cannot be read|at most"):
        read_shape(data)
