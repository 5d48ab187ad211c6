"""Tokens that act for a person: made by themselves, for whom they stand, limited in what and until when."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from zonary.common.clock import rfc3339
from zonary.common.ids import new_id
from zonary.foundation.accounts.models import AccessToken
from zonary.foundation.accounts.rules import digest_of_token
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.events import PersonalTokenIssued, TokenRevoked
from zonary.foundation.organizations.permissions import NotAllowedError, hold_standing, require_person
from zonary.foundation.organizations.queries import as_uuid, tokens_of
from zonary.foundation.organizations.scopes import MAX_TOKEN_TERM, SCOPES
from zonary.foundation.organizations.standing import Standing

_MARK = "zonary_"
"""What tokens begin with, so that whoever looks through files for secrets finds them."""


class TokenError(LedgerError):
    """There can be no such token."""


class UnknownTokenError(TokenError):
    """There is none, it is another's, or it has ended."""


@action
def issue_personal_token(
    *, name: str, scopes: Collection[str], expires_at: datetime, by: Standing, at: datetime
) -> tuple[AccessToken, str]:
    """Make a token that acts as ``by`` does; returns its row and the token itself, which is nowhere kept.

    :param name: what its owner knows it by.
    :raises NotAllowedError: when a token asks: one that could make others would outlive its own end.
    :raises TokenError: without a scope, for one that does not exist, or a term that is over or too long.
    """
    hold_standing(by, at=at)
    require_person(by)
    if by.scopes is not None:
        raise NotAllowedError("An access token makes no other. Sign in, and make it there.")
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise TokenError("Choose at least one scope, each from this list: {scopes}.", scopes=", ".join(SCOPES))
    if not at < expires_at <= at + MAX_TOKEN_TERM:
        raise TokenError("A token ends after today, and at most {days} days from now.", days=MAX_TOKEN_TERM.days)
    secret = _MARK + secrets.token_urlsafe(32)
    made = AccessToken.objects.create(
        public_id=new_id(at),
        digest=digest_of_token(secret),
        owner=by.person,
        organisation=by.organisation,
        name=name,
        scopes=" ".join(sorted(scopes)),
        issued_at=at,
        expires_at=expires_at,
    )
    event = PersonalTokenIssued(token=str(made.public_id), scopes=sorted(scopes), expires_at=rfc3339(expires_at))
    record(event, by=by, about=by.holder, at=at)
    return made, secret


@action
def revoke_token(token: str, *, by: Standing, at: datetime) -> None:
    """Have a token of one's own open nothing any more; one who may only look, or acts no longer, still may.

    :param token: its public id.
    :raises TokenError: when ``by`` has no such token in force.
    """
    if not tokens_of(by).filter(public_id=as_uuid(token), revoked_at=None).update(revoked_at=at):
        raise UnknownTokenError("There is no such token of yours that is in force.")
    record(TokenRevoked(token=token), by=by, about=by.holder, at=at)
