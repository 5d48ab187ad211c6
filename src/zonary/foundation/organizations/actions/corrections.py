"""Mending an honest slip in the open: one says what was wrong and why, somebody else agrees, and it is put right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from zonary.common.ids import new_id
from zonary.common.plain_text import is_plain
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.receipts import ActEntry, act_of
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.corrections import Corrector, corrector_for, corrector_of
from zonary.foundation.organizations.events import CorrectionDecided, CorrectionProposed, OrganizationCorrected
from zonary.foundation.organizations.models import Correction, Organization
from zonary.foundation.organizations.permissions import hold_standing, require_may_decide_correction
from zonary.foundation.organizations.queries import act_seen_by, as_uuid
from zonary.foundation.organizations.standing import Standing


class CorrectionError(LedgerError):
    """This correction cannot be made."""


@action
def propose_correction(act: str, *, changes: Mapping[str, str], reason: str, by: Standing, at: datetime) -> Correction:
    """Say that what the act ``act`` wrote down was a slip, and what it should be. Somebody else has to agree.

    :param changes: name of a field -> what it should be; those that already are so are left out.
    :raises CorrectionError: when there is no such act of theirs, its kind cannot be corrected, or nothing would change.
    """
    hold_standing(by, at=at)
    found = act_seen_by(by, act)
    corrector = None if found is None else corrector_for(by, found)
    if found is None or corrector is None:
        raise CorrectionError("There is no such act of yours that can be corrected.")
    wanted = _changed(found, corrector, changes)
    if not reason.strip():
        raise CorrectionError("Say why it has to be corrected.")
    correction = Correction.objects.create(
        public_id=new_id(at),
        act=act,
        kind=found.kind,
        about=found.about,
        organization=by.organisation,
        changes=wanted,
        reason=reason.strip(),
        state=Correction.State.PROPOSED,
        proposed_by=by.actor_id,
        proposed_at=at,
    )
    event = CorrectionProposed(
        correction=str(correction.public_id), corrected_act=act, changes=wanted, reason=correction.reason
    )
    record(event, by=by, about=found.about, at=at)
    return correction


def _changed(act: ActEntry, corrector: Corrector, changes: Mapping[str, str]) -> dict[str, str]:
    unknown = sorted(set(changes) - set(corrector.fields))
    if unknown:
        raise CorrectionError("There is no field “{name}” that could be corrected.", name=unknown[0][:60])
    present = corrector.present(act)
    wanted = {name: text.strip() for name, text in changes.items() if text.strip() != present.get(name, "")}
    if not wanted:
        raise CorrectionError("Nothing would change: everything is so already.")
    for name, text in wanted.items():
        if len(text) > corrector.limits[name]:
            raise CorrectionError("A corrected field has at most {most} characters.", most=corrector.limits[name])
        if not is_plain(text) or (not text and name in corrector.needed):
            raise CorrectionError("A corrected field is text that can be read, and a name is not empty.")
    return wanted


@action
def decide_correction(correction: str, *, is_approved: bool, answer: str, by: Standing, at: datetime) -> Correction:
    """Agree to a correction somebody else proposed, which carries it out in the same moment, or refuse it.

    :raises CorrectionError: when there is none that waits.
    :raises NotAllowedError: when ``by`` proposed it, or neither belongs to the same organisation nor to the zone.
    """
    hold_standing(by, at=at)
    waiting = Correction.objects.filter(public_id=as_uuid(correction), state=Correction.State.PROPOSED)
    found = waiting.first()
    if found is None or not _may_know(by, found):
        raise CorrectionError("There is no such correction that waits for a decision.")
    require_may_decide_correction(by, found)
    state = Correction.State.APPROVED if is_approved else Correction.State.REJECTED
    # Of two who decide at one time the second finds nothing that waits.
    if not waiting.update(state=state, decided_by=by.actor_id, decided_at=at, answer=answer):
        raise CorrectionError("There is no such correction that waits for a decision.")
    act = str(found.act)
    event = CorrectionDecided(
        correction=correction,
        corrected_act=act,
        is_approved=is_approved,
        proposed_by=found.proposed_by,
        approver=by.actor_id,
        reason=found.reason,
        answer=answer,
    )
    record(event, by=by, about=found.about, at=at)
    if is_approved:
        _carry_out(found, by=by, at=at)
    found.refresh_from_db()
    return found


def _may_know(by: Standing, correction: Correction) -> bool:
    own = correction.organization or correction.proposed_by
    return by.is_officer or own == by.holder


def _carry_out(correction: Correction, *, by: Standing, at: datetime) -> None:
    act, corrector = act_of(str(correction.act)), corrector_of(correction.kind)
    if act is None or corrector is None:
        raise CorrectionError("There is no such act of yours that can be corrected.")
    corrector.apply(act, correction.changes, reason=correction.reason, by=by, at=at)


@action
def correct_organization(act: ActEntry, changes: Mapping[str, str], *, reason: str, by: Standing, at: datetime) -> None:
    """Put right what is written down about the organisation ``act`` is about: what an approved correction does.

    :raises CorrectionError: when there is no such organisation.
    """
    found = Organization.objects.filter(public_id=as_uuid(act.about))
    organization = found.first()
    if organization is None:
        raise CorrectionError("There is no such organisation.")
    before = {name: str(getattr(organization, name)) for name in changes}
    found.update(**changes, changed_at=at)
    record(OrganizationCorrected(before=before, after=dict(changes), reason=reason), by=by, about=act.about, at=at)
