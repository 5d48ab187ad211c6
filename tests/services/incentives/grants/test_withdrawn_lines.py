"""A line whose objection was upheld is no longer named anywhere public, and what was published stays provable."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

pytest.importorskip("django", reason="grants need the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation import zone_at_work
from tests.services.incentives.grants import paying
from tests.services.incentives.grants.paying import START

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.parametrize("data", ["sqlite"], indirect=True)]
RIVAL, OWNER = "远航重工（虚构）", "星河精工（虚构）"


@pytest.fixture(autouse=True)
def _during_the_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("api", "views.public"):
        monkeypatch.setattr(f"zonary.services.incentives.grants.{name}.now", lambda: START)


def _noticed(five: Any) -> Any:
    from zonary.services.incentives.grants.actions import open_notice

    return open_notice(str(paying.batch_of(five).public_id), by=five.officer, at=START)


def _uphold(five: Any, batch: Any) -> None:
    from zonary.services.incentives.grants.actions import decide_objection, object_to_grant

    grant = str(paying.grant_of(batch, five.rival).public_id)
    raised = object_to_grant(grant, reason="并未投入研发", by=five.owner, at=START)
    decide_objection(str(raised.public_id), is_upheld=True, answer="经查", by=paying.second(five), at=START)


def _file(batch: Any) -> dict[str, Any]:
    answer = browser(None).get(f"/incentives/grants/notices/{batch.public_id}/content.json")
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.content)
    return found


def _digest(notice: dict[str, Any]) -> str:
    """As specs/payment-file.md says, without the program's own code."""
    lines = [each if isinstance(each, str) else _sha256(each) for each in notice["grants"]]
    return _sha256(notice | {"grants": lines})


def _sha256(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_withdrawn_line_is_named_nowhere_public_and_still_counted(five: Any) -> None:
    batch = _noticed(five)
    before = _file(batch)
    assert {each[1] for each in before["grants"]} == {RIVAL, OWNER}
    _uphold(five, batch)
    (listed,) = Caller(five.owner)("GET", "/incentives/grants/notices").json()["items"]
    page = browser(None).get(f"/incentives/grants/notices/{batch.public_id}?lang=en").content.decode()
    for told in (json.dumps(_file(batch), ensure_ascii=False), json.dumps(listed, ensure_ascii=False), page):
        assert OWNER in told
        assert RIVAL not in told
        assert str(paying.grant_of(batch, five.rival).public_id) not in told
    assert listed == _file(batch)
    assert len(listed["grants"]) == 2
    assert "2 were published; 1 of them are withdrawn" in page


def test_the_digest_in_the_ledger_is_that_of_the_file_before_and_after(five: Any) -> None:
    batch = _noticed(five)
    before = _file(batch)
    (act,) = zone_at_work.acts("grants.notice.opened")
    assert _digest(before) == act["content_digest"]
    _uphold(five, batch)
    after = _file(batch)
    assert _digest(after) == act["content_digest"]
    (gone,) = [each for each in after["grants"] if isinstance(each, str)]
    assert _sha256(next(each for each in before["grants"] if each[1] == RIVAL)) == gone
    after["grants"].remove(gone)
    assert _digest(after) != act["content_digest"]


def test_a_line_is_salted_so_that_who_knows_name_and_amount_cannot_find_it(five: Any) -> None:
    first = _noticed(five)
    salts = [each[3] for each in _file(first)["grants"]]
    assert len(set(salts)) == 2
    assert all(len(bytes.fromhex(each)) == 16 for each in salts)


def test_notices_come_in_pages(five: Any) -> None:
    from zonary.services.incentives.grants.actions import open_notice, start_batch

    first = _noticed(five)
    second = start_batch(str(first.measure.public_id), by=five.officer, at=START)
    open_notice(str(second.public_id), by=five.officer, at=START)
    call = Caller(five.owner)
    newest = call("GET", "/incentives/grants/notices?limit=1").json()
    assert [each["batch"] for each in newest["items"]] == [second.number]
    rest = call("GET", newest["next"].removeprefix("/api/v1")).json()
    assert ([each["batch"] for each in rest["items"]], rest["next"]) == ([first.number], None)
    assert call("GET", "/incentives/grants/notices?cursor=nonsense").status_code == 422


def test_who_takes_a_batch_out_is_seen_by_each_enterprise_with_every_fact(five: Any) -> None:
    from zonary.engines.clauses.stored import read_snapshot
    from zonary.foundation.facts.models import Reading
    from zonary.foundation.rules.snapshots import facts_used
    from zonary.services.incentives.grants.actions import export_batch

    batch = paying.batch_of(five)
    export_batch(str(batch.public_id), by=paying.second(five), at=START)
    for who in (five.owner, five.rival):
        grant = paying.grant_of(batch, who)
        reading = Reading.objects.get(subject=grant.subject, reader=paying.second(five).actor_id)
        facts = {str(each) for each in reading.facts.values_list("public_id", flat=True)}
        assert facts == set(facts_used(read_snapshot(grant.decision.snapshot.encode())))
        assert facts
        assert reading.occasion == batch.measure.title
    assert zone_at_work.acts("grants.batch.exported")
