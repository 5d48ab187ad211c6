"""A demonstration is told whole by the people in it, and never told where somebody is at work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("django", reason="the portal needs the [web] extra")

OPENED = ("accounts.token.issued", "ledger.verify_page.offered")
"""What opening a zone records, before there is a story."""


def test_the_story_is_there(told: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.deadlines.queries import deadline_of
    from zonary.foundation.documents.queries import documents
    from zonary.foundation.facts.queries import disputes_waiting, shares_received
    from zonary.foundation.organizations.models import Organization, RegistryImport, Zone
    from zonary.services.evidence.queries import described

    at = now()
    zone = Zone.objects.get()
    assert (zone.name, zone.authority.name) == ("青屿示范片区", "青屿示范片区管委会")
    assert zone.authority.departments.count() == 5
    assert Organization.objects.filter(kind="enterprise").count() == 82
    assert RegistryImport.objects.get().refused == 0
    officer = told.stage.acting("officer", "zone", at)
    late, near = disputes_waiting(officer)
    assert deadline_of(str(late.public_id)).due < told.stage.days.today <= deadline_of(str(near.public_id)).due
    assert [str(late.public_id), str(near.public_id)] == [
        told.stage.things["late-dispute"],
        told.stage.things["near-dispute"],
    ]
    assert len(described(told.stage.acting("owner", "maker", at)).items) == 6
    assert len(described(told.stage.acting("rival", "rival", at)).items) == 0
    assert documents(told.stage.acting("expert", "pool", at), at=at).count() == 3
    assert shares_received(told.stage.acting("loan-officer", "bank", at), at=at).count() == 1


def test_every_act_is_dated_in_order_and_none_in_the_future(told: Any) -> None:
    from zonary.foundation.ledger.models import Entry

    story = Entry.objects.exclude(kind__in=OPENED).order_by("place__place")
    times = list(story.values_list("recorded_at", flat=True))
    assert len(times) > 100
    assert times == sorted(times)
    assert max(times) <= told.stage.days.made_at
    worked = [each for each in times if each < told.stage.days.made_at.replace(hour=0, minute=0, second=0)]
    assert all(
        told.stage.days.calendar.is_workday(each.astimezone(told.stage.days.made_at.tzinfo).date()) for each in worked
    )


def test_its_log_verifies(told: Any, check_published: Callable[..., Any]) -> None:
    from zonary.foundation.ledger.models import Entry

    report, _leaves = check_published(told.log)
    assert report.size == sum(Entry.objects.values_list("count", flat=True))


def test_it_says_in_the_log_what_it_is(told: Any) -> None:
    from zonary.portal.demonstration.cast import ROLES
    from zonary.portal.demonstration.queries import made_demonstration, person_of

    made = made_demonstration()
    assert made is not None
    assert made.organisations == told.stage.organisations
    assert [person_of(made, role).pk for role in ROLES] == [told.stage.people[role.key].pk for role in ROLES]


def test_it_is_never_told_where_somebody_is_at_work(five: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.portal.demonstration.actions import NoDemonstrationError, make_demonstration
    from zonary.portal.demonstration.queries import made_demonstration

    before = Person.objects.count()
    with pytest.raises(NoDemonstrationError):
        make_demonstration(by=SYSTEM, at=now())
    assert Person.objects.count() == before
    assert made_demonstration() is None


def test_nobody_in_it_can_sign_in_by_a_password(told: Any) -> None:
    assert not any(person.has_usable_password() for person in told.stage.people.values())


@pytest.mark.parametrize(
    "moment",
    [
        "2026-10-09T01:00:00",  # after a week's holiday: many days of the story fall on the workday before it
        "2026-11-22T16:00:20",  # just after midnight of a Monday in the zone
        "2027-02-15T03:00:00",
    ],
)
def test_it_can_be_told_on_any_day_and_is_in_order(data: Any, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    from datetime import UTC, datetime

    from django.conf import settings

    from zonary.config.zone import open_zone
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.ledger.models import Entry
    from zonary.portal.demonstration.actions import make_demonstration

    monkeypatch.setattr(settings, "ZONARY_DEMO", True)
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    open_zone(data, url=settings.ZONARY_URL, origin=None, open_log=False, at=at)
    make_demonstration(by=SYSTEM, at=at)
    times = list(Entry.objects.exclude(kind__in=OPENED).order_by("pk").values_list("recorded_at", flat=True))
    assert times == sorted(times)
    assert times[-1] == at
