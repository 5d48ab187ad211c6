"""An honest slip is mended in the open (更正): a reason, somebody else's approval, and a link to the corrected act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="organisations need the [web] extra")

from tests.five_accounts import AT
from tests.foundation import zone_at_work

LATER = AT + timedelta(hours=1)


def _founding_act(five: Any) -> str:
    from zonary.foundation.ledger.models import Entry

    about = str(five.enterprise.public_id)
    return str(Entry.objects.get(kind="organizations.organization.founded", about=about).public_id)


def _propose(five: Any, by: Any = None) -> Any:
    from zonary.foundation.organizations.actions import propose_correction

    return propose_correction(
        _founding_act(five),
        changes={"name": "星河精密机械（虚构）"},
        reason="照执照更正",
        by=by or five.owner,
        at=LATER,
    )


@pytest.mark.parametrize("who", ["colleague", "officer"])
def test_a_slip_is_mended_when_somebody_else_agrees(five: Any, who: str) -> None:
    from zonary.foundation.organizations.actions import decide_correction
    from zonary.foundation.organizations.queries import corrections_of

    correction = _propose(five)
    five.enterprise.refresh_from_db()
    assert five.enterprise.name == "星河精工（虚构）"
    approver = getattr(five, who)
    decide_correction(str(correction.public_id), is_approved=True, answer="", by=approver, at=LATER)
    five.enterprise.refresh_from_db()
    assert five.enterprise.name == "星河精密机械（虚构）"
    [decided] = zone_at_work.acts("organizations.correction.decided")
    assert decided["corrected_act"] == _founding_act(five)
    assert (decided["proposed_by"], decided["approver"]) == (five.owner.person, approver.person)
    [mended] = zone_at_work.acts("organizations.organization.corrected")
    assert (mended["before"], mended["after"]) == ({"name": "星河精工（虚构）"}, {"name": "星河精密机械（虚构）"})
    assert mended["reason"] == "照执照更正"
    assert [each.state for each in corrections_of(five.owner, _founding_act(five))] == ["approved"]


def test_nobody_approves_what_they_proposed(five: Any) -> None:
    from zonary.foundation.organizations.actions import decide_correction
    from zonary.foundation.organizations.permissions import NotAllowedError

    correction = _propose(five)
    with pytest.raises(NotAllowedError, match="yourself"):
        decide_correction(str(correction.public_id), is_approved=True, answer="", by=five.owner, at=LATER)
    five.enterprise.refresh_from_db()
    assert five.enterprise.name == "星河精工（虚构）"


@pytest.mark.parametrize("who", ["rival", "outsider"])
def test_strangers_neither_propose_nor_decide_nor_see(five: Any, who: str) -> None:
    from zonary.foundation.organizations.actions import CorrectionError, decide_correction
    from zonary.foundation.organizations.queries import act_seen_by, corrections_of, corrections_waiting

    stranger = getattr(five, who)
    with pytest.raises(CorrectionError):
        _propose(five, by=stranger)
    correction = _propose(five)
    with pytest.raises(CorrectionError):
        decide_correction(str(correction.public_id), is_approved=True, answer="", by=stranger, at=LATER)
    assert act_seen_by(stranger, _founding_act(five)) is None
    assert not corrections_of(stranger, _founding_act(five))
    assert not corrections_waiting(stranger)
    assert [str(each.public_id) for each in corrections_waiting(five.officer)] == [str(correction.public_id)]
    assert not corrections_waiting(five.owner)


def test_a_refused_correction_changes_nothing_and_is_decided_once(five: Any) -> None:
    from zonary.foundation.organizations.actions import CorrectionError, decide_correction

    correction = str(_propose(five).public_id)
    decide_correction(correction, is_approved=False, answer="与执照不符", by=five.officer, at=LATER)
    with pytest.raises(CorrectionError):
        decide_correction(correction, is_approved=True, answer="", by=five.colleague, at=LATER)
    five.enterprise.refresh_from_db()
    assert five.enterprise.name == "星河精工（虚构）"


@pytest.mark.parametrize(
    ("changes", "reason", "said"),
    [
        ({"uscc": "91430100MA4L9ABC2E"}, "x", "no field"),
        ({"name": "星河精工（虚构）"}, "x", "Nothing would change"),
        ({"name": "新名"}, "  ", "Say why"),
        ({"name": "长" * 121}, "x", "at most 120"),
        ({"industry_code": "C34111"}, "x", "at most 5"),
        ({"name": " "}, "x", "not empty"),
        ({"name": "司公\u202e下天"}, "x", "can be read"),
    ],
)
def test_what_cannot_be_corrected_says_why(five: Any, changes: dict[str, str], reason: str, said: str) -> None:
    from zonary.foundation.organizations.actions import CorrectionError, propose_correction
    from zonary.foundation.organizations.models import Correction

    with pytest.raises(CorrectionError, match=said):
        propose_correction(_founding_act(five), changes=changes, reason=reason, by=five.owner, at=LATER)
    assert not Correction.objects.exists()


def test_lists_of_acts_show_each_their_own(five: Any) -> None:
    from zonary.foundation.organizations.queries import acts_seen_by

    def kinds(who: Any) -> list[str]:
        return [act.kind for act in acts_seen_by(who, before=None, limit=50)]

    assert "organizations.zone.founded" not in kinds(five.owner)
    assert "organizations.zone.founded" in kinds(five.officer)
    # Its own registration, and nothing of anybody else's.
    assert kinds(five.outsider) == ["accounts.person.registered"]
    about = {act.about for act in acts_seen_by(five.rival, before=None, limit=50)}
    assert about == {five.rival.person, str(five.competitor.public_id)}
    first = acts_seen_by(five.owner, before=None, limit=2)
    rest = acts_seen_by(five.owner, before=first[-1].number, limit=50)
    assert [act.kind for act in (*first, *rest)] == kinds(five.owner)


def test_who_left_an_organisation_mends_nothing_of_it_by_the_act_that_founded_it(five: Any) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.actions import (
        CorrectionError,
        accept_invitation,
        end_membership,
        found_organization,
        hand_over_organization,
        invite_member,
        propose_correction,
    )
    from zonary.foundation.organizations.actions.founding import Founding
    from zonary.foundation.organizations.queries import acts_seen_by, standing_of

    founder = Person.objects.get(public_id=five.owner.person)
    # Entered while acting for the first one, so that its members see the act, too.
    second = found_organization(Founding(kind="verifier", name="示例公证处（虚构）"), by=five.owner, at=LATER)
    owning = standing_of(founder, str(second.public_id), at=LATER)
    _, secret = invite_member(role="owner", email="", until=None, by=owning, at=LATER)
    accept_invitation(secret, by=five.outsider, at=LATER)
    heir = standing_of(Person.objects.get(public_id=five.outsider.person), str(second.public_id), at=LATER)
    end_membership(owning.membership, reason="left", by=heir, at=LATER)
    hand_over_organization(five.colleague.membership, stay_as="", by=five.owner, at=LATER)
    alone = standing_of(founder, "", at=LATER)
    colleague = standing_of(
        Person.objects.get(public_id=five.colleague.person), str(five.enterprise.public_id), at=LATER
    )
    kinds = ("organizations.organization.founded",)
    for who in (alone, colleague):
        for act in acts_seen_by(who, before=None, limit=10, kinds=kinds):
            if act.about != who.organisation:
                with pytest.raises(CorrectionError):
                    propose_correction(act.public_id, changes={"name": "别名"}, reason="x", by=who, at=LATER)
