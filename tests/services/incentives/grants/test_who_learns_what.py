"""Whom a step of a batch tells, and what it does not tell them."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="grants need the [web] extra")

from tests.services.incentives.grants import paying
from tests.services.incentives.grants.paying import AFTER_NOTICE, START

pytestmark = pytest.mark.parametrize("data", ["sqlite"], indirect=True)


def _objected(five: Any, *, is_upheld: bool) -> Any:
    """A batch in notice whose grant for the rival the owner objected to, and that was answered."""
    from zonary.services.incentives.grants.actions import decide_objection, object_to_grant, open_notice

    batch = open_notice(str(paying.batch_of(five).public_id), by=five.officer, at=START)
    grant = str(paying.grant_of(batch, five.rival).public_id)
    raised = object_to_grant(grant, reason="并未投入研发", by=five.owner, at=START)
    second = paying.second(five)
    decide_objection(str(raised.public_id), is_upheld=is_upheld, answer="经查", by=second, at=START)
    return batch


def _seen_by(reader: Any) -> dict[str, str]:
    """Kind of an act that concerns the reader -> all the ledger says in it."""
    from zonary.foundation.ledger.queries import item_of
    from zonary.foundation.organizations.queries import acts_seen_by

    acts = acts_seen_by(reader, before=None, limit=100)
    return {act.kind: str(item_of(str(act.public_id)).body) for act in acts}


def _told(who: Any) -> list[str]:
    from zonary.foundation.notifications.inbox.models import Message

    return list(Message.objects.filter(person__public_id=who.person).values_list("kind", flat=True))


def test_who_is_objected_to_does_not_learn_who_objected(five: Any) -> None:
    _objected(five, is_upheld=False)
    rival, owner = _seen_by(five.rival), _seen_by(five.owner)
    assert "grants.objection.decided" in rival
    assert all(five.owner.person not in body for body in rival.values())
    assert five.owner.person in owner["grants.objection.answered"]


def test_an_upheld_objection_is_told_to_the_enterprise_and_a_rejected_one_is_not(five: Any) -> None:
    _objected(five, is_upheld=True)
    assert "grants.objection.decided" in _told(five.rival)
    assert "grants.objection.decided" not in _told(five.owner)


def test_who_was_asked_is_told_that_the_list_was_given_up_and_finds_why(five: Any) -> None:
    from zonary.services.incentives.grants.actions import cancel_batch
    from zonary.services.incentives.grants.queries import own_grants

    batch = paying.asked(five)
    cancel_batch(str(batch.public_id), reason="预算取消", by=five.officer, at=AFTER_NOTICE)
    assert "grants.grant.cancelled" in _told(five.rival)
    assert own_grants(five.rival).get().batch.reason == "预算取消"


def test_a_list_given_up_before_anybody_was_asked_is_nobodys_business(five: Any) -> None:
    from zonary.services.incentives.grants.actions import cancel_batch
    from zonary.services.incentives.grants.queries import own_grants

    batch = paying.batch_of(five)
    cancel_batch(str(batch.public_id), reason="预算取消", by=five.officer, at=START)
    assert "grants.grant.cancelled" not in _told(five.rival)
    assert not own_grants(five.rival).exists()
