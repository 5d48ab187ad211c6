"""Every write."""

from __future__ import annotations

import os
import secrets
from datetime import datetime

from zonary.common.clock import rfc3339
from zonary.common.ids import new_id
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record, repeat
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.proof.digests import Digests, digests_of
from zonary.services.evidence.actions import keep_material, register_described
from zonary.services.evidence.onsite.codes import draw_code
from zonary.services.evidence.onsite.events import CodeGiven, RecordingForgotten, RecordingSealed
from zonary.services.evidence.onsite.models import OnsiteCapture
from zonary.services.evidence.onsite.permissions import require_may_give_code
from zonary.services.evidence.onsite.queries import count_of_a_day, count_open
from zonary.services.evidence.onsite.rules import (
    GOOD_FOR,
    MAX_A_DAY,
    MAX_OPEN,
    Plan,
    Told,
    declared,
    is_over,
    observed,
    seal_recording_of,
)
from zonary.services.evidence.rules import MARKS, SALTS_SIZE, Description, Kind, Registrations


class OnsiteError(LedgerError):
    """This cannot be done with the code, or not now."""


class CodeOverError(OnsiteError):
    """The code is good no more."""


class UnknownOnsiteError(LedgerError):
    """There is no such code of theirs."""


@action
def give_code(plan: Plan, *, language: str, by: Standing, at: datetime) -> OnsiteCapture:
    """Draw a fresh code and put on record that it was given now.

    :param language: of the code's words, ``zh`` or ``en``.
    :raises NotAllowedError: when ``by`` may not, or no longer.
    :raises OnsiteError: when there are too many.
    """
    require_may_give_code(by, at=at)
    if count_open(by.actor_id, at=at) >= MAX_OPEN:
        raise OnsiteError("You have {count} codes that are still good. Use one of them, or wait.", count=MAX_OPEN)
    if count_of_a_day(by.holder, at=at) >= MAX_A_DAY:
        raise OnsiteError("There were {count} codes within 24 hours already. Ask again later.", count=MAX_A_DAY)
    code, good_until = draw_code(language, secrets.randbelow), at + GOOD_FOR
    capture = OnsiteCapture.objects.create(
        public_id=new_id(at),
        holder=by.holder,
        organisation=by.organisation_id,
        medium=plan.medium,
        code=code,
        title=plan.title,
        subject=plan.subject,
        place=plan.place,
        shows=plan.shows,
        given_to=by.actor_id,
        given_at=at,
        good_until=good_until,
    )
    event = CodeGiven(medium=plan.medium, code=code, good_until=rfc3339(good_until))
    record(event, by=by, about=str(capture.public_id), at=at)
    return capture


@action
def seal_recording(public_id: str, digests: Digests, told: Told, *, by: Standing, at: datetime) -> OnsiteCapture:
    """Register the recording made under a code, with what was declared and what was observed. The same again changes
    nothing.

    :param at: when its digests came here.
    :raises UnknownOnsiteError: when ``by`` was given no such code.
    :raises CodeOverError: when it is good no more.
    :raises OnsiteError: when it was used for something else.
    :raises NoRoomError: when the holder has no room for the statement.
    """
    require_may_give_code(by, at=at)
    mine = OnsiteCapture.objects.filter(public_id=as_uuid(public_id), holder=by.holder, given_to=by.actor_id)
    capture = mine.select_for_update().first()
    if capture is None:
        raise UnknownOnsiteError("There is no such code that was given to you.")
    if capture.sealed_at is not None:
        if bytes(capture.sha256) != digests.sha256 or bytes(capture.sm3) != digests.sm3:
            raise OnsiteError("This code was used already, for one recording. Ask for another and record again.")
        repeat([str(capture.evidence)])
        return capture
    if is_over(capture.good_until, at):
        raise CodeOverError("This code is good no more. Ask for another and record again.")
    evidence = _register(capture, digests, told, by=by, at=at)
    OnsiteCapture.objects.filter(pk=capture.pk).update(
        sealed_at=at, evidence=evidence, sha256=digests.sha256, sm3=digests.sm3, title="", place="", shows=""
    )
    event = RecordingSealed(evidence=evidence, code_given=rfc3339(capture.given_at))
    record(event, by=by, about=str(capture.public_id), at=at)
    capture.refresh_from_db()
    return capture


def _register(capture: OnsiteCapture, digests: Digests, told: Told, *, by: Standing, at: datetime) -> str:
    plan = capture.plan()
    seen = observed(
        str(capture.public_id),
        capture.medium,
        capture.code,
        given=rfc3339(capture.given_at),
        received=rfc3339(at),
    )
    material = seal_recording_of(digests, os.urandom(SALTS_SIZE), declared=declared(plan, told), seen=seen)
    made = digests_of(material.statement)
    wanted = Registrations(marks=MARKS[Kind.STATEMENT], pairs=made.sha256 + made.sm3)
    description = Description(title=plan.title, subject=plan.subject)
    evidence = register_described(wanted, description, by=by, at=at).public_ids[0]
    keep_material(evidence, material, by=by, at=at)
    return evidence


@action
def forget_with_record(capture: OnsiteCapture, *, by: Actor, at: datetime) -> None:
    """Erase the digests of a recording whose record was erased: nothing is to be found by them any more."""
    OnsiteCapture.objects.filter(pk=capture.pk).update(sha256=b"", sm3=b"")
    record(RecordingForgotten(evidence=str(capture.evidence)), by=by, about=str(capture.public_id), at=at)
