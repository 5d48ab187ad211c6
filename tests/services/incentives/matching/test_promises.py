"""Promises: in the words that were shown, looked at in time, and what follows when one is broken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.services.incentives.matching import zone
from tests.services.incentives.matching.zone import THEN, measure, release, spends

LATE = THEN + timedelta(days=30)


@pytest.fixture
def support(five: Any) -> Any:
    release(five, with_promise=True)
    return measure()


def promise(five: Any, support: Any, clause: str = "reserve", *, by: Any = None, at: Any = THEN) -> Any:
    return zone.promise(five, str(support.public_id), clause=clause, by=by, at=at)


def check(made: Any, outcome: str, *, by: Any, at: Any = LATE) -> Any:
    from zonary.services.incentives.matching.actions import check_promise

    return check_promise(str(made.public_id), outcome=outcome, finding="looked at the books", by=by, at=at)


def test_a_promise_stands_in_for_what_is_not_known(five: Any, support: Any) -> None:
    from zonary.foundation.deadlines.queries import deadline_of
    from zonary.services.incentives.matching.queries import latest_decision, matched_enterprises

    spends(five, "1000000")
    made = promise(five, support)
    assert "星河精工（虚构）就“研发支持”承诺：已研发准备金制度（示范〔2026〕1号 第四条）" in made.words
    kept = latest_decision(str(five.enterprise.public_id), str(support.public_id))
    assert kept is not None
    assert (kept.truth, kept.occasion, kept.amount) == ("yes", "promised", 10_000_000)
    deadline = deadline_of(str(made.public_id))
    assert deadline is not None
    assert made.due == deadline.due
    found = matched_enterprises(str(support.public_id), day=THEN.date(), known_at=THEN, at=THEN)
    assert (found.yes, found.unknown) == ((str(five.enterprise.public_id),), (str(five.competitor.public_id),))


def test_nobody_signs_other_words_than_were_shown(five: Any, support: Any) -> None:
    from zonary.services.incentives.matching.actions import give_promise
    from zonary.services.incentives.matching.models import Promise
    from zonary.services.incentives.matching.queries import MatchingError

    with pytest.raises(MatchingError, match="Read them again"):
        give_promise(str(support.public_id), "reserve", words_sha256="0" * 64, by=five.owner, at=THEN)
    assert not Promise.objects.exists()


def test_what_may_not_be_promised_is_refused(five: Any, support: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.incentives.matching.queries import MatchingError

    with pytest.raises(MatchingError, match="cannot be promised"):
        promise(five, support, "rd")  # unknown, and to be asked for
    promise(five, support)
    with pytest.raises(MatchingError, match="promised already"):
        promise(five, support)
    for who in (five.officer, five.outsider):
        with pytest.raises(NotAllowedError):
            promise(five, support, by=who)


def test_a_broken_promise_is_decided_without_and_shuts_out_further_ones(five: Any, support: Any) -> None:
    from zonary.foundation.deadlines.queries import deadline_of
    from zonary.services.incentives.matching.queries import (
        MatchingError,
        broken_promises,
        latest_decision,
        replay_decision,
    )

    spends(five, "1000000")
    made = promise(five, support)
    before = latest_decision(str(five.enterprise.public_id), str(support.public_id))
    found = check(made, "broken", by=five.officer)
    assert (found.state, found.finding) == ("broken", "looked at the books")
    after = latest_decision(str(five.enterprise.public_id), str(support.public_id))
    assert before is not None
    assert after is not None
    assert (before.truth, after.truth, after.occasion) == ("yes", "unknown", "promise-broken")
    assert replay_decision(str(before.public_id)).promised == ("reserve",)
    assert list(broken_promises(measure=str(support.public_id))) == [found]
    deadline = deadline_of(str(made.public_id))
    assert deadline is not None
    assert deadline.met_at == LATE
    with pytest.raises(MatchingError, match="not kept before"):
        promise(five, support, at=LATE)


def test_a_promise_is_looked_at_once_and_by_officers(five: Any, support: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.incentives.matching.queries import MatchingError, promises_to_check

    made = promise(five, support)
    assert list(promises_to_check(five.officer)) == [made]
    assert list(promises_to_check(five.owner)) == []
    for who in (five.owner, five.rival, five.outsider):
        with pytest.raises(NotAllowedError):
            check(made, "kept", by=who)
    check(made, "kept", by=five.officer)
    with pytest.raises(MatchingError, match="already"):
        check(made, "broken", by=five.officer)


def test_the_enterprise_is_told_what_was_found(five: Any, support: Any) -> None:
    from zonary.foundation.notifications.inbox.models import Message

    made = promise(five, support)
    check(made, "broken", by=five.officer)
    told = Message.objects.filter(kind="matching.promise.checked", organisation=str(five.enterprise.public_id))
    assert sorted(str(each.person.public_id) for each in told) == sorted([five.owner.person, five.colleague.person])
    assert {each.place for each in told} == {1}


def test_when_a_promise_is_looked_at_and_by_which_rule_is_the_zones_to_say(five: Any, support: Any) -> None:
    from django.test import override_settings

    from zonary.config.promises import PromiseSettingsError, promise_check
    from zonary.foundation.deadlines.queries import deadlines_of

    assert promise_check({}).workdays == 60
    for wrong in ({"ZONARY_PROMISE_WORKDAYS": each} for each in ("0", "251", "-1", "sixty", "1.5")):
        with pytest.raises(PromiseSettingsError, match="ZONARY_PROMISE_WORKDAYS"):
            promise_check(wrong)
    with pytest.raises(PromiseSettingsError, match="ZONARY_PROMISE_BASIS"):
        promise_check({"ZONARY_PROMISE_BASIS": "长" * 121})
    own = promise_check({"ZONARY_PROMISE_WORKDAYS": "5", "ZONARY_PROMISE_BASIS": "示园办〔2026〕3号"})
    with override_settings(ZONARY_PROMISE_CHECK=own):
        promise = zone.promise(five, str(support.public_id), at=zone.THEN)
    deadline = deadlines_of([str(promise.public_id)])[str(promise.public_id)]
    assert (deadline.basis, deadline.due) == ("示园办〔2026〕3号", promise.due)
    assert (promise.due - zone.THEN.date()).days < 14
