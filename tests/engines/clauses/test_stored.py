"""What is kept of a decision is read back strictly, and repeated from one file by whoever has it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.foundation.rules.packs import data_of, pack

from zonary.engines.clauses.bundles import (
    Bundle,
    list_digest,
    read_bundle,
    repeat,
    setting_of,
    write_bundle,
)
from zonary.engines.clauses.errors import ReplayError
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.decisions import decide
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.interpreter.records import digest, record
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.packs.reading import read_pack, read_shape
from zonary.engines.clauses.packs.writing import canonical, digest_of
from zonary.engines.clauses.snapshots import Datum, Snapshot
from zonary.engines.clauses.stored import MAX_SNAPSHOT, read_snapshot

DAY, KNOWN = date(2026, 6, 1), datetime(2026, 6, 2, 3, 4, 5, 678901, tzinfo=UTC)
texts = st.text('aé中"\\\n\x00\U0001f600', max_size=8)
data = st.builds(
    Datum,
    value=st.one_of(st.integers(-(10**17), 10**17), st.booleans(), texts),
    as_of=st.dates(),
    recorded_at=st.datetimes(timezones=st.just(UTC)),
    source=texts,
    reference=texts,
)
keys = st.tuples(st.text("abc", min_size=1, max_size=3), st.one_of(st.none(), st.integers(1900, 2199)))
snapshots = st.builds(
    Snapshot,
    subject=texts,
    day=st.dates(),
    known_at=st.datetimes(timezones=st.just(UTC)),
    data=st.dictionaries(keys, data),
)


@given(snapshots)
def test_a_snapshot_comes_back_as_it_was_written(snapshot: Snapshot) -> None:
    again = read_snapshot(snapshot.written())
    assert again.written() == snapshot.written()
    assert again.digest() == snapshot.digest()
    assert dict(again.data) == dict(snapshot.data)
    assert [type(each.value) for each in again.data.values()] == [type(snapshot.data[key].value) for key in again.data]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("100", "0100"),
        ('"int"', '"str"}'),
        ('"subject"', '"subject2"'),
        ("+00:00", "Z"),
        ('"data":', '"data": '),
        ('"int"', '"float"'),
        ("100", "９"),
    ],
)
def test_bytes_that_are_not_those_written_are_refused(before: str, after: str) -> None:
    whole = _snapshot({("staff", None): 100}).written().decode()
    assert before in whole
    with pytest.raises(ReplayError):
        read_snapshot(whole.replace(before, after).encode())


def test_a_snapshot_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(ReplayError, match="at most 4000000 bytes"):
        read_snapshot(b"[" * (MAX_SNAPSHOT + 1))


def test_what_is_no_json_and_what_is_nested_too_deep_is_refused() -> None:
    for wrong in (b"", b"\xff", b"[" * 100_000, b"{}", b'{"data":[],"day":"2026-06-01","known_at":"x","subject":""}'):
        with pytest.raises(ReplayError):
            read_snapshot(wrong)


def _snapshot(values: dict[Any, Any]) -> Snapshot:
    known = {
        key: Datum(value=value, as_of=date(2025, 12, 31), recorded_at=KNOWN, source="测试", reference="f1")
        for key, value in values.items()
    }
    return Snapshot("company", DAY, KNOWN, known)


def bundle(**changes: Any) -> Bundle:
    rules = canonical(read_shape(data_of(pack())))
    read = read_pack(read_shape(rules), parse)
    asking = Asking(setting_of(read), _snapshot({("rd-expense", 2025): 10**8, ("staff", None): 20}))
    stored = record(decide(Plan(read.document), "support", asking, version=digest_of(rules)), read.vocabulary)
    usual: dict[str, Any] = {
        "decision": stored.decode(),
        "snapshot": asking.snapshot.written().decode(),
        "rules": rules.decode(),
        "amount": "",
        "decisions": [digest(stored)],
        "entry": "0190",
    }
    return Bundle(**{**usual, **changes})


def test_the_file_is_repeated_by_whoever_has_it() -> None:
    kept = read_bundle(write_bundle(bundle()))
    again = repeat(kept)
    assert again.decision.item.id == "support"
    assert again.amount is None
    assert again.list_digest == list_digest(kept.decisions)


def test_a_file_in_which_anything_is_another_is_refused() -> None:
    whole = bundle()
    kept = json.loads(whole.decision)
    other = _snapshot({("rd-expense", 2025): 10**8, ("staff", None): 21}).written().decode()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"rules": whole.rules.replace("100万元", "200万元")}, "not those the decision names"),
        ({"snapshot": other}, "another snapshot"),
        ({"decision": json.dumps({**kept, "truth": "no"}, ensure_ascii=False)}, "comes out otherwise"),
        ({"amount": "100"}, "amount comes out otherwise"),
        ({"decisions": ["0" * 64]}, "not among those"),
    ]
    for changes, sentence in wrong:
        with pytest.raises(ReplayError, match=sentence):
            repeat(bundle(**changes))
    for data in (b"", b"{}", b"\xff", b"[" * 10_000, write_bundle(whole).replace(b'"form"', b'"farm"')):
        with pytest.raises(ReplayError, match="no file with a decision"):
            read_bundle(data)


def test_the_digest_of_a_list_does_not_depend_on_its_order() -> None:
    one, other = "a" * 64, "b" * 64
    assert list_digest([one, other]) == list_digest([other, one]) != list_digest([one])
