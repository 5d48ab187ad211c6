"""An officer who opens a kept decision with its data reads figures: the enterprise sees who did, when and which."""

from __future__ import annotations

from datetime import datetime

from zonary.engines.clauses.stored import read_snapshot
from zonary.foundation.facts.actions.noting import note_readings
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.snapshots import POLICY, facts_used
from zonary.services.incentives.matching.events import DecisionOpened
from zonary.services.incentives.matching.models import StoredDecision
from zonary.services.incentives.matching.permissions import require_may_check
from zonary.services.incentives.matching.queries import decision_of


@action
def open_decision(decision: str, *, by: Standing, at: datetime) -> StoredDecision:
    """Open a kept decision with its data, as an officer. The enterprise's own looking at its own is no act.

    :raises UnknownAnswerError: when there is no such decision.
    :raises NotAllowedError: for who is no officer.
    """
    hold_standing(by, at=at)
    kept = decision_of(by, decision)
    require_may_check(by)
    event = DecisionOpened(decision=kept.digest, measure=str(kept.measure.public_id))
    recorded = record(event, by=by, about=str(kept.subject.public_id), at=at)
    read = {kept.subject: facts_used(read_snapshot(kept.snapshot.encode()))}
    note_readings(read, purpose=POLICY, occasion=kept.measure.title, entry=recorded.public_id, by=by, at=at)
    return kept
