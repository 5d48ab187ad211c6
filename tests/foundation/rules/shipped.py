"""The shipped packs, read once, and enterprises asked by them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from zonary.engines.clauses.checks.findings import asked
from zonary.engines.clauses.interpreter.asking import Asking, Setting
from zonary.engines.clauses.interpreter.decisions import Decision, decide
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.packs.reading import Pack, read_pack, read_shape
from zonary.engines.clauses.packs.values import read_value
from zonary.engines.clauses.snapshots import Datum, Snapshot

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "src/zonary/foundation/rules/shipped"
IDS = sorted(each.stem for each in FOLDER.glob("*.json"))
KNOWN_AT = datetime(2126, 1, 1, tzinfo=UTC)
"""Late enough that every value of a parameter is known."""
Data = Mapping[str, str | bool | None]


@cache
def raw(id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{id}.json").read_bytes())
    return found


@cache
def shipped(id: str) -> Pack:
    return read_pack(read_shape((FOLDER / f"{id}.json").read_bytes()), parse)


@cache
def plan(id: str) -> Plan:
    return Plan(shipped(id).document)


@cache
def asked_all(id: str) -> list[tuple[Asking, list[Decision]]]:
    """Each test case of a pack, with what the items it names come to."""
    pack = shipped(id)
    askings = [(asked(pack, case), case) for case in pack.cases]
    return [(asking, [decide(plan(id), item, asking) for item in case.expected]) for asking, case in askings]


def asking(id: str, data: Data, day: date) -> Asking:
    """An enterprise with these data, written as in a test case."""
    pack = shipped(id)
    found = {}
    for key, text in data.items():
        name, _, year = key.partition("@")
        if text is not None:
            value = read_value(pack.vocabulary.term(name), text, pack.vocabulary)
            stated = Datum(value=value, as_of=day, recorded_at=KNOWN_AT, source="test")
            found[name, int(year) if year else None] = stated
    snapshot = Snapshot(subject="example", day=day, known_at=KNOWN_AT, data=found)
    return Asking(Setting(pack.vocabulary, pack.parameters, pack.tables), snapshot)


def decided(id: str, item: str, data: Data, day: date, promised: frozenset[str] = frozenset()) -> Decision:
    """What an item comes to for it."""
    return decide(plan(id), item, asking(id, data, day), promised=promised)


def first_case(id: str) -> dict[str, str | bool | None]:
    """The data of the pack's first test case, which meets every bound exactly."""
    return dict(raw(id)["cases"][0]["data"])
