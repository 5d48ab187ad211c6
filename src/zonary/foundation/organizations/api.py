"""Organisations, who acts for them, corrections and tokens: parse, call one action or query, answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from zonary.common import problems
from zonary.common.clock import end_of_day, now
from zonary.common.json_body import Model, read_json, takes
from zonary.common.pagination import DEFAULT_LIMIT, MAX_LIMIT, listing, paginate
from zonary.foundation.accounts.recent import where_to_show_again
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations import actions, queries
from zonary.foundation.organizations.access import asked_by, needs
from zonary.foundation.organizations.actions.founding import Founding
from zonary.foundation.organizations.claims.entering import enter_organization
from zonary.foundation.organizations.claims.schemas import ClaimOut, claim_out
from zonary.foundation.organizations.models import Claim
from zonary.foundation.organizations.schemas import (
    AcceptanceIn,
    ChangeIn,
    CorrectionIn,
    CorrectionOut,
    CorrectionsOut,
    DecisionIn,
    EndIn,
    FoundingIn,
    HandOverIn,
    InvitationIn,
    InvitationOut,
    InvitationsOut,
    MemberOut,
    MembersOut,
    OrganizationOut,
    PoolIn,
    PoolOpenedOut,
    PoolsOut,
    ProblemOut,
    TokenIn,
    TokenOut,
    TokensOut,
    correction_out,
    invitation_out,
    member_out,
    organization_out,
    pool_out,
    term,
    token_out,
)
from zonary.foundation.organizations.scopes import SIGNED_IN

router = Router(tags=["organisations"])
READ, WRITE = needs("organization:read"), needs("organization:write")
_LOOKED = frozenset({401, 403, 404, 422})
_ASKED = frozenset({400, 401, 403, 404, 409, 410, 413, 415, 422})
_ADDRESS = "/api/v1"
_LIMIT: Any = Query(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)  # type: ignore[type-arg]  # a function to whoever calls it


def _answers(status: int, schema: object) -> dict[Any, Any]:
    return {status: schema, _ASKED: ProblemOut}


@router.get("/organization", auth=READ, response={200: OrganizationOut, _LOOKED: ProblemOut}, summary="Your own")
def own(request: HttpRequest) -> dict[str, object]:
    """The organisation you act for."""
    found = queries.own_organization(asked_by(request))
    if found is None:
        raise problems.not_found("You act for no organisation here.")
    return organization_out(found)


@router.post(
    "/organizations",
    auth=WRITE,
    response={201: OrganizationOut, 202: ClaimOut, _ASKED: ProblemOut},
    openapi_extra=takes(FoundingIn),
    summary="Have an organisation act here, and own it",
)
@once
def found(request: HttpRequest) -> Any:
    """201 with the organisation; 202 with a claim when it is in the registry of the zone: an officer decides on it."""
    asked = _read(request, FoundingIn)
    founding = Founding(
        kind=asked.kind,
        name=asked.name,
        uscc=asked.uscc,
        address=asked.address,
        legal_representative=asked.legal_representative,
    )
    entered = enter_organization(founding, statement=asked.statement, by=asked_by(request), at=now())
    return (202, claim_out(entered)) if isinstance(entered, Claim) else (201, organization_out(entered))


@router.get(
    "/organization/members", auth=READ, response={200: MembersOut, _LOOKED: ProblemOut}, summary="Who acts for it"
)
def members(request: HttpRequest, cursor: str = "", limit: int = _LIMIT) -> dict[str, object]:
    held = queries.members(asked_by(request), at=now.last_trusted())
    page = paginate(held, "public_id", cursor=cursor, limit=limit)
    return listing([member_out(each) for each in page], page.link(f"{_ADDRESS}/organization/members", limit=limit))


@router.post(
    "/organization/members/{membership}/change",
    auth=WRITE,
    response=_answers(200, MemberOut),
    openapi_extra=takes(ChangeIn),
    summary="Give a member another role or term",
)
@once
def change(request: HttpRequest, membership: str) -> Any:
    asked = _read(request, ChangeIn)
    by, at = asked_by(request), now()
    return member_out(actions.change_membership(membership, role=asked.role, until=term(asked.until), by=by, at=at))


@router.post(
    "/organization/members/{membership}/end",
    auth=WRITE,
    response=_answers(204, None),
    openapi_extra=takes(EndIn),
    summary="End somebody's membership, or your own",
)
@once
def end(request: HttpRequest, membership: str) -> Any:
    asked = _read(request, EndIn)
    actions.end_membership(membership, reason=asked.reason, by=asked_by(request), at=now())
    return 204, None


@router.post(
    "/organization/hand-over",
    auth=WRITE,
    response=_answers(204, None),
    openapi_extra=takes(HandOverIn),
    summary="Make another member its owner",
)
@once
def hand_over(request: HttpRequest) -> Any:
    asked = _read(request, HandOverIn)
    actions.hand_over_organization(asked.membership, stay_as=asked.stay_as, by=asked_by(request), at=now())
    return 204, None


@router.get(
    "/organization/invitations",
    auth=READ,
    response={200: InvitationsOut, _LOOKED: ProblemOut},
    summary="Invitations, newest first; for owners",
)
def invitations(request: HttpRequest, cursor: str = "", limit: int = _LIMIT) -> dict[str, object]:
    page = paginate(queries.invitations(asked_by(request)), "-public_id", cursor=cursor, limit=limit)
    following = page.link(f"{_ADDRESS}/organization/invitations", limit=limit)
    return listing([invitation_out(each, at=now.last_trusted()) for each in page], following)


@router.get(
    "/organization/pools", auth=READ, response={200: PoolsOut, _LOOKED: ProblemOut}, summary="Pools of the zone"
)
def pools(request: HttpRequest, cursor: str = "", limit: int = _LIMIT) -> dict[str, object]:
    """Of experts, mediators and inspectors; for officers."""
    found = queries.pools_seen_by(asked_by(request), at=now.last_trusted())
    page = paginate(found, "public_id", cursor=cursor, limit=limit)
    items = [pool_out(each, people=each.people) for each in page]  # type: ignore[attr-defined]  # annotated
    return listing(items, page.link(f"{_ADDRESS}/organization/pools", limit=limit))


@router.post(
    "/organization/pools",
    auth=WRITE,
    response=_answers(201, PoolOpenedOut),
    openapi_extra=takes(PoolIn),
    summary="Open a pool of experts, mediators or inspectors; for owners of the zone authority",
)
@once
def open_pool(request: HttpRequest) -> Any:
    asked, at = _read(request, PoolIn), now()
    pool, invitation, secret = actions.open_pool(asked.kind, asked.name, by=asked_by(request), at=at)
    return 201, {"pool": pool_out(pool, people=0), "invitation": invitation_out(invitation, at=at, secret=secret)}


@router.post(
    "/organization/invitations",
    auth=WRITE,
    response=_answers(201, InvitationOut),
    openapi_extra=takes(InvitationIn),
    summary="Invite somebody",
)
@once
def invite(request: HttpRequest) -> Any:
    """The secret of the link is in this answer and nowhere else."""
    asked, at = _read(request, InvitationIn), now()
    invitation, secret = actions.invite_member(
        role=asked.role,
        email=asked.email,
        until=term(asked.until),
        department=asked.department or "",
        by=asked_by(request),
        at=at,
    )
    return 201, invitation_out(invitation, at=at, secret=secret)


@router.post(
    "/organization/invitations/{invitation}/withdraw",
    auth=WRITE,
    response=_answers(204, None),
    summary="Take an invitation back",
)
@once
def withdraw(request: HttpRequest, invitation: str) -> Any:
    actions.withdraw_invitation(invitation, by=asked_by(request), at=now())
    return 204, None


@router.post(
    "/invitations/accept",
    auth=WRITE,
    response=_answers(201, MemberOut),
    openapi_extra=takes(AcceptanceIn),
    summary="Become a member by an invitation's secret",
)
@once
def accept(request: HttpRequest) -> Any:
    asked = _read(request, AcceptanceIn)
    return 201, member_out(actions.accept_invitation(asked.secret, by=asked_by(request), at=now()))


@router.get(
    "/corrections",
    auth=READ,
    response={200: CorrectionsOut, _LOOKED: ProblemOut},
    summary="Corrections that wait for you",
)
def corrections(request: HttpRequest, cursor: str = "", limit: int = _LIMIT) -> dict[str, object]:
    page = paginate(queries.corrections_waiting(asked_by(request)), "public_id", cursor=cursor, limit=limit)
    return listing([correction_out(each) for each in page], page.link(f"{_ADDRESS}/corrections", limit=limit))


@router.post(
    "/corrections",
    auth=WRITE,
    response=_answers(201, CorrectionOut),
    openapi_extra=takes(CorrectionIn),
    summary="Say that an act wrote something down wrongly",
)
@once
def correct(request: HttpRequest) -> Any:
    asked = _read(request, CorrectionIn)
    changes = {each.field: each.text for each in asked.changes}
    made = actions.propose_correction(asked.act, changes=changes, reason=asked.reason, by=asked_by(request), at=now())
    return 201, correction_out(made)


@router.post(
    "/corrections/{correction}/decision",
    auth=WRITE,
    response=_answers(200, CorrectionOut),
    openapi_extra=takes(DecisionIn),
    summary="Agree to a correction, or refuse it",
)
@once
def decide(request: HttpRequest, correction: str) -> Any:
    asked = _read(request, DecisionIn)
    is_approved = asked.decision == "approve"
    decided = actions.decide_correction(
        correction, is_approved=is_approved, answer=asked.answer, by=asked_by(request), at=now()
    )
    return correction_out(decided)


@router.get(
    "/tokens", auth=needs(SIGNED_IN), response={200: TokensOut, _LOOKED: ProblemOut}, summary="Your access tokens"
)
def tokens(request: HttpRequest, cursor: str = "", limit: int = _LIMIT) -> dict[str, object]:
    """For whom you act now. No access token may ask this: only somebody who signed in."""
    page = paginate(queries.tokens_of(asked_by(request)), "-public_id", cursor=cursor, limit=limit)
    return listing([token_out(each) for each in page], page.link(f"{_ADDRESS}/tokens", limit=limit))


@router.post(
    "/tokens",
    auth=needs(SIGNED_IN),
    response=_answers(201, TokenOut),
    openapi_extra=takes(TokenIn),
    summary="Make an access token",
)
@once
def issue(request: HttpRequest) -> Any:
    """The token is in this answer and nowhere else. Only for who showed their password within minutes."""
    if where_to_show_again(request):
        raise problems.Problem(403, "sign-in-again", "Show your password or second factor again, then make the token.")
    asked, at = _read(request, TokenIn), now()
    made, token = actions.issue_personal_token(
        name=asked.name, scopes=asked.scopes, expires_at=_end_of(asked.last_day), by=asked_by(request), at=at
    )
    return 201, token_out(made, token)


@router.post(
    "/tokens/{token}/revoke", auth=needs(SIGNED_IN), response=_answers(204, None), summary="Have a token end now"
)
@once
def revoke(request: HttpRequest, token: str) -> Any:
    actions.revoke_token(token, by=asked_by(request), at=now())
    return 204, None


def _end_of(day: str) -> datetime:
    """The moment after the last one of ``day`` in the zone."""
    last = term(day)
    if last is None or last.year >= 9999:
        raise problems.Problem(422, "invalid", "There is no such day.")
    return end_of_day(last)


def _read(request: HttpRequest, schema: type[Model]) -> Model:
    return read_json(request.body, request.content_type or "", schema)
