"""Facts come in by the enterprise's own word or an officer's hand, with source and basis, and are never changed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="facts need the [web] extra")

from tests.five_accounts import AT
from tests.foundation.facts.stating import LATER, REASON, claim, declare, everyone, record


def test_a_fact_says_what_when_who_from_where_and_on_what_basis(five: Any) -> None:
    from zonary.foundation.facts.queries import find_fact
    from zonary.foundation.ledger.queries import item_of

    fact = record(five, use_limit=("policy",), document="ab" * 32)
    found = find_fact(five.owner, str(fact.public_id))
    assert found is not None
    assert (found.value, found.number, found.unit) == ("123456780000", 123_456_780_000, "fen")
    assert (found.valid_from.isoformat(), str(found.valid_until)) == ("2025-01-01", "2025-12-31")
    assert (found.recorded_by, found.recorded_for) == (five.officer.person, five.officer.organisation)
    item = item_of(str(found.entry))
    assert item is not None
    assert item.kind == "facts.fact.recorded"
    body = json.loads(item.body)
    assert (body["fact"], body["value"], body["use_limit"]) == (str(fact.public_id), "123456780000", ["policy"])
    assert (body["source"], body["sharing_basis"]) == ("tax office", "catalogue 430100-17")


def test_what_an_officer_leaves_out_is_asked_for(five: Any) -> None:
    from zonary.foundation.facts.models import Fact
    from zonary.foundation.facts.rules import WrongFactError

    for fields in (
        {"source": ""},
        {"sharing_basis": ""},
        {"consent_not_needed": ""},
        {"source_kind": "self-declared"},
        {"source_kind": "gossip"},
        {"indicator": "score"},
        {"period": "2027"},
    ):
        with pytest.raises(WrongFactError):
            record(five, **fields)
    assert not Fact.objects.exists()
    assert record(five, source_kind="officer", sharing_basis="").sharing_basis == ""


def test_only_an_officer_records_and_only_the_enterprise_declares(five: Any) -> None:
    from zonary.foundation.facts.actions import declare_fact, record_fact
    from zonary.foundation.facts.permissions import UnknownFactError
    from zonary.foundation.organizations.permissions import NotAllowedError

    enterprise = str(five.enterprise.public_id)
    for name in ("owner", "colleague", "rival", "outsider"):
        with pytest.raises(NotAllowedError):
            record_fact(enterprise, claim(), source_kind="officer", by=everyone(five)[name], at=LATER)
    with pytest.raises(UnknownFactError):
        record_fact("nobody", claim(), source_kind="officer", by=five.officer, at=LATER)
    with pytest.raises(NotAllowedError):
        declare_fact(claim(), by=five.outsider, at=LATER)
    declared = declare_fact(claim(), by=five.colleague, at=LATER)
    assert (declared.source_kind, declared.sharing_basis) == ("self-declared", "")
    assert declared.subject_id == five.enterprise.pk
    assert declare_fact(claim(), by=five.rival, at=LATER).subject_id == five.competitor.pk


def test_who_may_only_look_and_a_token_without_scope_state_nothing(five: Any) -> None:
    from dataclasses import replace

    from zonary.foundation.facts.actions import declare_fact
    from zonary.foundation.organizations.permissions import NotAllowedError

    for standing in (replace(five.owner, role="reader"), replace(five.owner, scopes=frozenset({"facts:read"}))):
        with pytest.raises(NotAllowedError):
            declare_fact(claim(), by=standing, at=LATER)


def test_a_correction_takes_the_place_and_both_stay(five: Any) -> None:
    from zonary.foundation.facts.actions import correct_fact
    from zonary.foundation.facts.permissions import FactStateError
    from zonary.foundation.facts.queries import facts_as_of, history_of
    from zonary.foundation.facts.rules import WrongFactError

    wrong = record(five)
    with pytest.raises(WrongFactError, match="Say why"):
        correct_fact(str(wrong.public_id), claim(value="5"), reason=" ", by=five.officer, at=LATER)
    with pytest.raises(WrongFactError, match="same indicator"):
        correct_fact(str(wrong.public_id), claim(indicator="staff"), reason=REASON, by=five.officer, at=LATER)
    noon = LATER + timedelta(hours=1)
    right = correct_fact(str(wrong.public_id), claim(value="5"), reason=REASON, by=five.officer, at=noon)
    with pytest.raises(FactStateError):
        correct_fact(str(wrong.public_id), claim(value="6"), reason=REASON, by=five.officer, at=noon)
    day, enterprise = wrong.valid_from, str(five.enterprise.public_id)
    before = facts_as_of(five.owner, enterprise, valid_on=day, known_at=LATER)
    after = facts_as_of(five.owner, enterprise, valid_on=day, known_at=noon)
    assert [str(fact.public_id) for fact in before] == [str(wrong.public_id)]
    assert [str(fact.public_id) for fact in after] == [str(right.public_id)]
    history = history_of(five.owner, str(wrong.public_id))
    assert [str(fact.public_id) for fact in history] == [str(wrong.public_id), str(right.public_id)]
    assert history == history_of(five.owner, str(right.public_id))
    assert history[1].reason == REASON


def test_each_corrects_what_is_theirs_to_correct(five: Any) -> None:
    from zonary.foundation.facts.actions import correct_fact
    from zonary.foundation.facts.permissions import UnknownFactError

    recorded, declared = record(five), declare(five)
    refused = [(recorded, name) for name in ("owner", "colleague", "rival", "outsider")]
    refused += [(declared, name) for name in ("officer", "rival", "outsider")]
    for fact, name in refused:
        with pytest.raises(UnknownFactError):
            correct_fact(str(fact.public_id), claim(value="5"), reason=REASON, by=everyone(five)[name], at=LATER)
    mended = correct_fact(str(declared.public_id), claim(value="5"), reason=REASON, by=five.colleague, at=LATER)
    assert (mended.source_kind, mended.consent_not_needed) == ("self-declared", "")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE facts_fact SET value = '1'",
        "UPDATE facts_fact SET recorded_at = '2020-01-01 00:00:00'",
        "UPDATE facts_fact SET value = '', number = NULL, source = 'x'",
        "UPDATE facts_fact SET value = ''",
        "DELETE FROM facts_fact",
        "UPDATE facts_reading SET purpose = 'x'",
        "DELETE FROM facts_reading",
        "UPDATE facts_readingfact SET fact_id = 1",
        "DELETE FROM facts_readingfact",
    ],
)
def test_the_database_itself_refuses_changes(five: Any, statement: str) -> None:
    from django.db import DatabaseError, connection, transaction

    from zonary.foundation.facts.actions import read_profile
    from zonary.foundation.ledger.guard import unrecorded

    record(five)
    read_profile(str(five.enterprise.public_id), purpose="policy", by=five.officer, at=LATER)
    with (
        unrecorded("what gets past the guard is the database's to refuse"),
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_no_row_is_replaced_nor_the_table_emptied(five: Any) -> None:
    from django.db import DatabaseError, connection, transaction

    from zonary.foundation.facts.models import Fact
    from zonary.foundation.ledger.guard import unrecorded

    record(five)
    columns = ", ".join(field.column for field in Fact._meta.concrete_fields)
    replacing = f"INSERT OR REPLACE INTO facts_fact ({columns}) SELECT {columns} FROM facts_fact"
    statement = replacing if connection.vendor == "sqlite" else "TRUNCATE facts_fact CASCADE"
    with (
        unrecorded("what gets past the guard is the database's to refuse"),
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_lost_trigger_is_missed(five: Any) -> None:
    from django.db import connection

    from zonary.foundation.ledger.guard import unrecorded
    from zonary.foundation.ledger.immutability import missing_triggers

    assert missing_triggers() == []
    on = " ON facts_fact" if connection.vendor == "postgresql" else ""
    with unrecorded("an attacker"), connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER facts_fact_no_update{on}")
    assert missing_triggers() == ["facts_fact_no_update"]


def test_what_names_a_person_is_erased_here_and_in_the_ledger_and_nothing_else_is(five: Any) -> None:
    from zonary.foundation.facts.actions import erase_fact
    from zonary.foundation.facts.models import Fact
    from zonary.foundation.facts.permissions import FactStateError
    from zonary.foundation.ledger.queries import item_of
    from zonary.foundation.organizations.permissions import NotAllowedError

    named = record(five, indicator="legal-representative", value="张三（虚构）", unit="", period="2025")
    other = record(five)
    with pytest.raises(NotAllowedError):
        erase_fact(str(other.public_id), reason=REASON, by=five.officer, at=LATER)
    for name in ("owner", "rival", "outsider"):
        with pytest.raises(NotAllowedError):
            erase_fact(str(named.public_id), reason=REASON, by=everyone(five)[name], at=LATER)
    erase_fact(str(named.public_id), reason="asked for by the person", by=five.officer, at=LATER)
    kept = Fact.objects.get(public_id=named.public_id)
    item = item_of(str(kept.entry))
    assert item is not None
    assert (kept.value, item.body, item.salt) == ("", b"", b"")
    assert item.leaf
    with pytest.raises(FactStateError):
        erase_fact(str(named.public_id), reason=REASON, by=five.officer, at=LATER)


def test_every_act_is_about_the_enterprise(five: Any) -> None:
    from zonary.foundation.ledger.models import Entry

    record(five), declare(five)
    kinds = Entry.objects.filter(about=str(five.enterprise.public_id), recorded_at__gt=AT)
    assert list(kinds.order_by("id").values_list("kind", flat=True)) == ["facts.fact.recorded", "facts.fact.declared"]
