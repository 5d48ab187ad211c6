"""Promises: in the words that were shown, looked at in time, and what follows when one is broken."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation import zone_at_work
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


def lift(made: Any, *, by: Any, basis: str = "示信修〔2026〕8号", on: Any = None, at: Any = LATE) -> Any:
    from zonary.common.clock import zone_date
    from zonary.services.incentives.matching.actions import lift_promise

    return lift_promise(str(made.public_id), basis=basis, repaired_on=on or zone_date(LATE), by=by, at=at)


def test_after_a_credit_repair_another_officer_lets_promises_be_taken_again(five: Any, support: Any) -> None:
    from zonary.foundation.notifications.inbox.models import Message
    from zonary.services.incentives.matching.queries import MatchingError, broken_promises, promises_barring

    other = zone.second_of(five)
    made = promise(five, support)
    check(made, "broken", by=five.officer)
    assert list(promises_barring(other)) == [made]
    assert list(promises_barring(five.owner)) == []
    lifted = lift(made, by=other)
    (act,) = zone_at_work.acts("matching.promise.lifted")
    assert (act["basis"], act["repaired_on"], act["found_by"]) == (
        "示信修〔2026〕8号", lifted.repaired_on.isoformat(), five.officer.actor_id,
    )  # fmt: skip
    # That it was broken stays, for whoever claims back.
    assert (lifted.state, list(broken_promises()), list(promises_barring(other))) == ("broken", [lifted], [])
    told = Message.objects.filter(kind="matching.promise.lifted", organisation=str(five.enterprise.public_id))
    assert sorted(str(each.person.public_id) for each in told) == sorted([five.owner.person, five.colleague.person])
    again = promise(five, support, at=LATE)
    assert again.state == "open"
    with pytest.raises(MatchingError, match="lifted already"):
        lift(made, by=other)
    # A second breach shuts out again.
    check(again, "broken", by=other)
    with pytest.raises(MatchingError, match="credit is repaired"):
        promise(five, support, at=LATE)


def test_who_found_a_promise_broken_does_not_lift_it_nor_does_who_is_no_officer(five: Any, support: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError

    made = promise(five, support)
    check(made, "broken", by=five.officer)
    for who in (five.officer, five.owner, five.rival, five.outsider):
        with pytest.raises(NotAllowedError):
            lift(made, by=who)
    assert zone_at_work.acts("matching.promise.lifted") == []


def test_what_cannot_have_been_repaired_is_refused(five: Any, support: Any) -> None:
    from zonary.common.clock import zone_date
    from zonary.services.incentives.matching.queries import MatchingError, UnknownAnswerError
    from zonary.services.incentives.matching.rules import WrongAnswerError

    other = zone.second_of(five)
    made = promise(five, support)
    with pytest.raises(MatchingError, match="found broken"):
        lift(made, by=other)
    check(made, "broken", by=five.officer)
    for wrong in ({"on": zone_date(LATE) - timedelta(days=1)}, {"on": zone_date(LATE) + timedelta(days=1)},
                  {"basis": " "}, {"basis": "长" * 121}):  # fmt: skip
        with pytest.raises(WrongAnswerError):
            lift(made, by=other, **wrong)
    with pytest.raises(UnknownAnswerError):
        lift(five.enterprise, by=other)


@pytest.mark.usefixtures("demo")
def test_pages_and_programs_lift_it_and_the_enterprise_reads_by_what(five: Any, support: Any) -> None:
    from zonary.common.clock import now, zone_date

    other = zone.second_of(five)
    spends(five, "1000000")
    made = promise(five, support)
    check(made, "broken", by=five.officer, at=now())
    where = f"/incentives/promises/{made.public_id}/lift"
    assert where not in page(five.officer, "/incentives/promises")
    assert where in page(other, "/incentives/promises")
    assert "Support for research" in page(other, "/incentives/promises", language="en")
    assert "Support for research" in page(other, where, language="en")
    assert "<p>核查结论：looked at the books</p>" in page(other, where)  # a paragraph of its own, below the promise
    own = f"/incentives/mine/{support.public_id}"
    assert "完成信用修复后，请向片区出示决定" in page(five.owner, own)
    sent = {"basis": "示信修〔2026〕8号", "repaired_on": zone_date(now()).isoformat()}
    assert browser(five.owner).get(where).status_code == 404
    assert browser(other).post(where, sent | {"basis": ""}).status_code == 422
    assert browser(other).post(where, sent).status_code == 302
    assert browser(other).get(where).status_code == 404
    assert "示信修〔2026〕8号" in page(five.owner, own)
    late = Caller(other)("POST", f"/incentives/promises/{made.public_id}/lifting", sent, Accept_Language="en")
    assert (late.status_code, "lifted already" in late.json()["detail"]) == (409, True)
    (listed,) = Caller(five.owner)("GET", "/incentives/promises").json()["items"]
    assert (listed["state"], listed["repair_basis"]) == ("broken", "示信修〔2026〕8号")


def page(who: Any, path: str, *, language: str = "zh") -> str:
    answer = browser(who).get(f"{path}?lang={language}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())
