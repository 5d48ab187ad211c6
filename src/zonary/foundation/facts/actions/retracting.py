"""Facts that are to be known no longer: retracted by whose word they are, or erased because they name a person."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.facts.actions.recording import _held_fact, _require_last
from zonary.foundation.facts.events import FactErased, FactRetracted
from zonary.foundation.facts.indicators import INDICATORS
from zonary.foundation.facts.models import Fact, Retraction
from zonary.foundation.facts.permissions import FactStateError, UnknownFactError, may_correct_fact, require_write
from zonary.foundation.facts.rules import require_reason
from zonary.foundation.ledger.erasure import erase_body
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import NotAllowedError, hold_standing, require_officer
from zonary.foundation.organizations.standing import Standing


@action
def retract_fact(public_id: str, *, reason: str, by: Standing, at: datetime) -> Retraction:
    """Say that a fact should never have been recorded (撤回), such as one of another enterprise; none takes its place.

    :raises UnknownFactError: when there is none that ``by`` may correct.
    :raises FactStateError: when it was retracted before, or another took its place.
    """
    hold_standing(by, at=at)
    require_write(by)
    reason = require_reason(reason)
    fact = _held_fact(public_id)
    if fact is None or not may_correct_fact(by, fact):
        raise UnknownFactError("There is no such fact, or it is not yours to retract.")
    _require_last(fact)
    event = FactRetracted(fact=public_id, reason=reason)
    entry = record(event, by=by, about=str(fact.subject.public_id), at=at).public_id
    return Retraction.objects.create(fact=fact, reason=reason, retracted_by=by.actor_id, retracted_at=at, entry=entry)


@action
def erase_fact(public_id: str, *, reason: str, by: Standing, at: datetime) -> None:
    """Erase the value of a fact about a person, here and in the ledger; that there was one stays, and the tree whole.

    :param reason: becomes part of the ledger; never put into it what is being erased.
    :raises UnknownFactError: when there is none.
    :raises NotAllowedError: for one that names no person: those are corrected, never erased.
    """
    hold_standing(by, at=at)
    require_write(by)
    require_officer(by)
    reason = require_reason(reason)
    fact = _held_fact(public_id)
    if fact is None:
        raise UnknownFactError("There is no such fact.")
    if not INDICATORS[fact.indicator].is_personal:
        raise NotAllowedError("Only a fact that names a person is erased. Correct this one.")
    if not fact.value:
        raise FactStateError("The value of this fact was erased before.")
    Fact.objects.filter(pk=fact.pk).update(value="", number=None)
    erase_body(str(fact.entry), by=by, reason=reason, at=at)
    record(FactErased(fact=public_id, reason=reason), by=by, about=str(fact.subject.public_id), at=at)
