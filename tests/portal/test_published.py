"""What a passer-by may know of the zone, and nothing else."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the portal needs the [web] extra")

from tests.five_accounts import OWN_USCC, browser
from tests.foundation import zone_at_work


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_passer_by_sees_the_log_and_no_company(five: Any, data: Any, demo: None, language: str) -> None:
    from django.conf import settings

    from zonary.common.clock import now
    from zonary.foundation.ledger.proofs import published_checkpoint
    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.sequencing import tick

    log = zone_at_work.start(data)
    tick(log, at=now.last_trusted())
    publish(log)
    trust = settings.ZONARY_DATA.trust.read_bytes()
    page = browser(None).get(f"/published?lang={language}")
    text = page.content.decode()
    assert page.status_code == 200
    published = published_checkpoint()
    assert published is not None
    assert published.size > 5
    assert f'<dd class="big">{published.size}</dd>' in text
    assert hashlib.sha256(trust).hexdigest() in text
    assert hashlib.new("sm3", trust).hexdigest() in text
    assert {"zh": "运营单位", "en": "Operator"}[language] in text
    assert "示例片区管委会" in text
    for secret in (OWN_USCC, five.enterprise.name, five.owner.person, str(five.enterprise.public_id)):
        assert secret not in text


def test_growth_counts_every_entry_on_its_day(five: Any, data: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.ledger.queries import log_status
    from zonary.foundation.ledger.sequencing import tick
    from zonary.foundation.organizations.actions import invite_member
    from zonary.portal.publication import _growth

    log = zone_at_work.start(data)
    tick(log, at=now.last_trusted())
    before = log_status("main")
    assert before is not None
    at = now.last_trusted()
    for number, days in enumerate((0, 1, 2, 2)):  # each at a millisecond of its own: those of one have no order
        moment = at + timedelta(days=days, milliseconds=number)
        invite_member(role="reader", email="", until=None, by=five.owner, at=moment)
        tick(log, at=now.last_trusted())
    status = log_status("main")
    assert status is not None
    assert status.size == before.size + 4
    last = at + timedelta(days=2, milliseconds=4)
    assert [each.entries for each in _growth(1, status.size, last)][:2] == [2, 1]
    assert sum(each.entries for each in _growth(1, status.size, last)) <= status.size
    assert [each.entries for each in _growth(2, 0, last)] == [0] * 14
