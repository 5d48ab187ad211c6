"""A benefit finds the enterprise: once, with a reason, in the inbox of who looks after it, and not against its word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.services.incentives.matching.zone import THEN, measure, release, say, spends

LATER_ON = THEN + timedelta(hours=1)


@pytest.fixture
def support(five: Any) -> Any:
    release(five)
    return measure()


def run(finder: Any, at: Any = THEN) -> int:
    """Rounds until nothing is left, as upkeep does."""
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.services.incentives.matching.actions import tell_of_benefits

    rounds = 0
    while finder.work(lambda found: tell_of_benefits(found, by=SYSTEM, at=at), at=at):
        rounds += 1
        assert rounds < 100
    return rounds


def told() -> list[tuple[str, str]]:
    from zonary.foundation.notifications.inbox.models import Message

    found = Message.objects.filter(kind="matching.measure.found")
    return sorted((each.person.email, each.target) for each in found.select_related("person"))


def finder() -> Any:
    from zonary.services.incentives.matching.tasks import Finder

    return Finder()


def test_who_looks_after_the_enterprise_is_told_once(five: Any, support: Any) -> None:
    from zonary.services.incentives.matching.models import Push
    from zonary.services.incentives.matching.queries import replay_decision

    spends(five, "1000000")
    spends(five, "10", of=five.competitor)
    looking = finder()
    assert run(looking) == 1
    name = str(support.public_id)
    assert told() == [("colleague@zone.example", name), ("owner@zone.example", name)]
    (push,) = Push.objects.all()
    assert replay_decision(str(push.decision.public_id)).truth is not None
    assert (push.decision.occasion, push.decision.made_by) == ("pushed", "system")
    say(five, "staff", "21", at=LATER_ON)
    assert run(looking, LATER_ON) == run(finder(), LATER_ON) == 0  # the same server, and one that was started anew
    assert len(told()) == 2


def test_who_has_several_is_told_in_one_message(five: Any, support: Any) -> None:
    from zonary.foundation.notifications.inbox.models import Message
    from zonary.services.incentives.matching.models import Push

    release(five, id="rd-support-2", number="示范〔2026〕2号")
    measure(pack="rd-support-2")
    spends(five, "1000000")
    assert run(finder()) == 1
    assert Push.objects.count() == 2
    owner = Message.objects.get(kind="matching.measure.found", person__email="owner@zone.example")
    assert (owner.count, owner.target) == (2, "")


def test_a_fact_that_turns_it_into_a_yes_is_enough(five: Any, support: Any) -> None:
    looking = finder()
    spends(five, "999999")
    assert run(looking) == 0
    say(five, "rd-expense", "1000000", unit="yuan", at=LATER_ON)
    assert run(looking, LATER_ON) == 1
    assert len(told()) == 2


def test_a_new_release_is_enough(five: Any, support: Any) -> None:
    from tests.foundation.rules.packs import pack

    spends(five, "600000")
    looking = finder()
    assert run(looking) == 0
    rd, size = pack()["clauses"]
    first, second, *rest = pack()["cases"]
    half = [
        {**first, "data": {**first["data"], "rd-expense@2025": "50万元"}, "tables": {"奖励金额": "5万元"}},
        {**second, "data": {**second["data"], "rd-expense@2025": "499999.99元"}},
    ]
    release(five, at=LATER_ON, clauses=[{**rd, "sentence": "上年度研发费用不低于50万元"}, size], cases=[*half, *rest])
    assert run(looking, LATER_ON) == 1
    assert len(told()) == 2


def test_who_said_it_is_not_for_them_is_not_told(five: Any, support: Any) -> None:
    from zonary.services.incentives.matching.actions import say_not_for_us

    say_not_for_us(str(support.public_id), reason="we do other things", by=five.owner, at=THEN)
    spends(five, "1000000")
    assert run(finder()) == 0
    assert told() == []


def test_a_round_is_bounded_and_nobody_is_left_out(five: Any, support: Any, monkeypatch: Any) -> None:
    from zonary.services.incentives.matching import tasks

    spends(five, "1000000")
    spends(five, "1000000", of=five.competitor)
    monkeypatch.setattr(tasks, "AT_ONCE", 1)
    assert run(finder()) == 2
    assert {address for address, _ in told()} == {"owner@zone.example", "colleague@zone.example", "rival@zone.example"}


def test_two_servers_at_once_tell_once(five: Any, support: Any) -> None:
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.services.incentives.matching.actions import tell_of_benefits
    from zonary.services.incentives.matching.queries import MatchingError

    spends(five, "1000000")
    name, own = str(support.public_id), [str(five.enterprise.public_id)]
    tell_of_benefits([(name, own)], by=SYSTEM, at=THEN)
    with pytest.raises(MatchingError, match="told of this before"):
        tell_of_benefits([(name, own)], by=SYSTEM, at=THEN)


def test_nothing_changed_and_hardly_anything_is_asked(five: Any, support: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    spends(five, "1000000")
    looking = finder()
    run(looking)
    with CaptureQueriesContext(connection) as asked:
        assert run(looking) == 0
    assert len(asked) <= 7
