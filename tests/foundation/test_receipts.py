"""Every act has a receipt that says how far it has come, and that anyone can check offline."""

from __future__ import annotations

import base64
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from tests.foundation import zone_at_work

from zonary.proof.act import decode_act, examine_receipt
from zonary.proof.errors import MalformedError, UnsupportedError
from zonary.proof.package.report import Outcome, Status
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.trust import parse_trust


def _act(five: Any) -> str:
    from zonary.foundation.ledger.models import Entry

    return str(Entry.objects.get(kind="organizations.zone.founded").public_id)


def test_a_receipt_never_promises_more_than_is_so(data: Any, five: Any) -> None:
    from zonary.foundation.ledger.proofs import NotPublishedError
    from zonary.foundation.ledger.receipts import act_of, receipt_of

    public_id = _act(five)
    act = act_of(public_id)
    assert act is not None
    assert (act.stage, act.index) == ("recorded", None)
    with pytest.raises(NotPublishedError):
        receipt_of(public_id)
    zone_at_work.start(data)
    published = act_of(public_id)
    assert published is not None
    assert published.stage == "published"
    assert published.body is not None
    assert published.body["name"] == "示例片区管委会"


def test_an_outsider_checks_a_receipt_with_the_trust_file_alone(data: Any, five: Any) -> None:
    from zonary.foundation.ledger.receipts import receipt_of

    zone_at_work.start(data)
    receipt = receipt_of(_act(five))
    trust = parse_trust(data.trust.read_bytes())
    found = examine_receipt(receipt, trusts=[trust])
    assert found.report.outcome is Outcome.VERIFIED
    assert found.act is not None
    assert found.act.kind == "organizations.zone.founded"
    assert found.act.about == str(five.authority.public_id)
    nobody = examine_receipt(receipt, trusts=[])
    assert nobody.report.outcome is Outcome.NOT_CHECKED
    assert nobody.report.verdict("checkpoint").status is Status.ORIGIN_NOT_ESTABLISHED


@pytest.mark.parametrize("what", ["body", "about", "index", "none", "hash", "cut"])
def test_a_changed_receipt_is_caught(data: Any, five: Any, what: str) -> None:
    from dataclasses import replace

    from zonary.foundation.ledger.receipts import receipt_of

    zone_at_work.start(data)
    receipt = receipt_of(_act(five))
    proof = TlogProof.parse(receipt)
    assert proof.extra is not None
    changed = {
        "body": replace(
            proof, extra=proof.extra.replace("示例片区管委会".encode(), "另一片区管委会".encode())
        ).encode(),
        "about": replace(proof, extra=proof.extra.replace(str(five.authority.public_id).encode(), b"x" * 36)).encode(),
        "index": replace(proof, index=proof.index + 1).encode(),
        "none": replace(proof, extra=None).encode(),
        "hash": receipt.replace(base64.b64encode(proof.hashes[0]), base64.b64encode(bytes(32))),
        "cut": receipt[:-40],
    }[what]
    assert changed != receipt
    found = examine_receipt(changed, trusts=[parse_trust(data.trust.read_bytes())])
    assert found.report.outcome is Outcome.NOT_VERIFIED
    assert found.act is None or what == "cut"


def test_an_erased_act_has_no_receipt_and_leaves_the_tree_whole(data: Any, five: Any) -> None:
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.ledger.erasure import erase_body
    from zonary.foundation.ledger.receipts import ErasedActError, act_of, receipt_of

    log = zone_at_work.start(data)
    public_id = _act(five)
    kept = receipt_of(public_id)
    erase_body(public_id, by=SYSTEM, reason="art. 47", at=zone_at_work.AT)
    zone_at_work.start(data)
    with pytest.raises(ErasedActError):
        receipt_of(public_id)
    erased = act_of(public_id)
    assert erased is not None
    assert erased.body is None
    # What was handed out before still verifies: the tree is the same.
    assert examine_receipt(kept, trusts=[parse_trust(data.trust.read_bytes())]).report.outcome is Outcome.VERIFIED
    assert log is not None


def test_acts_are_found_by_whom_they_concern_through_an_index(data: Any, five: Any) -> None:
    from django.db import connection
    from django.db.models import Q

    from zonary.foundation.ledger.receipts import acts_where

    found = acts_where(Q(about=str(five.enterprise.public_id)), before=None, limit=10)
    assert [act.kind for act in found] == [
        "organizations.invitation.accepted",
        "organizations.member.invited",
        "organizations.organization.founded",
    ]
    assert [
        act.kind for act in acts_where(Q(about=str(five.enterprise.public_id)), before=found[0].number, limit=1)
    ] == ["organizations.member.invited"]
    if connection.vendor == "sqlite":
        from zonary.foundation.ledger.guard import unrecorded
        from zonary.foundation.ledger.models import Entry
        from zonary.foundation.ledger.receipts import _IS_ACT

        with unrecorded("EXPLAIN could carry out what it explains"):
            plan = Entry.objects.filter(Q(actor="x")).filter(_IS_ACT).order_by("-pk").explain()
        assert "ledger_acts_by_actor" in plan


def test_acts_of_a_rare_kind_are_found_through_an_index(data: Any, record_leaves: Any) -> None:
    """As the audit administrator asks for them; however much else was recorded since."""
    from django.db import connection
    from django.db.models import Q

    from zonary.common.clock import now
    from zonary.foundation.accounts.actions import register_person
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.ledger.erasure import BodyErased
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.ledger.receipts import _IS_ACT, acts_where
    from zonary.foundation.ledger.recording import action, record

    at = now.last_trusted()
    register_person(email="x@zone.example", name="x", by=SYSTEM, at=at)

    @action
    def record_many() -> None:
        for number in range(2000):
            record(BodyErased(reason="x"), by=SYSTEM, about=str(number), at=at)

    record_many()
    with unrecorded("statistics, and EXPLAIN could carry out what it explains"):
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        wanted = Entry.objects.filter(Q(kind="accounts.person.registered")).filter(_IS_ACT).order_by("-pk")[:50]
        plan = wanted.explain()
    assert "ledger_acts_of_kind" in plan
    assert [act.kind for act in acts_where(Q(kind="accounts.person.registered"), before=None, limit=50)] == [
        "accounts.person.registered"
    ]


def test_what_is_no_act_is_said_to_be_none() -> None:
    with pytest.raises(MalformedError):
        decode_act(b"[]")
    with pytest.raises(UnsupportedError):
        decode_act(b'{"version":"zonary-act/2"}')
    with pytest.raises(MalformedError):
        decode_act(b'{"class":"act","version":"zonary-act/1"}')
