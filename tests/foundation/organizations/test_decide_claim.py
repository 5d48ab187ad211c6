"""An officer compares, and confirms or refuses: once, never their own, and never half."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="organisations need the [web] extra")

from tests.filled_zone import add_member
from tests.foundation import zone_at_work
from tests.foundation.organizations.listed import LATER, claim, decide, list_enterprises, newcomer


@pytest.fixture
def listed(five: Any) -> Any:
    return list_enterprises(five)[0]


def _standing(who: Any, organization: Any) -> Any:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.queries import standing_of

    return standing_of(Person.objects.get(public_id=who.person), str(organization.public_id), at=LATER)


def test_confirmed_the_claimant_owns_it_and_the_others_are_refused(five: Any, listed: Any) -> None:
    from zonary.foundation.organizations.actions import found_organization
    from zonary.foundation.organizations.actions.founding import AlreadyFoundedError, Founding
    from zonary.foundation.organizations.claims.queries import answer_of, claims
    from zonary.foundation.organizations.queries import act_seen_by, founding_act

    made, other = claim(listed, five.outsider), claim(listed, five.rival)
    decided = decide(made, five.officer, compared="licence-electronic")
    assert (decided.state, decided.compared, decided.decided_by) == (
        "confirmed",
        "licence-electronic",
        five.officer.person,
    )
    listed.refresh_from_db()
    assert listed.state == "active"
    owner = _standing(five.outsider, listed)
    assert owner.role == "owner"
    # The owner has the receipts of both: that it acts here, and that an officer confirmed it.
    act = founding_act(owner)
    assert act is not None
    assert act.body is not None
    assert (act.actor, act.body["owner"], act.body["claimed"]) == (five.officer.person, five.outsider.person, True)
    confirmed = act_seen_by(owner, str(listed.confirmation_act))
    assert confirmed is not None
    assert confirmed.body is not None
    assert (confirmed.kind, confirmed.body["compared"]) == ("organizations.claim.decided", "licence-electronic")
    # The others are told, each in an act about them, which is not the owner's business.
    [refused] = claims(five.rival)
    assert (refused.pk, refused.state) == (other.pk, "refused")
    assert "Another claim" in answer_of(refused)
    bodies = {told["claimant"]: told for told in zone_at_work.acts("organizations.claim.decided")}
    assert bodies[five.rival.person]["is_confirmed"] is False
    refusal = _refusal_of(five.rival)
    assert act_seen_by(five.rival, refusal) is not None
    assert act_seen_by(owner, refusal) is None
    with pytest.raises(AlreadyFoundedError):
        found_organization(Founding(kind="enterprise", name="乙", uscc=listed.uscc), by=five.rival, at=LATER)


def _refusal_of(who: Any) -> str:
    from zonary.foundation.ledger.models import Entry

    return str(Entry.objects.get(kind="organizations.claim.decided", about=who.person).public_id)


def test_what_the_registry_wrote_can_be_corrected_by_whoever_was_confirmed(five: Any, listed: Any) -> None:
    from zonary.foundation.organizations.actions import decide_correction, propose_correction
    from zonary.foundation.organizations.queries import founding_act

    decide(claim(listed, five.outsider), five.officer)
    owner = _standing(five.outsider, listed)
    act = founding_act(owner)
    assert act is not None
    slip = propose_correction(act.public_id, changes={"address": "云路 9 号"}, reason="迁址", by=owner, at=LATER)
    decide_correction(str(slip.public_id), is_approved=True, answer="", by=five.officer, at=LATER)
    listed.refresh_from_db()
    assert listed.address == "云路 9 号"


def test_refused_it_stays_listed_and_the_reason_is_told(five: Any, listed: Any) -> None:
    from zonary.foundation.organizations.claims.queries import claims
    from zonary.foundation.organizations.models import Membership

    decide(claim(listed, five.outsider), five.officer, compared="", answer="执照上的单位与认领的不符")
    listed.refresh_from_db()
    assert (listed.state, listed.confirmation_act) == ("listed", None)
    assert not Membership.objects.filter(organization=listed).exists()
    [own] = claims(five.outsider)
    assert (own.state, own.answer) == ("refused", "执照上的单位与认领的不符")
    [told] = zone_at_work.acts("organizations.claim.decided")
    assert (told["is_confirmed"], told["reason"], told["compared"]) == (False, "执照上的单位与认领的不符", "")


@pytest.mark.parametrize("who", ["owner", "colleague", "rival", "outsider"])
def test_only_officers_decide(five: Any, listed: Any, who: str) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError

    made = claim(listed, newcomer("claimant"))
    for answer in ("", "不符"):
        with pytest.raises(NotAllowedError, match="Only an officer"):
            decide(made, getattr(five, who), answer=answer)
    made.refresh_from_db()
    assert made.state == "open"


def test_an_officer_who_only_looks_decides_nothing(five: Any, listed: Any) -> None:
    from zonary.foundation.organizations.claims.queries import claims, claims_waiting
    from zonary.foundation.organizations.permissions import NotAllowedError

    looks = add_member(five.officer, "looks", LATER, role="reader")
    made = claim(listed, five.outsider)
    assert claims(looks).count() == 1
    assert not claims_waiting(looks).exists()
    with pytest.raises(NotAllowedError):
        decide(made, looks)


def test_nobody_decides_on_their_own_claim(five: Any, listed: Any) -> None:
    from zonary.foundation.organizations.claims.queries import claims_waiting
    from zonary.foundation.organizations.permissions import NotAllowedError

    made = claim(listed, five.officer)
    with pytest.raises(NotAllowedError, match="yourself"):
        decide(made, five.officer)
    assert not claims_waiting(five.officer).exists()
    other = add_member(five.officer, "another", LATER)
    assert claims_waiting(other).count() == 1
    assert decide(made, other).state == "confirmed"


def test_what_is_left_out_is_asked_for(five: Any, listed: Any) -> None:
    from zonary.foundation.organizations.actions import ClaimError, decide_claim

    made = str(claim(listed, five.outsider).public_id)

    def attempt(said: str, **how: Any) -> None:
        with pytest.raises(ClaimError, match=said):
            decide_claim(made, **how, by=five.officer, at=LATER)

    attempt("what you compared", is_confirmed=True, compared="", answer="")
    attempt("what you compared", is_confirmed=True, compared="hearsay", answer="")
    attempt("what you compared", is_confirmed=False, compared="hearsay", answer="x")
    attempt("why the claim is refused", is_confirmed=False, compared="licence-seen", answer=" ")
    attempt("at most 300", is_confirmed=False, compared="", answer="长" * 301)
    listed.refresh_from_db()
    assert listed.state == "listed"


def test_it_is_decided_once(five: Any, listed: Any) -> None:
    from zonary.foundation.organizations.actions import ClaimError, withdraw_claim

    withdrawn = claim(listed, five.rival)
    withdraw_claim(str(withdrawn.public_id), by=five.rival, at=LATER)
    with pytest.raises(ClaimError, match="withdrawn meanwhile"):
        decide(withdrawn, five.officer)
    made = claim(listed, five.outsider)
    decide(made, five.officer, answer="不符")
    with pytest.raises(ClaimError, match="decided on already"):
        decide(made, five.officer)
    listed.refresh_from_db()
    assert listed.state == "listed"
    for nobodys in ("x", "", "00000000-0000-0000-0000-000000000000"):
        made.public_id = nobodys
        with pytest.raises(ClaimError, match="no such claim"):
            decide(made, five.officer)


def _lock(who: Any, _listed: Any) -> None:
    from zonary.foundation.accounts.models import Person

    Person.objects.filter(public_id=who.person).update(is_active=False)


def _close(_who: Any, listed: Any) -> None:
    type(listed).objects.filter(pk=listed.pk).update(state="closed")


@pytest.mark.parametrize(("change", "said"), [(_lock, "closed or locked"), (_close, "is closed")])
def test_what_changed_meanwhile_leaves_nothing_half_done(five: Any, listed: Any, change: Any, said: str) -> None:
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.organizations.actions import ClaimError
    from zonary.foundation.organizations.models import Membership

    made, other = claim(listed, five.outsider), claim(listed, five.rival)
    with unrecorded("a test changes what a claim rests on"):
        change(five.outsider, listed)
    before = Entry.objects.count()
    with pytest.raises(ClaimError, match=said):
        decide(made, five.officer)
    for each in (made, other):
        each.refresh_from_db()
        assert each.state == "open"
    listed.refresh_from_db()
    assert listed.confirmation_act is None
    assert not Membership.objects.filter(organization=listed).exists()
    assert Entry.objects.count() == before
    assert decide(made, five.officer, answer="账号已停用").state == "refused"


def test_a_claim_of_who_left_is_no_longer_there_to_confirm(five: Any, listed: Any) -> None:
    from zonary.foundation.accounts.actions import close_account
    from zonary.foundation.organizations.actions import ClaimError

    made = claim(listed, five.outsider)
    close_account(five.outsider.person, reason="", by=five.outsider, at=LATER)
    with pytest.raises(ClaimError, match="withdrawn meanwhile"):
        decide(made, five.officer)
