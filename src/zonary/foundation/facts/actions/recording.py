"""How facts come to be here: declared by the enterprise, recorded by an officer, corrected by a later one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.foundation.facts.events import FactCorrected, FactDeclared, FactRecorded, FactStated
from zonary.foundation.facts.models import Consent, Fact, Retraction
from zonary.foundation.facts.permissions import (
    FactStateError,
    UnknownFactError,
    may_correct_fact,
    require_organisation,
    require_write,
)
from zonary.foundation.facts.queries import is_in_force
from zonary.foundation.facts.rules import CheckedClaim, Claim, WrongFactError, checked_claim, require_reason
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.permissions import hold_standing, require_officer
from zonary.foundation.organizations.queries import as_uuid, last_day
from zonary.foundation.organizations.standing import Standing


@action
def declare_fact(claim: Claim, *, by: Standing, at: datetime) -> Fact:
    """State something about one's own enterprise. Its use limit says what the zone may read it for.

    :raises WrongFactError: when it is no fact.
    :raises NotAllowedError: when ``by`` acts for no enterprise, or only looks.
    """
    hold_standing(by, at=at)
    require_write(by)
    require_organisation(by)
    checked = checked_claim(_own_word(claim), today=zone_date(at))
    subject = Organization.objects.get(public_id=by.organisation)
    return _state(_Origin(subject, Fact.SourceKind.SELF), checked, FactDeclared, by=by, at=at)


@action
def record_fact(subject: str, claim: Claim, *, source_kind: str, by: Standing, at: datetime) -> Fact:
    """Record something about an enterprise, as an officer.

    :param subject: public id of the enterprise.
    :param source_kind: any of ``Fact.SourceKind`` but the enterprise's own word.
    :raises WrongFactError: when it is no fact, or lacks its source, its sharing basis or its consent.
    :raises UnknownFactError: when there is no such enterprise, or the consent is not its own.
    """
    hold_standing(by, at=at)
    require_write(by)
    require_officer(by)
    checked = _checked_for_officer(claim, source_kind, at=at)
    found = Organization.objects.filter(public_id=as_uuid(subject)).first()
    if found is None:
        raise UnknownFactError("There is no such enterprise.")
    origin = _Origin(found, source_kind, _consent(found, checked, at=at))
    return _state(origin, checked, FactRecorded, by=by, at=at)


@action
def correct_fact(public_id: str, claim: Claim, *, reason: str, by: Standing, at: datetime) -> Fact:
    """Have a later fact take the place of one that was wrong (更正); both stay, and the reason with them.

    Enterprise, indicator and kind of source stay. What ``claim`` says of source, basis, limit and consent counts.

    :raises UnknownFactError: when there is none that ``by`` may correct.
    :raises FactStateError: when another took its place meanwhile.
    """
    hold_standing(by, at=at)
    require_write(by)
    fact = _held_fact(public_id)
    if fact is None or not may_correct_fact(by, fact):
        raise UnknownFactError("There is no such fact, or it is not yours to correct.")
    return _supersede(fact, claim, reason=require_reason(reason), by=by, at=at)


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a fact is about and where it comes from, besides what its claim says."""

    subject: Organization
    source_kind: str
    consent: Consent | None = None
    supersedes: Fact | None = None
    reason: str = ""


def _own_word(claim: Claim) -> Claim:
    """Nobody shares with an enterprise, or asks its consent for, what it says itself."""
    return replace(claim, sharing_basis="", consent="", consent_not_needed="")


def _state(origin: _Origin, checked: CheckedClaim, kind: type[FactStated], *, by: Standing, at: datetime) -> Fact:
    """The row and its entry. The entry comes first: the row names it, and is never changed."""
    claim, public_id = checked.claim, new_id(at)
    said = {
        "indicator": checked.indicator.code,
        "value": checked.value.text,
        "unit": checked.value.unit,
        "source_kind": str(origin.source_kind),
        "source": claim.source,
        "document": claim.document,
        "sharing_basis": claim.sharing_basis,
        "consent_not_needed": "" if origin.consent else claim.consent_not_needed,
        "reason": origin.reason,
    }
    event = kind(
        **said,
        fact=public_id,
        valid_from=checked.period.first.isoformat(),
        valid_until=last_day(checked.period.last),
        use_limit=list(checked.use_limit),
        consent=str(origin.consent.public_id) if origin.consent else "",
        supersedes=str(origin.supersedes.public_id) if origin.supersedes else "",
    )
    recorded = record(event, by=by, about=str(origin.subject.public_id), at=at)
    return Fact.objects.create(
        **said,
        public_id=public_id,
        subject=origin.subject,
        number=checked.value.number,
        valid_from=checked.period.first,
        valid_until=checked.period.last,
        recorded_at=at,
        recorded_by=by.actor_id,
        recorded_for=by.organisation_id,
        use_limit=list(checked.use_limit),
        consent=origin.consent,
        supersedes=origin.supersedes,
        entry=recorded.public_id,
    )


def _checked_for_officer(claim: Claim, source_kind: str, *, at: datetime) -> CheckedClaim:
    if source_kind not in set(Fact.SourceKind.values) - {Fact.SourceKind.SELF}:
        raise WrongFactError("“{kind}” is no kind of source an officer records.", kind=source_kind[:40])
    if not claim.source:
        raise WrongFactError("Say where this comes from: every fact carries its source.")
    if source_kind == Fact.SourceKind.AUTHORITY and not claim.sharing_basis:
        # 政务数据共享条例（2025）: shared data is used within the basis it was shared on.
        raise WrongFactError("What an authority shared carries its sharing basis: a law, or a catalogue's number.")
    if not claim.consent and not claim.consent_not_needed:
        raise WrongFactError("Name the enterprise's consent, or say why none is needed.")
    return checked_claim(claim, today=zone_date(at))


def _consent(subject: Organization, checked: CheckedClaim, *, at: datetime) -> Consent | None:
    """The consent the claim names.

    :raises UnknownFactError: when it is none of this enterprise's, or does not reach so far.
    """
    if not checked.claim.consent:
        return None
    consent = Consent.objects.filter(public_id=as_uuid(checked.claim.consent), subject=subject).first()
    if consent is None or not is_in_force(consent, at=at):
        raise UnknownFactError("There is no such consent of this enterprise that is in force.")
    if consent.indicators and checked.indicator.code not in consent.indicators:
        raise WrongFactError("The consent does not cover “{code}”.", code=checked.indicator.code)
    return consent


def _held_fact(public_id: str) -> Fact | None:
    """The fact, its row locked, so that of two who would take its place one waits and finds it taken."""
    found = Fact.objects.filter(public_id=as_uuid(public_id))
    if connection.features.has_select_for_update:
        found = found.select_for_update(of=("self",))
    return found.select_related("subject", "consent").first()


def _require_last(fact: Fact) -> None:
    """:raises FactStateError: when another fact took its place, or it was retracted."""
    if Fact.objects.filter(supersedes=fact).exists():
        raise FactStateError("Another fact took the place of this one meanwhile. Look at that one.")
    if Retraction.objects.filter(fact=fact).exists():
        raise FactStateError("This fact was retracted. What is right is recorded anew.")


def _supersede(fact: Fact, claim: Claim, *, reason: str, by: Standing, at: datetime) -> Fact:
    if claim.indicator != fact.indicator:
        raise WrongFactError("A correction is about the same indicator: “{code}”.", code=fact.indicator)
    _require_last(fact)
    if fact.source_kind == Fact.SourceKind.SELF:
        checked, consent = checked_claim(_own_word(claim), today=zone_date(at)), None
    else:
        checked = _checked_for_officer(claim, fact.source_kind, at=at)
        consent = _consent(fact.subject, checked, at=at)
    origin = _Origin(fact.subject, fact.source_kind, consent, fact, reason)
    return _state(origin, checked, FactCorrected, by=by, at=at)
