"""What goes in and out over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from msgspec import Meta
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.plain_text import DAY, PLAIN, PlainBody, day_of
from zonary.foundation.accounts.models import AccessToken
from zonary.foundation.ledger.receipts import ActEntry
from zonary.foundation.organizations.models import Correction, Invitation, Membership, Organization
from zonary.foundation.organizations.rules import FOUNDABLE, MAX_NAME, MAX_STATEMENT, POOLS
from zonary.foundation.organizations.scopes import SCOPES

_plain = {"pattern": PLAIN}
Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_NAME, extra_json_schema=_plain)]
Line: TypeAlias = Annotated[str, Meta(max_length=200, extra_json_schema=_plain)]
Reason: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, extra_json_schema=_plain)]
Id: TypeAlias = Annotated[str, Meta(min_length=36, max_length=36, extra_json_schema=_plain)]
Day: TypeAlias = Annotated[str, Meta(min_length=10, max_length=10, extra_json_schema={"pattern": DAY})]
Role: TypeAlias = Annotated[str, Meta(max_length=8, extra_json_schema={"pattern": "^(owner|agent|reader)$"})]
Scope: TypeAlias = Annotated[str, Meta(max_length=24, extra_json_schema={"pattern": f"^({'|'.join(SCOPES)})$"})]

_ROLES = frozenset(Membership.Role.values)


class _Roles(PlainBody, frozen=True):
    def misfit(self) -> str | None:
        role = getattr(self, "role", None)
        if role is not None and role not in _ROLES:
            return f"role is one of {', '.join(sorted(_ROLES))}"
        return PlainBody.misfit(self)


class FoundingIn(PlainBody, frozen=True):
    """An organisation that is to act here. With the number of one that is listed, that one is claimed instead.

    `statement` is for the officer who then decides: your position, a phone number of the office.
    """

    kind: Annotated[str, Meta(max_length=24, extra_json_schema={"pattern": f"^({'|'.join(FOUNDABLE)})$"})]
    name: Name
    uscc: Annotated[str, Meta(max_length=40, extra_json_schema=_plain)] = ""
    address: Line = ""
    legal_representative: Annotated[str, Meta(max_length=60, extra_json_schema=_plain)] = ""
    statement: Annotated[str, Meta(max_length=MAX_STATEMENT, extra_json_schema=_plain)] = ""

    def misfit(self) -> str | None:
        if self.kind not in FOUNDABLE:
            return f"kind is one of {', '.join(FOUNDABLE)}"
        return PlainBody.misfit(self)


class InvitationIn(_Roles, frozen=True):
    """An offer of membership, until the last day of a term or without end."""

    DAYS: ClassVar[tuple[str, ...]] = ("until",)
    role: Role
    email: Annotated[str, Meta(max_length=254, extra_json_schema=_plain)] = ""
    until: Day | None = None
    department: Id | None = None


class PoolIn(PlainBody, frozen=True):
    """A pool of experts, mediators or inspectors."""

    kind: Annotated[str, Meta(max_length=24, extra_json_schema={"pattern": f"^({'|'.join(POOLS)})$"})]
    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME, extra_json_schema=_plain)]

    def misfit(self) -> str | None:
        return PlainBody.misfit(self) if self.kind in POOLS else f"kind is one of {', '.join(POOLS)}"


class AcceptanceIn(PlainBody, frozen=True):
    """The secret of an invitation's link."""

    secret: Annotated[str, Meta(min_length=1, max_length=64, extra_json_schema=_plain)]


class ChangeIn(_Roles, frozen=True):
    """Another role, or another term."""

    DAYS: ClassVar[tuple[str, ...]] = ("until",)
    role: Role
    until: Day | None = None


class EndIn(PlainBody, frozen=True):
    reason: Reason


class HandOverIn(PlainBody, frozen=True):
    """Who is to own the organisation, and as what the present owner stays; empty: not at all."""

    membership: Id
    stay_as: Annotated[str, Meta(max_length=8, extra_json_schema={"pattern": "^(|owner|agent|reader)$"})] = ""

    def misfit(self) -> str | None:
        if self.stay_as and self.stay_as not in _ROLES:
            return f"stay_as is empty or one of {', '.join(sorted(_ROLES))}"
        return PlainBody.misfit(self)


class FieldIn(PlainBody, frozen=True):
    field: Annotated[str, Meta(min_length=1, max_length=60, extra_json_schema=_plain)]
    text: Annotated[str, Meta(max_length=400, extra_json_schema=_plain)]


class CorrectionIn(PlainBody, frozen=True):
    """What an act wrote down wrongly, and what it should be. Somebody else has to agree."""

    act: Id
    changes: Annotated[list[FieldIn], Meta(min_length=1, max_length=20)]
    reason: Reason


class DecisionIn(PlainBody, frozen=True):
    decision: Annotated[str, Meta(max_length=8, extra_json_schema={"pattern": "^(approve|reject)$"})]
    answer: Line = ""

    def misfit(self) -> str | None:
        return PlainBody.misfit(self) if self.decision in ("approve", "reject") else "decision is approve or reject"


class TokenIn(PlainBody, frozen=True):
    """A token that acts as you do now, as far as its scopes reach, up to the end of a day."""

    DAYS: ClassVar[tuple[str, ...]] = ("last_day",)
    name: Annotated[str, Meta(min_length=1, max_length=80, extra_json_schema=_plain)]
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=len(SCOPES))]
    last_day: Day

    def misfit(self) -> str | None:
        if not set(self.scopes) <= set(SCOPES):
            return f"scopes are among {', '.join(SCOPES)}"
        return PlainBody.misfit(self)


def term(until: str | None) -> date | None:
    """The day a body names; whether it is one was looked at when it was read."""
    return day_of(until)


class OrganizationOut(BaseModel):
    """`is_confirmed`: an officer of the zone compared who acts for it with its licence, and confirmed it."""

    id: str
    kind: str
    state: str
    name: str
    uscc: str | None
    industry_code: str
    address: str
    legal_representative: str
    registered_at: datetime
    is_confirmed: bool


class PoolOut(BaseModel):
    """A pool of experts, mediators or inspectors, and how many people act in it."""

    id: str
    kind: str
    name: str
    people: int
    registered_at: datetime


class PoolsOut(BaseModel):
    items: list[PoolOut]
    next: str | None


class MemberOut(BaseModel):
    """Who acts for the organisation, as what, until the end of which day."""

    id: str
    person: str
    name: str
    role: str
    department: str | None
    since: datetime
    until: date | None


class InvitationOut(BaseModel):
    """`secret` is shown once, to whoever invited."""

    id: str
    role: str
    email: str
    until: date | None
    invited_at: datetime
    expires_at: datetime
    state: str
    secret: str | None


class PoolOpenedOut(BaseModel):
    """`invitation` is for whoever keeps the pool; its secret is shown once."""

    pool: PoolOut
    invitation: InvitationOut


class CorrectionOut(BaseModel):
    id: str
    act: str
    kind: str
    state: str
    reason: str
    proposed_by: str
    proposed_at: datetime


class TokenOut(BaseModel):
    """`token` is shown once, when it was made."""

    id: str
    name: str
    scopes: list[str]
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    token: str | None


class MembersOut(BaseModel):
    items: list[MemberOut]
    next: str | None


class InvitationsOut(BaseModel):
    items: list[InvitationOut]
    next: str | None


class CorrectionsOut(BaseModel):
    items: list[CorrectionOut]
    next: str | None


class TokensOut(BaseModel):
    items: list[TokenOut]
    next: str | None


class ActOut(BaseModel):
    """What was recorded. `body` is null once it was erased; `index` and `generation` until it has its place.

    With `count` above 1 this is the first of so many that were recorded in one go. `file` is the receipt, once
    `stage` is `published`.
    """

    id: str
    kind: str
    actor: str
    organisation: str
    about: str
    recorded_at: datetime
    count: int
    stage: Literal["recorded", "sequenced", "published"]
    generation: int | None
    index: int | None
    body: dict[str, Any] | None
    file: str


class ActsOut(BaseModel):
    items: list[ActOut]
    next: str | None


class ProblemOut(BaseModel):
    """Problem details (RFC 9457). `code` never changes for the same kind of problem."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, str]] | None = None


def organization_out(organization: Organization) -> dict[str, object]:
    return {
        "id": str(organization.public_id),
        "kind": organization.kind,
        "state": organization.state,
        "name": organization.name,
        "uscc": organization.uscc,
        "industry_code": organization.industry_code,
        "address": organization.address,
        "legal_representative": organization.legal_representative,
        "registered_at": rfc3339(organization.registered_at),
        "is_confirmed": organization.confirmation_act is not None,
    }


def member_out(held: Membership) -> dict[str, object]:
    return {
        "id": str(held.public_id),
        "person": str(held.person.public_id),
        "name": held.person.name,
        "role": held.role,
        "department": None if held.department is None else held.department.name,
        "since": rfc3339(held.since),
        "until": held.until,
    }


def invitation_out(invitation: Invitation, *, at: datetime, secret: str | None = None) -> dict[str, object]:
    is_over = invitation.expires_at <= at
    state = "withdrawn" if invitation.withdrawn_at else "accepted" if invitation.accepted_at else "open"
    return {
        "id": str(invitation.public_id),
        "role": invitation.role,
        "email": invitation.email,
        "until": invitation.until,
        "invited_at": rfc3339(invitation.invited_at),
        "expires_at": rfc3339(invitation.expires_at),
        "state": "expired" if state == "open" and is_over else state,
        "secret": secret,
    }


def correction_out(correction: Correction) -> dict[str, object]:
    return {
        "id": str(correction.public_id),
        "act": str(correction.act),
        "kind": correction.kind,
        "state": correction.state,
        "reason": correction.reason,
        "proposed_by": correction.proposed_by,
        "proposed_at": rfc3339(correction.proposed_at),
    }


def token_out(made: AccessToken, token: str | None = None) -> dict[str, object]:
    return {
        "id": str(made.public_id),
        "name": made.name,
        "scopes": made.scopes.split(),
        "issued_at": rfc3339(made.issued_at),
        "expires_at": None if made.expires_at is None else rfc3339(made.expires_at),
        "revoked_at": None if made.revoked_at is None else rfc3339(made.revoked_at),
        "token": token,
    }


def act_out(act: ActEntry, folder: str) -> dict[str, object]:
    """:param folder: the address under which receipts are found, without host."""
    return {
        "id": act.public_id,
        "kind": act.kind,
        "actor": act.actor,
        "organisation": act.organisation,
        "about": act.about,
        "recorded_at": rfc3339(act.recorded_at),
        "count": act.count,
        "stage": act.stage.value,
        "generation": act.generation,
        "index": act.index,
        "body": None if act.body is None else dict(act.body),
        "file": f"{folder}/{act.public_id}/file",
    }


def pool_out(pool: Organization, *, people: int) -> dict[str, object]:
    return {
        "id": str(pool.public_id),
        "kind": pool.kind,
        "name": pool.name,
        "people": people,
        "registered_at": rfc3339(pool.registered_at),
    }
