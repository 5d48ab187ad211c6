"""Every write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zonary.common.ids import new_id
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.standing import Standing
from zonary.proof.digests import digests_of
from zonary.services.evidence.actions import keep_material, register_described
from zonary.services.evidence.capture.events import (
    CaptureBegun,
    CaptureFailed,
    CaptureRequested,
    CaptureSealed,
    CaptureWithdrawn,
)
from zonary.services.evidence.capture.models import Capture
from zonary.services.evidence.capture.permissions import require_may_request_capture
from zonary.services.evidence.capture.queries import count_of_a_day, count_under_way, find_capture
from zonary.services.evidence.capture.rules import MAX_A_DAY, MAX_UNDER_WAY
from zonary.services.evidence.rules import MARKS, Description, Kind, Material, Registrations


class CaptureError(LedgerError):
    """What was asked for cannot be done with this capture, or not now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What came of a capture: statement and manifest of its folder, and where its files are.

    :param sha256: of the packed files, in hexadecimal.
    """

    outcome: str
    title: str
    material: Material
    document: str
    sha256: str


@action
def request_capture(address: str, *, goes_on: bool, subject: str = "", by: Standing, at: datetime) -> Capture:
    """Ask for ``address``, which was looked at, to be captured as soon as it is its turn.

    :param goes_on: in spite of a certificate the browser does not trust.
    :param subject: of its record.
    :raises NotAllowedError: when ``by`` may not, or no longer.
    :raises CaptureError: when there are too many.
    """
    require_may_request_capture(by, at=at)
    if count_under_way(by.holder) >= MAX_UNDER_WAY:
        raise CaptureError(
            "There are {count} captures under way already. Wait until one of them has ended.", count=MAX_UNDER_WAY
        )
    if count_of_a_day(by.holder, at=at) >= MAX_A_DAY:
        raise CaptureError("There were {count} captures within 24 hours already. Ask again later.", count=MAX_A_DAY)
    capture = Capture.objects.create(
        public_id=new_id(at),
        holder=by.holder,
        organisation=by.organisation_id,
        address=address,
        goes_on=goes_on,
        subject=subject,
        state=Capture.State.WAITING,
        asked_by=by.actor_id,
        asked_at=at,
    )
    record(CaptureRequested(address=address, goes_on=goes_on), by=by, about=str(capture.public_id), at=at)
    return capture


class UnknownCaptureError(LedgerError):
    """There is no such capture of theirs."""


@action
def withdraw_capture(public_id: str, *, by: Standing, at: datetime) -> Capture:
    """Take back what was asked for, as long as it waits for its turn.

    :raises NotAllowedError: when ``by`` may not, or no longer.
    :raises UnknownCaptureError: when their holder has no such capture.
    :raises CaptureError: when it has begun.
    """
    require_may_request_capture(by, at=at)
    found = find_capture(by, public_id)
    if found is None:
        raise UnknownCaptureError("There is no such capture of yours.")
    held = Capture.objects.select_for_update().filter(pk=found.pk, state=Capture.State.WAITING).first()
    if held is None:
        raise CaptureError("Only a capture that waits for its turn can be withdrawn; this one has begun, or has ended.")
    Capture.objects.filter(pk=held.pk).update(state=Capture.State.WITHDRAWN, ended_at=at)
    record(CaptureWithdrawn(), by=by, about=str(held.public_id), at=at)
    held.refresh_from_db()
    return held


@action
def begin_capture(capture: Capture, *, by: Actor, at: datetime) -> Capture:
    """Claim it for this server; of two who try, one does.

    :raises CaptureError: when it does not wait any more.
    """
    held = _held(capture, Capture.State.WAITING)
    Capture.objects.filter(pk=held.pk).update(state=Capture.State.RUNNING, begun_at=at)
    record(CaptureBegun(), by=by, about=str(held.public_id), at=at)
    held.refresh_from_db()
    return held


@action
def seal_capture(capture: Capture, sealed: Sealed, description: Description, *, by: Standing, at: datetime) -> Capture:
    """Register what was seen as evidence of whoever asked for it.

    :raises CaptureError: when it does not run any more.
    :raises NotAllowedError: when whoever asked may not act for the holder any more.
    :raises NoRoomError: when the holder has no room for the list of its files.
    """
    held = _held(capture, Capture.State.RUNNING)
    digests = digests_of(sealed.material.statement)
    wanted = Registrations(marks=MARKS[Kind.STATEMENT], pairs=digests.sha256 + digests.sm3)
    evidence = register_described(wanted, description, by=by, at=at).public_ids[0]
    keep_material(evidence, sealed.material, by=by, at=at)
    Capture.objects.filter(pk=held.pk).update(
        state=Capture.State.SEALED,
        ended_at=at,
        outcome=sealed.outcome,
        title=sealed.title,
        evidence=evidence,
        document=sealed.document,
    )
    event = CaptureSealed(outcome=sealed.outcome, evidence=evidence, document=sealed.document, sha256=sealed.sha256)
    record(event, by=by, about=str(held.public_id), at=at)
    held.refresh_from_db()
    return held


@action
def fail_capture(capture: Capture, failure: str, *, by: Actor, at: datetime) -> None:
    """End one of which there is nothing to seal.

    :param failure: a key of ``FAILURES``.
    :raises CaptureError: when it has ended already.
    """
    held = _held(capture, Capture.State.WAITING, Capture.State.RUNNING)
    Capture.objects.filter(pk=held.pk).update(state=Capture.State.FAILED, ended_at=at, failure=failure)
    record(CaptureFailed(failure=failure), by=by, about=str(held.public_id), at=at)


def _held(capture: Capture, *states: Capture.State) -> Capture:
    """The row, which nobody changes until the present action has ended."""
    held = Capture.objects.select_for_update().filter(pk=capture.pk, state__in=states).first()
    if held is None:
        raise CaptureError("This capture has gone on elsewhere, or has ended.")
    return held
