"""The sentence of each kind of event, as lists of receipts show it; each app adds its own when it starts.

A test fails when an event of the application has none.
"""

from __future__ import annotations

from collections.abc import Mapping

HAPPENINGS: dict[str, str] = {
    "accounts.person.erased": "A person's data were erased",
    "accounts.person.registered": "A person registered",
    "accounts.person.restricted": "An account was closed",
    "accounts.token.issued": "An access token was issued",
    "deadlines.clock.resumed": "A term goes on",
    "deadlines.clock.stopped": "A term was stopped",
    "deadlines.closure.withdrawn": "A closure of the zone was withdrawn",
    "deadlines.deadline.extended": "A term was extended",
    "deadlines.deadline.met": "What had a deadline was done",
    "deadlines.deadline.set": "A term began",
    "deadlines.deadlines.recomputed": "Deadlines were computed anew",
    "deadlines.notice.entered": "A notice on holidays was entered",
    "deadlines.zone.closed": "The zone closes for some days",
    "evidence.erased": "A piece of evidence was erased",
    "ledger.bodies.erased": "What acts said was erased",
    "ledger.body.erased": "What an entry said was erased",
    "ledger.key.retired": "A key of the log was retired",
    "ledger.key.rotated": "The log has a further key",
    "ledger.log.succeeded": "The log has a successor",
    "ledger.timestamp_key.rotated": "The timestamp authority has another key",
    "organizations.correction.decided": "A correction was decided on",
    "organizations.correction.proposed": "A correction was proposed",
    "organizations.department.opened": "A department was opened",
    "organizations.invitation.accepted": "An invitation was accepted",
    "organizations.invitation.withdrawn": "An invitation was withdrawn",
    "organizations.invitations.forgotten": "Addresses in invitations were erased",
    "organizations.member.invited": "Somebody was invited",
    "organizations.membership.changed": "A membership was changed",
    "organizations.membership.ended": "A membership ended",
    "organizations.organization.corrected": "The entry of an organisation was corrected",
    "organizations.organization.founded": "An organisation was entered",
    "organizations.organization.handed-over": "An organisation was handed over",
    "organizations.token.issued": "A personal access token was made",
    "organizations.token.revoked": "A personal access token was revoked",
    "organizations.zone.founded": "The zone was founded",
}


def name_happenings(sentences: Mapping[str, str]) -> None:
    """Add the sentences of an app's own kinds of event."""
    HAPPENINGS.update(sentences)
