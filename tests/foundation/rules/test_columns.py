"""Columns of all enterprises say, row by row, what a snapshot of each says; and both what facts say."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="rule packs need the [web] extra")

from tests.five_accounts import AT
from tests.foundation.facts.stating import second_officer
from tests.foundation.rules.releasing import drawn_facts, facts_for, release, release_of

DAY = date(2026, 11, 20)


def _enterprises(count: int) -> list[Any]:
    from zonary.foundation.organizations.models import Organization

    return Organization.objects.bulk_create(
        Organization(
            public_id=uuid.UUID(int=number + 1), kind=Organization.Kind.ENTERPRISE,
            state=Organization.State.CLOSED if number % 9 == 8 else Organization.State.LISTED, name=f"企业{number}",
            registered_by="x", registered_at=AT, changed_at=AT,
        )
        for number in range(count)
    )  # fmt: skip


def _consents(subject: Any) -> list[Any]:
    from zonary.foundation.facts.models import Consent

    made = []
    for purposes, withdrawn in (([], None), (["statistics"], None), ([], AT + timedelta(minutes=30))):
        made.append(
            Consent.objects.create(
                public_id=uuid.uuid4(),
                subject=subject,
                indicators=[],
                purposes=purposes,
                until=None,
                given_by="x",
                given_at=AT,
                withdrawn_at=withdrawn,
                entry=uuid.uuid4(),
            )
        )
    return made


def _every_term() -> dict[str, Any]:
    """A pack whose terms are the dictionary's, with a count by the year besides."""
    from zonary.foundation.rules.dictionary import base_vocabulary

    terms = []
    for term in base_vocabulary().terms:
        shape: dict[str, Any] = {
            "id": term.id, "name": {"zh": term.chinese, "en": term.english}, "kind": term.kind.value,
            "annual": term.annual or term.id == "rd-staff", "places": term.places, "frame": term.frame.value,
        }  # fmt: skip
        if term.unit:
            shape["unit"] = {"zh": term.unit, "en": term.unit_english}
        terms.append(shape)
    rd = {"id": "rd", "article": "第三条", "quote": "上年度研发费用", "sentence": "上年度研发费用不低于100万元"}
    size = {"id": "size", "article": "第三条", "quote": "从业人员", "sentence": "从业人员不超过500人"}
    return {"terms": terms, "clauses": [rd, size]}


@pytest.mark.parametrize("seed", range(3))
def test_each_row_is_the_snapshot_of_its_enterprise(five: Any, seed: int, django_assert_max: Any) -> None:
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.foundation.rules.columns import OFFSETS, columns_of
    from zonary.foundation.rules.loaded import loaded
    from zonary.foundation.rules.snapshots import snapshot_of

    with unrecorded("many facts at once, for a test"):
        subjects = _enterprises(30)
        drawn_facts(subjects, _consents(subjects[0]), seed, each=60)
    packs = [loaded(release(five, **_every_term()))]
    said = 0
    for minutes in (20, 45, 80):
        known_at = AT + timedelta(minutes=minutes)
        with django_assert_max(4):
            (found,) = columns_of(packs, day=DAY, known_at=known_at)
        open_ones = [each for each in subjects if each.state != "closed"]
        assert set(found.organizations) >= {str(each.public_id) for each in open_ones}
        assert not {str(each.public_id) for each in subjects if each.state == "closed"} & set(found.organizations)
        rows = found.table.to_pylist()
        for name, row in zip(found.organizations, rows, strict=True):
            snapshot = snapshot_of(name, packs[0], day=DAY, known_at=known_at)
            data = {
                term if year is None else f"{term}@{year - DAY.year}": datum.value
                for (term, year), datum in snapshot.data.items()
                if year is None or year - DAY.year in OFFSETS
            }
            assert {column: value for column, value in row.items() if value is not None} == data
            said += len(data)
    assert said > 300


@pytest.mark.parametrize("data", ["sqlite"], indirect=True)  # what was read is compared above, on both
def test_sets_over_columns_answer_what_each_enterprise_is_told(five: Any) -> None:
    """Of a shipped pack with scores, from the facts in the database to the three truths."""
    from zonary.engines.clauses.circuits.forms import Context
    from zonary.engines.clauses.circuits.items import ItemCircuits, lower_item
    from zonary.engines.clauses.interpreter.asking import Asking
    from zonary.engines.clauses.interpreter.decisions import decide
    from zonary.engines.clauses.kleene import Truth
    from zonary.engines.clauses.planes import Plan, match
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.foundation.rules.columns import columns_of
    from zonary.foundation.rules.loaded import loaded
    from zonary.foundation.rules.offered import offered_pack
    from zonary.foundation.rules.snapshots import snapshot_of

    second = second_officer(five)
    packs = [loaded(release_of(five, offered_pack(each).content, by=second)) for each in ("tech-sme", "per-mu-linhai")]
    known_at = AT + timedelta(hours=5)
    with unrecorded("many facts at once, for a test"):
        subjects = _enterprises(40)
        facts_for([each.vocabulary for each in packs], subjects, day=DAY, at=AT)
    seen: set[Truth] = set()
    for pack, columns in zip(packs, columns_of(packs, day=DAY, known_at=known_at), strict=True):
        setting = pack.setting
        context = Context(
            vocabulary=setting.vocabulary,
            parameters=setting.parameters,
            day=DAY,
            known_at=known_at,
            tables=setting.tables,
        )
        items = [lower_item(item, pack.pack.document, context) for item in pack.pack.document.items]
        asked = [item for item in items if isinstance(item, ItemCircuits)]
        matched = match(Plan(asked), columns.enterprises)
        for row, name in enumerate(columns.organizations):
            standing = matched.row(row)
            asking = Asking(setting, snapshot_of(name, pack, day=DAY, known_at=known_at))
            for item in asked:
                told = decide(pack.plan, item.id, asking).truth
                assert standing[item.id].result is told, (pack.pack_id, name, item.id)
                seen.add(told)
    assert seen == set(Truth)


@pytest.fixture
def django_assert_max() -> Any:
    """No more than so many queries."""
    from contextlib import contextmanager

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    @contextmanager
    def at_most(count: int) -> Any:
        with CaptureQueriesContext(connection) as asked:
            yield
        assert len(asked) <= count, [each["sql"][:120] for each in asked]

    return at_most
