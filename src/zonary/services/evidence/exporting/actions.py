"""Every write."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence.actions import UnknownRecordError
from zonary.services.evidence.exporting.events import ExportNoticeAccepted
from zonary.services.evidence.exporting.models import ExportAcceptance
from zonary.services.evidence.exporting.rules import VERSION, needs_notice, require_notice
from zonary.services.evidence.queries import record_of


class ReceiverError(LedgerError):
    """There is no such kind of receiver."""


@action
def accept_export_notice(
    thing: str, receiver: str, notice: str, *, share: str = "", by: Standing, at: datetime
) -> ExportAcceptance:
    """Put on record that the notice was accepted before something goes abroad.

    :param notice: SHA-256 of the text that was read.
    :param share: public id of the share it goes by; whoever shares has looked whether the thing is theirs.
    :raises UnknownRecordError: when it goes by no share, and ``by`` has no such record.
    :raises ReceiverError: for a receiver who needs no notice.
    :raises ExportNoticeError: when another text was read than the one that is shown now, or none.
    """
    hold_standing(by, at=at)
    if not share and record_of(by, thing) is None:
        raise UnknownRecordError("There is no record {public_id} of yours.", public_id=thing)
    require_notice(receiver, notice)
    if not needs_notice(receiver):
        raise ReceiverError("There is no such kind of receiver.")
    event = ExportNoticeAccepted(receiver=receiver, notice=notice, edition=VERSION, share=share)
    recorded = record(event, by=by, about=thing, at=at)
    return ExportAcceptance.objects.create(
        thing=thing,
        holder=by.holder,
        receiver=receiver,
        notice=notice,
        share=share or None,
        accepted_by=by.actor_id,
        accepted_at=at,
        entry=recorded.public_id,
    )
