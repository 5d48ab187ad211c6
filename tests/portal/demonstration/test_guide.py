"""Three steps to try a demonstration: done when the record says so, put aside when somebody says so."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="the portal needs the [web] extra")

from tests.five_accounts import browser
from tests.foundation.facts.stating import claim

pytestmark = pytest.mark.parametrize("data", ["sqlite"], indirect=True)


def test_what_the_story_did_does_not_count_and_what_a_visitor_does_counts(told: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.facts.actions import declare_fact
    from zonary.portal.home.guide import guide_of

    owner = told.stage.acting("owner", "maker", now())
    before = guide_of(owner, {})
    assert before is not None
    assert (len(before.steps), before.done) == (3, 0)
    declare_fact(claim(indicator="rd-expense"), by=owner, at=now())
    after = guide_of(owner, {})
    assert after is not None
    assert [step.is_done for step in after.steps] == [False, True, False]


def test_it_is_put_aside_and_taken_up_again_without_a_script(told: Any) -> None:
    client = browser(told.stage.acting("officer", "zone", told.stage.days.made_at))
    assert "三步上手" in client.get("/").content.decode()
    hidden = client.post("/guide/dismiss", follow=True).content.decode()
    assert "已完成 0/3" not in hidden
    assert "显示三步上手" in hidden
    assert "已完成 0/3" in client.post("/guide/dismiss", {"again": "1"}, follow=True).content.decode()


def test_a_real_zone_has_none(five: Any) -> None:
    from zonary.portal.home.guide import guide_of

    assert guide_of(five.owner, {}) is None
