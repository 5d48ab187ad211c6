"""A receipt says what was recorded in the reader's words: each field has a label, each value is shown as it is read."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.five_accounts import AT, browser


def _text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def _kinds(of: Any) -> Iterator[Any]:
    """Every class of event of the application that is recorded."""
    for each in of.__subclasses__():
        if hasattr(each, "kind") and each.__module__.startswith("zonary."):
            yield each
        yield from _kinds(each)


def test_every_field_of_every_event_has_a_label(migrated: Any) -> None:
    from zonary.foundation.ledger.act_labels import label_of
    from zonary.foundation.ledger.acts import Event

    found = set(_kinds(Event))
    assert len(found) > 60
    unnamed = {
        f"{event.kind} {each.name}"
        for event in found
        for each in fields(event)
        if label_of(event.kind, each.name) is None
    }
    assert unnamed == set()


def test_labels_are_said_in_both_languages(migrated: Any) -> None:
    from zonary.common.language import CATALOGUE
    from zonary.foundation.ledger.act_labels import every_label

    said = {sentence for label in every_label() for sentence in (label.name, *label.words.values())}
    assert len(said) > 100
    assert {sentence for sentence in said if sentence not in CATALOGUE} == set()


@pytest.fixture
def receipt(five: Any, demo: None) -> Any:
    """The text of the receipt of the latest act of a kind, to one of the five, in a language."""
    from zonary.foundation.ledger.models import Entry

    def read(kind: str, who: Any, language: str = "zh") -> str:
        act = Entry.objects.filter(kind=kind).latest("pk").public_id
        page = _text(browser(who).get(f"/receipts/{act}?lang={language}"))
        return page.partition("<dl")[2].partition("<details>")[0]

    return read


def test_people_and_organisations_are_named_to_those_who_may_know(five: Any, receipt: Any) -> None:
    joined = receipt("organizations.invitation.accepted", five.owner)
    assert "成员" in joined
    assert "<dd>colleague" in joined
    assert "经办人" in joined
    founded = receipt("organizations.zone.founded", five.officer, "en")
    assert "Zone authority" in founded
    assert "示例片区管委会" in founded


def test_times_are_chinas_and_values_are_words(five: Any, receipt: Any) -> None:
    from datetime import timedelta

    from zonary.foundation.organizations.actions import issue_personal_token

    ends = AT + timedelta(days=3)
    issue_personal_token(name="x", scopes=["evidence:read"], expires_at=ends, by=five.owner, at=AT)
    zh, en = (receipt("organizations.personal-token.issued", five.owner, each) for each in ("zh", "en"))
    assert "2026-11-23 09:02:03" in zh
    assert "存证" in zh
    assert "Read receipts, proofs and packages of evidence" in en
    assert "<code>scopes</code>" not in en
    assert "evidence:read" not in en


def test_a_change_is_shown_field_by_field(five: Any, receipt: Any) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.organizations.actions import propose_correction
    from zonary.foundation.organizations.queries import founding_act

    act = founding_act(five.owner)
    assert act is not None
    changes = {"address": "<b>云路 1 号</b>"}
    propose_correction(act.public_id, changes=changes, reason="照执照更正", by=five.owner, at=AT)
    assert "住所：<b>云路 1 号</b>" in receipt("organizations.correction.proposed", five.owner)
    proposed = Entry.objects.get(kind="organizations.correction.proposed").public_id
    markup = browser(five.owner).get(f"/receipts/{proposed}").content.decode()
    assert "&lt;b&gt;云路" in markup
    assert "<b>云路" not in markup


def test_a_fact_is_shown_as_people_write_it(five: Any, receipt: Any) -> None:
    from tests.foundation.facts.stating import declare

    declare(five, at=AT)
    told = receipt("facts.fact.declared", five.owner)
    assert "指标" in told
    assert "元" in told
    assert "self-declared" not in told


def test_a_field_nobody_named_is_shown_as_it_was_recorded(migrated: Any) -> None:
    from zonary.foundation.ledger.act_labels import told_fields

    rows = told_fields("strange.kind", {"thing": {"a": 1}, "event_version": 1, "empty": ""})
    assert [(row.name, row.is_named, row.items[0].text) for row in rows] == [("thing", False, '{"a": 1}')]
