"""What goes in and out over HTTP. Values are texts: exact, however large."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from msgspec import Meta
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.json_body import Body
from zonary.foundation.facts.actions.importing import MAX_ROWS, Imported
from zonary.foundation.facts.models import Consent, Dispute, Fact, ProfileShare, Reading
from zonary.foundation.facts.queries import retraction_of
from zonary.foundation.facts.rules import Claim, written_period

Short: TypeAlias = Annotated[str, Meta(max_length=200)]
Code: TypeAlias = Annotated[str, Meta(max_length=40)]
Codes: TypeAlias = Annotated[list[Code], Meta(max_length=100)]


class ClaimIn(Body, frozen=True):
    """What is so: an `indicator` of the dictionary, its `value` in `unit`, and the `period` it is about.

    A period is `2025`, `2025-Q3`, `2025-07`, a day, `FIRST/LAST`, or `FIRST/` for what goes on. `document` is the
    SHA-256 of the document it was taken from. `use_limit` names the purposes it may be read for; empty: any of the
    zone's.
    """

    indicator: Code
    value: Short
    period: Annotated[str, Meta(max_length=40)]
    unit: Code = ""
    source: Short = ""
    document: Annotated[str, Meta(max_length=64)] = ""
    sharing_basis: Short = ""
    use_limit: Codes = []  # noqa: RUF012 - msgspec copies it
    consent: Code = ""
    consent_not_needed: Short = ""

    def claim(self) -> Claim:
        return Claim(
            indicator=self.indicator,
            value=self.value,
            period=self.period,
            unit=self.unit,
            source=self.source,
            document=self.document,
            sharing_basis=self.sharing_basis,
            use_limit=tuple(self.use_limit),
            consent=self.consent,
            consent_not_needed=self.consent_not_needed,
        )


class FactIn(Body, frozen=True):
    """Without `subject` about your own enterprise; officers name the `subject` and the `source_kind`."""

    claim: ClaimIn
    subject: Code = ""
    source_kind: Code = "officer"


class CorrectionIn(Body, frozen=True):
    claim: ClaimIn
    reason: Short


class RowIn(Body, frozen=True):
    uscc: Code
    claim: ClaimIn


class ImportIn(Body, frozen=True):
    """Rows that are wrong are told, the others recorded."""

    items: Annotated[list[RowIn], Meta(min_length=1, max_length=MAX_ROWS)]
    source: Short
    sharing_basis: Short = ""
    consent_not_needed: Short = ""


class DisputeIn(Body, frozen=True):
    reason: Short
    ought: Short = ""


class AnswerIn(Body, frozen=True):
    """`outcome` is `upheld`, and then `claim` says what is right, or `rejected`."""

    outcome: Code
    answer: Short
    claim: ClaimIn | None = None


class ConsentIn(Body, frozen=True):
    """`until` is a last day, `2026-12-31`, or empty."""

    indicators: Codes
    purposes: Codes = []  # noqa: RUF012 - msgspec copies it
    until: Code = ""


class ReasonIn(Body, frozen=True):
    reason: Short


class ShareIn(Body, frozen=True):
    """`recipient` is the id or 统一社会信用代码 of an organisation, `until` a last day; no `indicators`: all."""

    recipient: Code
    purpose: Code
    until: Code
    indicators: Codes = []  # noqa: RUF012 - msgspec copies it


class ReadingIn(Body, frozen=True):
    """`valid_on`: only facts about that day. `occasion`: for whoever looks at the record later."""

    subject: Code
    purpose: Code
    occasion: Short = ""
    indicators: Codes = []  # noqa: RUF012 - msgspec copies it
    valid_on: Code = ""


class FactOut(BaseModel):
    """`value` is exact: money in fen, areas in m². `receipt` is the entry of the ledger that recorded it."""

    id: str
    subject: str
    indicator: str
    value: str
    unit: str
    period: str
    valid_from: str
    valid_until: str | None
    recorded_at: str
    recorded_by: str
    recorded_for: str
    source_kind: str
    source: str
    document: str
    sharing_basis: str
    use_limit: list[str]
    consent: str
    consent_not_needed: str
    supersedes: str
    reason: str
    is_disputed: bool
    retracted_at: str | None
    retraction_reason: str
    receipt: str


class FactsOut(BaseModel):
    items: list[FactOut]
    next: str | None


class ItemsOut(BaseModel):
    """A page of a list; an item is what the act that made it answered."""

    items: list[dict[str, Any]]
    next: str | None = None


def fact_out(fact: Fact) -> dict[str, Any]:
    retraction = retraction_of(fact)
    return {
        "id": str(fact.public_id),
        "subject": str(fact.subject.public_id),
        "indicator": fact.indicator,
        "value": fact.value,
        "unit": fact.unit,
        "period": written_period(fact.valid_from, fact.valid_until),
        "valid_from": fact.valid_from.isoformat(),
        "valid_until": fact.valid_until.isoformat() if fact.valid_until else None,
        "recorded_at": rfc3339(fact.recorded_at),
        "recorded_by": fact.recorded_by,
        "recorded_for": fact.recorded_for,
        "source_kind": str(fact.source_kind),
        "source": fact.source,
        "document": fact.document,
        "sharing_basis": fact.sharing_basis,
        "use_limit": fact.use_limit,
        "consent": str(fact.consent.public_id) if fact.consent else "",
        "consent_not_needed": fact.consent_not_needed,
        "supersedes": str(fact.supersedes.public_id) if fact.supersedes else "",
        "reason": fact.reason,
        "is_disputed": any(dispute.state == Dispute.State.OPEN for dispute in fact.disputes.all()),
        "retracted_at": rfc3339(retraction.retracted_at) if retraction else None,
        "retraction_reason": retraction.reason if retraction else "",
        "receipt": str(fact.entry),
    }


def dispute_out(dispute: Dispute) -> dict[str, Any]:
    return {
        "id": str(dispute.public_id),
        "fact": str(dispute.fact.public_id),
        "subject": str(dispute.subject.public_id),
        "state": str(dispute.state),
        "reason": dispute.reason,
        "ought": dispute.ought,
        "disputed_at": rfc3339(dispute.disputed_at),
        "answer": dispute.answer,
        "answered_at": rfc3339(dispute.answered_at) if dispute.answered_at else None,
        "outcome_fact": str(dispute.outcome_fact.public_id) if dispute.outcome_fact else "",
        "receipt": str(dispute.entry),
    }


def consent_out(consent: Consent) -> dict[str, Any]:
    return {
        "id": str(consent.public_id),
        "indicators": consent.indicators,
        "purposes": consent.purposes,
        "until": consent.until.isoformat() if consent.until else None,
        "given_at": rfc3339(consent.given_at),
        "withdrawn_at": rfc3339(consent.withdrawn_at) if consent.withdrawn_at else None,
        "receipt": str(consent.entry),
    }


def share_out(share: ProfileShare) -> dict[str, Any]:
    return {
        "id": str(share.public_id),
        "subject": str(share.subject.public_id),
        "recipient": str(share.recipient.public_id),
        "indicators": share.indicators,
        "purpose": share.purpose,
        "until": share.until.isoformat(),
        "shared_at": rfc3339(share.shared_at),
        "ended_at": rfc3339(share.ended_at) if share.ended_at else None,
        "receipt": str(share.entry),
    }


def reading_out(reading: Reading) -> dict[str, Any]:
    return {
        "id": str(reading.public_id),
        "reader": reading.reader,
        "organisation": str(reading.organization.public_id),
        "organisation_name": reading.organization.name,
        "purpose": reading.purpose,
        "occasion": reading.occasion,
        "read_at": rfc3339(reading.read_at),
        "facts": [str(fact.public_id) for fact in reading.facts.all()],
        "receipt": str(reading.entry),
    }


def imported_out(done: Imported) -> dict[str, Any]:
    """``errors`` name rows by their position in the request, the first is 1."""
    errors = [{"row": each.number, "message": str(each.error)} for each in done.errors]
    return {"recorded": done.recorded, "unchanged": done.unchanged, "errors": errors}
