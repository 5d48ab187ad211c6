"""What goes in and out over HTTP. Money is in fen, an account goes in and never comes out."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, ClassVar

from msgspec import Meta
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.plain_text import PlainBody, day_of
from zonary.foundation.organizations.schemas import ProblemOut
from zonary.services.incentives.grants.actions.answering import MAX_OBJECTION
from zonary.services.incentives.grants.actions.recovering import WORKDAYS
from zonary.services.incentives.grants.making import CONSENT_WORKDAYS
from zonary.services.incentives.grants.models import AutomaticBatch, Grant, Objection, PaymentFile
from zonary.services.incentives.grants.rules.accounts import MAX_BANK, MAX_PAYEE, Account, read_account
from zonary.services.incentives.grants.rules.allocating import MAX_FEN, Last
from zonary.services.incentives.grants.rules.payment_files import MAX_LINES
from zonary.services.incentives.grants.rules.steps import MAX_TEXT, Reason
from zonary.services.incentives.grants.rules.terms import MAX_WORKDAYS, terms_of

__all__ = [
    "AccountIn",
    "BatchOut",
    "BatchesOut",
    "ClaimIn",
    "ClawBackIn",
    "DecisionIn",
    "GrantOut",
    "GrantsOut",
    "NoticesOut",
    "ObjectionIn",
    "ObjectionOut",
    "PaymentFileOut",
    "ProblemOut",
    "ReasonIn",
    "ReleaseIn",
    "ResultsIn",
    "StartIn",
]
_Text = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
_Long = Annotated[str, Meta(min_length=1, max_length=MAX_OBJECTION)]
_Id = Annotated[str, Meta(min_length=1, max_length=40)]
_Workdays = Annotated[int, Meta(ge=1, le=MAX_WORKDAYS)]


class StartIn(PlainBody, frozen=True):
    """`day` is today without; `last` says what the first one gets for whom the budget does not suffice."""

    DAYS: ClassVar[tuple[str, ...]] = ("day",)
    measure: _Id
    day: str | None = None
    consent_workdays: _Workdays = CONSENT_WORKDAYS
    last: Annotated[str, Meta(extra_json_schema={"enum": list(Last)})] = Last.REST.value

    def misfit(self) -> str | None:
        return super().misfit() or (None if self.last in set(Last) else "last is rest or nothing")

    def as_of(self) -> date | None:
        return day_of(self.day)


class AccountIn(PlainBody, frozen=True):
    """Payee and bank as they stand in the bank's books; blanks and hyphens in the number do not matter."""

    payee: Annotated[str, Meta(min_length=2, max_length=MAX_PAYEE)]
    bank: Annotated[str, Meta(min_length=2, max_length=MAX_BANK)]
    number: Annotated[str, Meta(min_length=8, max_length=60)]

    def account(self) -> Account:
        return read_account(self.payee, self.bank, self.number)


class ClaimIn(PlainBody, frozen=True):
    """The account of the enterprise for what pays money; `{}` for what gives none."""

    payee: Annotated[str, Meta(max_length=MAX_PAYEE)] = ""
    bank: Annotated[str, Meta(max_length=MAX_BANK)] = ""
    number: Annotated[str, Meta(max_length=60)] = ""

    def account(self) -> Account | None:
        given = self.payee or self.bank or self.number
        return read_account(self.payee, self.bank, self.number) if given else None


class ReasonIn(PlainBody, frozen=True):
    reason: _Text


class ObjectionIn(PlainBody, frozen=True):
    """`on_behalf`: whose words these are, where an officer takes them down."""

    reason: _Long
    on_behalf: Annotated[str, Meta(max_length=120)] = ""


class DecisionIn(PlainBody, frozen=True):
    outcome: Annotated[str, Meta(extra_json_schema={"enum": ["upheld", "rejected"]})]
    answer: _Long

    def misfit(self) -> str | None:
        return super().misfit() or (None if self.outcome in ("upheld", "rejected") else "outcome is upheld or rejected")


class ReleaseIn(PlainBody, frozen=True):
    """`looked_at`: the grants of the sample, each of which the officer looked at."""

    looked_at: Annotated[list[_Id], Meta(max_length=MAX_LINES)]
    note: _Text


class ResultIn(PlainBody, frozen=True):
    line: Annotated[int, Meta(ge=1, le=MAX_LINES)]
    grant: _Id
    result: Annotated[str, Meta(extra_json_schema={"enum": ["paid", "failed"]})]
    reason: Annotated[str, Meta(max_length=MAX_TEXT)] = ""


class ResultsIn(PlainBody, frozen=True):
    """What the bank answered, line by line; all of them are taken, or none."""

    results: Annotated[list[ResultIn], Meta(min_length=1, max_length=MAX_LINES)]

    def rows(self) -> list[tuple[int, dict[str, str]]]:
        return [
            (
                number,
                {
                    "line": str(each.line),
                    "grant": each.grant,
                    "amount": "",
                    "result": each.result,
                    "reason": each.reason,
                },
            )
            for number, each in enumerate(self.results, 1)
        ]


class ClawBackIn(PlainBody, frozen=True):
    """`amount` in fen; all that was paid without."""

    why: Annotated[str, Meta(extra_json_schema={"enum": list(Reason)})]
    note: _Long
    amount: Annotated[int, Meta(ge=1, le=MAX_FEN)] | None = None
    workdays: _Workdays = WORKDAYS

    def misfit(self) -> str | None:
        return super().misfit() or (None if self.why in set(Reason) else "there is no such reason")


class BatchOut(BaseModel):
    """Money in fen; `counts` has grants by state."""

    id: str
    number: str
    measure: str
    is_instant: bool
    day: str
    known_at: str
    release: str
    state: str
    terms: dict[str, Any]
    terms_digest: str
    list_digest: str
    notice_digest: str
    notice_until: str | None
    consent_until: str | None
    pay_until: str | None
    counts: dict[str, int]


class BatchesOut(BaseModel):
    items: list[BatchOut]
    next: str | None


class GrantOut(BaseModel):
    """Money in fen; `entitled` and `allocated` are null before the payment file."""

    id: str
    batch: str
    measure: str
    enterprise: str
    state: str
    reason: str
    computed: int
    entitled: int | None
    entitled_why: str
    allocated: int | None
    allocated_why: str
    decision_digest: str
    account_digest: str
    consent_until: str | None


class GrantsOut(BaseModel):
    items: list[GrantOut]
    next: str | None


class ObjectionOut(BaseModel):
    id: str
    grant: str
    state: str
    reason: str
    answer: str
    raised_at: str


class PaymentFileOut(BaseModel):
    """`sample`: the grants the second officer looks at before the file is released."""

    id: str
    batch: str
    number: int
    state: str
    digest: str
    shown_digest: str
    lines: int
    total: int
    sample: list[str]


class NoticesOut(BaseModel):
    """What is in public notice now, each as it was published; a line that was withdrawn is its digest alone.

    Of those that ended: `id`, `batch` (its number), `measure`, `published`, `until` and `digest` (SHA-256).
    """

    items: list[dict[str, Any]]
    next: str | None


def batch_out(batch: AutomaticBatch, counts: dict[str, int]) -> dict[str, object]:
    return {
        "id": str(batch.public_id),
        "number": batch.number,
        "measure": str(batch.measure.public_id),
        "is_instant": batch.is_instant,
        "day": batch.day.isoformat(),
        "known_at": rfc3339(batch.known_at),
        "release": str(batch.release),
        "state": batch.state,
        "terms": json.loads(batch.terms),
        "terms_digest": batch.terms_digest,
        "list_digest": batch.list_digest,
        "notice_digest": batch.notice_digest,
        "notice_until": _day(batch.notice_until),
        "consent_until": _day(batch.consent_until),
        "pay_until": _day(batch.pay_until),
        "counts": counts,
    }


def ended_notice_out(batch: AutomaticBatch) -> dict[str, object]:
    """Of a notice that is over: that there was one, and the digest of what it said."""
    return {
        "id": str(batch.public_id),
        "batch": batch.number,
        "measure": terms_of(batch.terms).title,
        "published": rfc3339(batch.noticed_at) if batch.noticed_at else None,
        "until": _day(batch.notice_until),
        "digest": batch.notice_digest,
    }


def grant_out(grant: Grant) -> dict[str, object]:
    return {
        "id": str(grant.public_id),
        "batch": str(grant.batch.public_id),
        "measure": str(grant.batch.measure.public_id),
        "enterprise": str(grant.subject.public_id),
        "state": grant.state,
        "reason": grant.reason,
        "computed": grant.computed,
        "entitled": grant.entitled,
        "entitled_why": grant.entitled_why,
        "allocated": grant.allocated,
        "allocated_why": grant.allocated_why,
        "decision_digest": grant.decision.digest,
        "account_digest": grant.account_digest,
        "consent_until": _day(grant.batch.consent_until),
    }


def objection_out(objection: Objection) -> dict[str, object]:
    return {
        "id": str(objection.public_id),
        "grant": str(objection.grant.public_id),
        "state": objection.state,
        "reason": objection.reason,
        "answer": objection.answer,
        "raised_at": rfc3339(objection.raised_at),
    }


def file_out(file: PaymentFile, sample: list[str]) -> dict[str, object]:
    return {
        "id": str(file.public_id),
        "batch": str(file.batch.public_id),
        "number": file.number,
        "state": file.state,
        "digest": file.digest,
        "shown_digest": file.shown_digest,
        "lines": file.lines,
        "total": file.total,
        "sample": sample,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
