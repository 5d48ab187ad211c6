"""Whose a record is: the organisation's it was registered for, else the person's."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.five_accounts import AT

from zonary.services.evidence.rules import MARKS, Kind, Registrations

LATER = AT + timedelta(hours=1)
DIGEST = hashlib.sha256(b"content").digest()
NAMES = ("owner", "colleague", "rival", "officer", "outsider")


def wanted(key: str | None = None) -> Registrations:
    return Registrations(marks=MARKS[Kind.DIGEST], pairs=DIGEST + DIGEST, key=key)


def register(by: Any, key: str | None = None) -> str:
    from zonary.services.evidence.actions import register_evidence

    return register_evidence(wanted(key), by=by, at=LATER).public_ids[0]


def seen(five: Any, public_id: str) -> list[str]:
    """Who of the five sees the record, by its id and by its digest alike."""
    from zonary.services.evidence.queries import find_by_digest, find_receipt

    by_id = [name for name in NAMES if find_receipt(getattr(five, name), public_id) is not None]
    by_digest = [
        name
        for name in NAMES
        if public_id in [each.public_id for each in find_by_digest(getattr(five, name), "sha256", DIGEST)]
    ]
    assert by_id == by_digest
    return by_id


@pytest.mark.parametrize("indexed", [False, True])
def test_colleagues_see_each_others_and_nobody_else_does(five: Any, make_log: Any, indexed: bool) -> None:
    from zonary.foundation.organizations.standing import Standing
    from zonary.services.evidence import digest_index

    made = {name: register(getattr(five, name)) for name in NAMES}
    operators = register(Standing(person="operator"))
    if indexed:
        place_all(make_log)
        while digest_index.advance(digest_index.Sizes(run=1)):
            pass
    assert seen(five, made["owner"]) == seen(five, made["colleague"]) == ["owner", "colleague"]
    assert seen(five, made["rival"]) == ["rival"]
    assert seen(five, made["officer"]) == ["officer"]
    assert seen(five, made["outsider"]) == ["outsider"]
    assert seen(five, operators) == []


def place_all(make_log: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.ledger.sequencer import start_up
    from zonary.foundation.ledger.sequencing import tick

    log = make_log()
    start_up(log, now.last_trusted)
    tick(log, at=now.last_trusted())


def test_a_member_who_left_sees_only_what_was_theirs_alone(five: Any) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.actions import end_membership
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.foundation.organizations.queries import standing_of
    from zonary.services.evidence.queries import find_receipt

    made = register(five.colleague)
    end_membership(five.colleague.membership, reason="left", by=five.owner, at=LATER)
    now_alone = standing_of(Person.objects.get(public_id=five.colleague.person), five.colleague.holder, at=LATER)
    assert now_alone.organisation == ""
    assert find_receipt(now_alone, made) is None
    assert find_receipt(five.owner, made) is not None
    with pytest.raises(NotAllowedError):
        register(five.colleague)


def test_whoever_may_only_look_registers_nothing(five: Any) -> None:
    from dataclasses import replace

    from zonary.foundation.organizations.permissions import NotAllowedError

    with pytest.raises(NotAllowedError, match="look"):
        register(replace(five.colleague, role="reader"))


def test_one_key_means_one_thing_for_one_holder(five: Any) -> None:
    from zonary.foundation.organizations.standing import Standing
    from zonary.services.evidence.queries import find_receipt

    alone = Standing(person=five.owner.person)
    for_firm, for_herself = register(five.owner, "k"), register(alone, "k")
    assert for_firm != for_herself
    assert register(five.owner, "k") == for_firm
    assert find_receipt(alone, for_herself) is not None
    assert find_receipt(five.rival, for_firm) is None
    assert register(five.colleague, "k") not in (for_firm, for_herself)
