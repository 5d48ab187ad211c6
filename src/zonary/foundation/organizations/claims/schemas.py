"""Claims as they go in and out over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.plain_text import PLAIN, PlainBody
from zonary.foundation.organizations.claims.queries import answer_of, statement_of
from zonary.foundation.organizations.models import Claim
from zonary.foundation.organizations.rules import COMPARED, MAX_STATEMENT

_DECISIONS = ("confirm", "refuse")


class ClaimDecisionIn(PlainBody, frozen=True):
    """What an officer compared, and what came of it. `compared` is needed to confirm, `answer` to refuse."""

    decision: Annotated[str, Meta(max_length=8, extra_json_schema={"pattern": f"^({'|'.join(_DECISIONS)})$"})]
    compared: Annotated[str, Meta(max_length=24, extra_json_schema={"pattern": f"^(|{'|'.join(COMPARED)})$"})] = ""
    answer: Annotated[str, Meta(max_length=MAX_STATEMENT, extra_json_schema={"pattern": PLAIN})] = ""

    def misfit(self) -> str | None:
        if self.decision not in _DECISIONS:
            return f"decision is one of {', '.join(_DECISIONS)}"
        if self.compared and self.compared not in COMPARED:
            return f"compared is empty or one of {', '.join(COMPARED)}"
        if self.decision == "confirm" and not self.compared:
            return "to confirm a claim say in compared what you compared it with"
        if self.decision == "refuse" and not self.answer.strip():
            return "to refuse a claim say in answer why"
        return PlainBody.misfit(self)


class ClaimOut(BaseModel):
    """That `person` says to act for `organization`, which is listed. `answer` is why an officer refused it."""

    id: str
    state: Literal["open", "confirmed", "refused", "withdrawn"]
    organization: str
    name: str
    uscc: str | None
    person: str
    statement: str
    claimed_at: datetime
    decided_at: datetime | None
    compared: str
    answer: str


class ClaimsOut(BaseModel):
    items: list[ClaimOut]
    next: str | None


def claim_out(claim: Claim) -> dict[str, object]:
    return {
        "id": str(claim.public_id),
        "state": claim.state.value,
        "organization": str(claim.organization.public_id),
        "name": claim.organization.name,
        "uscc": claim.organization.uscc,
        "person": str(claim.person.public_id),
        "statement": statement_of(claim),
        "claimed_at": rfc3339(claim.claimed_at),
        "decided_at": None if claim.decided_at is None else rfc3339(claim.decided_at),
        "compared": claim.compared,
        "answer": answer_of(claim),
    }
