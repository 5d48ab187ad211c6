"""What grants leave in the ledger. Money in fen; an account stands there as a salted digest, never in clear.

What one enterprise is concerned by is about its public id; what is done to all of a batch is about the batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStarted(Event):
    """Enterprises were listed for a measure. The digests are of the frozen terms, and of the list as it was then."""

    kind: ClassVar[str] = "grants.batch.started"
    batch: str
    number: str
    measure: str
    is_instant: bool
    day: str
    known_at: str
    release: str
    terms_digest: str
    list_digest: str
    grants: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantListed(Event):
    kind: ClassVar[str] = "grants.grant.listed"
    grant: str
    batch: str
    enterprise: str
    decision_digest: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RightGranted(Event):
    """What gives no money was claimed, and is had since: a right, a reduction, a qualification (权益, 减免, 资质)."""

    kind: ClassVar[str] = "grants.right.granted"
    grant: str
    batch: str
    enterprise: str
    decision_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeOpened(Event):
    """The list is public until ``until``; whoever has what was shown compares it with the digest."""

    kind: ClassVar[str] = "grants.notice.opened"
    batch: str
    content_digest: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRaised(Event):
    kind: ClassVar[str] = "grants.objection.raised"
    objection: str
    grant: str
    batch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDecided(Event):
    """For the enterprise objected to: what was said of its grant, and not who objected."""

    kind: ClassVar[str] = "grants.objection.decided"
    objection: str
    grant: str
    batch: str
    is_upheld: bool
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionAnswered(Event):
    """For whoever objected, whom this is about: the enterprise objected to does not see it."""

    kind: ClassVar[str] = "grants.objection.answered"
    objection: str
    objector: str
    is_upheld: bool
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentsOpened(Event):
    """From now until ``until`` enterprises say whether they want it, and where it goes to."""

    kind: ClassVar[str] = "grants.consents.opened"
    batch: str
    until: str
    grants: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentAsked(Event):
    kind: ClassVar[str] = "grants.consent.asked"
    grant: str
    enterprise: str
    amount: int
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(Event):
    """``account_digest`` is salted; the enterprise can show to which account it consented, nobody can guess it."""

    kind: ClassVar[str] = "grants.consent.given"
    grant: str
    batch: str
    account_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantDeclined(Event):
    kind: ClassVar[str] = "grants.grant.declined"
    grant: str
    batch: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentsClosed(Event):
    kind: ClassVar[str] = "grants.consents.closed"
    batch: str
    consented: int
    lapsed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLookedAt(Event):
    """All decisions were made anew, by the same release and as of the same day, with what is known now."""

    kind: ClassVar[str] = "grants.batch.looked-at"
    batch: str
    looked: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRemoved(Event):
    kind: ClassVar[str] = "grants.grant.removed"
    grant: str
    batch: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantKept(Event):
    """A fresh look came out otherwise, and the grant stays all the same."""

    kind: ClassVar[str] = "grants.grant.kept"
    grant: str
    batch: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPrepared(Event):
    """``file_digest`` is of the file with accounts, ``shown_digest`` of the same without them."""

    kind: ClassVar[str] = "grants.payment.prepared"
    file: str
    batch: str
    file_number: int
    file_digest: str
    shown_digest: str
    lines: int
    total: int
    spent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReleased(Event):
    """Another officer looked at these grants, and let the file go to the bank."""

    kind: ClassVar[str] = "grants.payment.released"
    file: str
    batch: str
    file_digest: str
    sample: list[str]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRejected(Event):
    kind: ClassVar[str] = "grants.payment.rejected"
    file: str
    batch: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFileTaken(Event):
    """An officer fetched the file with all accounts in it."""

    kind: ClassVar[str] = "grants.payment.taken"
    file: str
    file_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsRead(Event):
    """``results_digest`` is of the answers that were new, ``upload_digest`` of the bytes they came in."""

    kind: ClassVar[str] = "grants.results.read"
    file: str
    batch: str
    results_digest: str
    upload_digest: str
    paid: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAnswered(Event):
    """What the bank said of one payment."""

    kind: ClassVar[str] = "grants.grant.answered"
    grant: str
    enterprise: str
    is_paid: bool
    amount: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSettled(Event):
    kind: ClassVar[str] = "grants.batch.settled"
    batch: str
    paid: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCancelled(Event):
    kind: ClassVar[str] = "grants.batch.cancelled"
    batch: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantCancelled(Event):
    """The list an enterprise was asked from, or had claimed in, was given up; nothing of it is paid."""

    kind: ClassVar[str] = "grants.grant.cancelled"
    grant: str
    enterprise: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchExported(Event):
    """An officer took all it needs to repeat the batch elsewhere; no accounts are in it."""

    kind: ClassVar[str] = "grants.batch.exported"
    batch: str
    bundle_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClawBackDecided(Event):
    kind: ClassVar[str] = "grants.claw-back.decided"
    grant: str
    batch: str
    claw_back: str
    why: str
    note: str
    amount: int
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepaymentReceived(Event):
    kind: ClassVar[str] = "grants.repayment.received"
    grant: str
    claw_back: str
    amount: int
    is_late: bool
