"""The enterprise says a fact about it is wrong; another officer than its recorder answers."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.engines.workdays import Term, Unit
from zonary.foundation.deadlines.actions import meet_deadline, set_deadline
from zonary.foundation.facts.actions.recording import _held_fact, _require_last, _supersede
from zonary.foundation.facts.events import DisputeAnswered, FactDisputed
from zonary.foundation.facts.models import Dispute, Fact, Retraction
from zonary.foundation.facts.permissions import (
    FactStateError,
    UnknownFactError,
    is_subject,
    require_may_answer,
    require_write,
)
from zonary.foundation.facts.rules import MAX_TEXT, Claim, WrongFactError, require_reason
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import hold_standing, require_officer
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing

ANSWER_TERM = Term(20, Unit.DAYS, is_statutory=False)
"""Within which a dispute is answered."""


@action
def dispute_fact(public_id: str, *, reason: str, ought: str, by: Standing, at: datetime) -> Dispute:
    """Say, for the enterprise it is about, that a fact is wrong. It stands until the answer, marked as disputed.

    :param ought: what it ought to be, in the enterprise's own words; may be empty.
    :raises UnknownFactError: when it is about another enterprise.
    :raises FactStateError: for the enterprise's own word, which it corrects itself; for a fact that is superseded, and
        for one that is disputed already.
    """
    hold_standing(by, at=at)
    require_write(by)
    reason = require_reason(reason)
    if len(ought) > MAX_TEXT or (ought and not ought.isprintable()):
        raise WrongFactError("A text here has at most {limit} characters, all printable, in one line.", limit=MAX_TEXT)
    fact = _held_fact(public_id)
    if fact is None or not is_subject(by, str(fact.subject.public_id)):
        raise UnknownFactError("There is no such fact about your enterprise.")
    if fact.source_kind == Fact.SourceKind.SELF:
        raise FactStateError("Your enterprise stated this itself. Correct it: nobody has to be asked.")
    _require_last(fact)
    if fact.disputes.filter(state=Dispute.State.OPEN).exists():
        raise FactStateError("This fact is disputed already and waits for an answer.")
    dispute_id = new_id(at)
    event = FactDisputed(dispute=dispute_id, fact=public_id, reason=reason, ought=ought)
    recorded = record(event, by=by, about=by.organisation, at=at)
    basis = "征信业管理条例 art. 25, which gives credit agencies twenty days; kept here as a promise"
    set_deadline(dispute_id, ANSWER_TERM, begins=zone_date(at), basis=basis, awaited_by=by.organisation, by=by, at=at)
    return Dispute.objects.create(
        public_id=dispute_id,
        fact=fact,
        subject=fact.subject,
        state=Dispute.State.OPEN,
        reason=reason,
        ought=ought,
        disputed_by=by.actor_id,
        disputed_at=at,
        entry=recorded.public_id,
    )


@action
def answer_dispute(
    public_id: str, *, is_upheld: bool, answer: str, claim: Claim | None = None, by: Standing, at: datetime
) -> Dispute:
    """Answer a dispute, as an officer who did not record the fact.

    :param claim: when upheld: what is right, with its source; a fact of it takes the disputed one's place. None is
        asked for once that was retracted.
    :raises UnknownFactError: when there is no such dispute.
    :raises NotAllowedError: for the officer who recorded the fact.
    :raises FactStateError: when it was answered before.
    """
    hold_standing(by, at=at)
    require_write(by)
    require_officer(by)
    answer = require_reason(answer)
    dispute = _held_dispute(public_id)
    if dispute is None:
        raise UnknownFactError("There is no such dispute.")
    require_may_answer(by, dispute)
    if dispute.state != Dispute.State.OPEN:
        raise FactStateError("This dispute was answered before.")
    outcome = None
    standing = _standing_now(dispute.fact) if is_upheld else dispute.fact
    if is_upheld and not Retraction.objects.filter(fact=standing).exists():
        if claim is None:
            raise WrongFactError("Say what is right: a fact of it takes the place of the disputed one.")
        outcome = _supersede(standing, claim, reason=answer, by=by, at=at)
    event = DisputeAnswered(
        dispute=public_id,
        fact=str(dispute.fact.public_id),
        is_upheld=is_upheld,
        answer=answer,
        outcome_fact=str(outcome.public_id) if outcome else "",
    )
    recorded = record(event, by=by, about=str(dispute.subject.public_id), at=at)
    meet_deadline(public_id, by=by, at=at)
    Dispute.objects.filter(pk=dispute.pk).update(
        state=Dispute.State.UPHELD if is_upheld else Dispute.State.REJECTED,
        answer=answer,
        answered_by=by.actor_id,
        answered_at=at,
        outcome_fact=outcome,
        answer_entry=recorded.public_id,
    )
    dispute.refresh_from_db()
    return dispute


def _held_dispute(public_id: str) -> Dispute | None:
    found = Dispute.objects.filter(public_id=as_uuid(public_id))
    if connection.features.has_select_for_update:
        found = found.select_for_update(of=("self",))
    return found.select_related("fact", "subject").first()


def _standing_now(fact: Fact) -> Fact:
    """The last to take the place of ``fact``, which an officer may have corrected while the dispute waited."""
    held = _held_fact(str(fact.public_id)) or fact
    while (following := Fact.objects.filter(supersedes=held).first()) is not None:
        held = _held_fact(str(following.public_id)) or following
    return held
