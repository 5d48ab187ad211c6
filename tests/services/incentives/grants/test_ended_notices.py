"""A public notice that ended stays known: its days and its digest, and nobody's name."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.services.incentives.grants import paying

pytestmark = [pytest.mark.parametrize("data", ["sqlite"], indirect=True), pytest.mark.usefixtures("demo")]
LIST = "/incentives/grants/notices"


def page(address: str = LIST) -> str:
    answer = browser(None).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_outsider_finds_an_ended_notice_with_its_digest_and_without_names(five: Any) -> None:
    batch = paying.paid(five)
    told = page()
    assert "已结束的公示" in told
    assert batch.notice_digest in told
    assert batch.number in told
    one = page(f"{LIST}/{batch.public_id}")
    assert batch.notice_digest in one
    for each in (told, one):
        assert five.enterprise.name not in each
        assert five.competitor.name not in each


def test_one_that_runs_is_not_among_those_that_ended_and_a_list_never_published_is_nowhere(five: Any) -> None:
    from zonary.common.clock import now
    from zonary.services.incentives.grants.actions import open_notice

    batch = paying.batch_of(five, at=now())
    assert batch.number not in page()
    open_notice(str(batch.public_id), by=five.officer, at=now())
    told = page()
    assert batch.number in told
    assert "已结束的公示" not in told


def test_programs_read_ended_notices_apart_from_those_that_run(five: Any) -> None:
    from zonary.common.clock import now
    from zonary.services.incentives.grants.actions import open_notice

    call = Caller(five.rival)
    paid = paying.paid(five)
    runs = open_notice(str(paying.batch_of(five, at=now()).public_id), by=five.officer, at=now())
    (running,) = call("GET", "/incentives/grants/notices").json()["items"]
    assert running["batch"] == runs.number
    listed = call("GET", "/incentives/grants/notices?state=ended")
    (ended,) = listed.json()["items"]
    assert (ended["id"], ended["batch"], ended["digest"]) == (str(paid.public_id), paid.number, paid.notice_digest)
    assert ended["until"] == paid.notice_until.isoformat()
    assert five.enterprise.name not in listed.content.decode()
    wrong = call("GET", "/incentives/grants/notices?state=all")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid-query")


def test_the_notice_says_why_an_objection_needs_an_account(five: Any) -> None:
    from zonary.common.clock import now
    from zonary.services.incentives.grants.actions import open_notice

    batch = open_notice(str(paying.batch_of(five, at=now()).public_id), by=five.officer, at=now())
    one = page(f"{LIST}/{batch.public_id}")
    assert "查看公示无需登录。提出异议须登录" in one
    assert "?next=/incentives/grants/notices/" in one
