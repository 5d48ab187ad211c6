"""The rig's maker, its rival, and those around them."""

from __future__ import annotations

from zonary.foundation.organizations.actions import (
    accept_invitation,
    check_identity,
    claim_organization,
    decide_claim,
    found_organization,
    invite_member,
    propose_correction,
)
from zonary.foundation.organizations.actions.founding import Founding
from zonary.foundation.organizations.queries import founding_act
from zonary.portal.demonstration.cast import BANK, INSTITUTE, MAKER, NEIGHBOURS, RIVAL
from zonary.portal.demonstration.enterprises import CLAIMED, fictional_uscc
from zonary.portal.demonstration.stage import Acts, Stage


def bank_and_institute_come(stage: Stage) -> Acts:
    for day, house in ((54, BANK), (53, INSTITUTE)):
        at = yield stage.days.ago(day)
        founding = Founding(kind=house.kind, name=house.name, uscc=fictional_uscc(house.number), address=house.address)
        made = found_organization(founding, by=stage.alone(house.owner, at), at=at)
        stage.organisations[house.key] = str(made.public_id)


def companies_are_claimed(stage: Stage) -> Acts:
    """Both are listed; an officer compares the licence and confirms who acts for them."""
    for day, house in ((50, MAKER), (47, RIVAL)):
        claimed_at = yield stage.days.ago(day, 14, 20)
        claimant = stage.alone(house.owner, claimed_at)
        claim = claim_organization(
            fictional_uscc(house.number), statement="法务与知识产权部，可现场出示营业执照", by=claimant, at=claimed_at
        )
        decided_at = yield stage.days.ago(day - 2, 10, 5)
        officer = stage.acting("officer-market", "zone", decided_at)
        decided = decide_claim(
            str(claim.public_id), is_confirmed=True, compared="licence-seen", answer="", by=officer, at=decided_at
        )
        stage.organisations[house.key] = str(decided.organization.public_id)


def neighbours_are_claimed(stage: Stage) -> Acts:
    """Those who will be asked whether they want a grant."""
    at = yield stage.days.ago(49, 9, 50)
    statement = "财务部，可现场出示营业执照"
    claims = {
        key: claim_organization(fictional_uscc(row), statement=statement, by=stage.alone(key, at), at=at)
        for key, row in NEIGHBOURS.items()
    }
    at = yield stage.days.ago(46, 10, 40)
    officer = stage.acting("officer-market", "zone", at)
    for key, claim in claims.items():
        decided = decide_claim(
            str(claim.public_id), is_confirmed=True, compared="licence-seen", answer="", by=officer, at=at
        )
        stage.organisations[key] = str(decided.organization.public_id)


def a_colleague_comes(stage: Stage) -> Acts:
    at = yield stage.days.ago(44)
    owner, person = stage.acting("owner", "maker", at), stage.alone("colleague", at)
    email = stage.people["colleague"].email
    _invitation, secret = invite_member(role="agent", email=email, until=None, by=owner, at=at)
    accept_invitation(secret, by=person, at=at)


def inventor_is_known(stage: Stage) -> Acts:
    """许见微 acts for nobody but herself; an officer saw her identity card."""
    at = yield stage.days.ago(42)
    inventor = stage.alone("inventor", at)
    check_identity(inventor.person, document="resident-identity-card", by=stage.acting("officer-ip", "zone", at), at=at)
    owner = stage.alone("owner", at)
    check_identity(owner.person, document="resident-identity-card", by=stage.acting("officer-ip", "zone", at), at=at)


def a_slip_is_found(stage: Stage) -> Acts:
    """The registry has the wrong number of the street: a colleague proposes, somebody else decides."""
    at = yield stage.days.ago(3, 15, 40)
    colleague = stage.acting("colleague", "maker", at)
    act = founding_act(colleague)
    if act is not None:
        changes = {"address": "青屿片区望潮路 28 号"}
        propose_correction(act.public_id, changes=changes, reason="门牌号登记有误，照营业执照更正", by=colleague, at=at)


def others_claim(stage: Stage) -> Acts:
    """Two more say to act for a listed enterprise, and wait for an officer."""
    for day, key, row in ((4, "claimant", CLAIMED[0]), (2, "claimant-2", CLAIMED[1])):
        at = yield stage.days.ago(day, 11, 15)
        claim_organization(fictional_uscc(row), statement="行政部经理，持电子营业执照", by=stage.alone(key, at), at=at)
