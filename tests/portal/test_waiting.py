"""What waits for somebody is on their home page, and on nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

pytest.importorskip("django", reason="the portal needs the [web] extra")

from zonary.common.language import speaking


def test_a_correction_waits_for_a_colleague_not_for_who_proposed_it(five: Any) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.organizations.actions import propose_correction
    from zonary.portal.waiting import tasks

    founded = Entry.objects.get(kind="organizations.organization.founded", about=str(five.enterprise.public_id))
    changes = {"name": "星河精密机械（虚构）"}
    at = datetime(2026, 11, 21, 1, 2, 3, tzinfo=UTC)
    propose_correction(str(founded.public_id), changes=changes, reason="照执照更正", by=five.owner, at=at)
    with speaking("en"):
        said = {
            name: [(task.name, task.count) for task in tasks(getattr(five, name))]
            for name in ("owner", "colleague", "rival", "officer", "outsider")
        }
    waits = [("Corrections to decide", 1)]
    assert said == {"owner": [], "colleague": waits, "rival": [], "officer": waits, "outsider": []}


def test_a_claim_waits_for_officers_but_not_for_whoever_made_it(five: Any) -> None:
    from tests.filled_zone import add_member
    from tests.foundation.organizations.listed import LATER, claim, list_enterprises

    from zonary.portal.waiting import tasks

    first, second = list_enterprises(five, 2)
    claim(first, five.outsider)
    claim(second, five.officer)
    another = add_member(five.officer, "another", LATER)
    with speaking("en"):
        counts = [
            [task.count for task in tasks(who) if task.name == "Claims to decide"]
            for who in (five.officer, another, five.owner, five.outsider)
        ]
    assert counts == [[1], [2], [], []]
