from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from zonary.foundation.accounts.models import AccessToken, AdminAppointment, IdentityCheck, Person
from zonary.foundation.accounts.permissions import is_security_admin
from zonary.foundation.accounts.rules import digest_of_token
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.rows import fetch, table


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token that is in force gives.

    :param token: its public id; empty for a program's, such as the operator's.
    :param owner: public id of a person, or the name of that program.
    :param scopes: None for a program's, which is not limited.
    """

    token: str
    owner: str
    organisation: str
    scopes: frozenset[str] | None


def grant_of(token: str, *, at: datetime) -> Grant | None:
    """What ``token`` gives at the moment ``at``; None for one that is unknown, revoked or expired.

    Found by digest, so the time it takes tells nothing about other tokens. Whether its owner may still act for the
    organisation is not looked at.
    """
    # Asked with every request: the ORM would take as long over it as a proof takes.
    columns = "public_id, owner, organisation, scopes, expires_at, revoked_at"
    query = f"SELECT {columns} FROM {table(AccessToken)} WHERE digest = %s"  # noqa: S608
    found = fetch(query, [digest_of_token(token)])
    if not found:
        return None
    public_id, owner, organisation, scopes, expires_at, revoked_at = found[0]
    if revoked_at is not None or (expires_at is not None and _moment(expires_at) <= at):
        return None
    if public_id is None:
        return Grant("", owner, "", None)
    return Grant(str(uuid.UUID(str(public_id))), owner, organisation, frozenset(scopes.split()))


def _moment(value: Any) -> datetime:
    # Raw rows of SQLite hold what Django wrote: UTC, and do not say so.
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def is_issued(token: str, *, at: datetime) -> bool:
    """Whether ``token`` is in force; for a thread of its own, whose connection stays open between two questions.

    :raises django.db.DatabaseError: when the database cannot say; the next question connects anew.
    """
    try:
        return grant_of(token, at=at) is not None
    except DatabaseError:
        connection.close()
        raise


def has_digest(token: str) -> bool:
    """Whether ``token`` was ever issued, in force or not."""
    return AccessToken.objects.filter(digest=digest_of_token(token)).exists()


def has_token(owner: str) -> bool:
    """Whether a token has been issued to ``owner``."""
    return AccessToken.objects.filter(owner=owner).exists()


def has_second_factor(person: Person) -> bool:
    """Whether ``person`` needs more than a password to sign in. Recovery codes alone are none."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=person.pk, type__in=kinds).exists())


def holds_appointment(person: Person) -> bool:
    """Whether ``person`` is one of the administrators."""
    return AdminAppointment.objects.filter(person=person, ended_at__isnull=True).exists()


def identity_of(person: Person) -> IdentityCheck | None:
    """How it is known who ``person`` is: the latest check; None when they only say so, or it was taken back."""
    latest = IdentityCheck.objects.filter(person=person).order_by("checked_at", "pk").last()
    return None if latest is None or latest.method == IdentityCheck.Method.REVOKED else latest


def find_person(reader: Actor, text: str) -> Person | None:
    """Whose public id or e-mail address ``text`` is, erased or not; nobody, to all but the security administrator."""
    if not is_security_admin(reader):
        return None
    try:
        return Person.objects.filter(public_id=uuid.UUID(text)).first()
    except ValueError:
        return Person.objects.filter(email__iexact=text.strip()).first() if text.strip() else None


def restricted_people(reader: Actor) -> QuerySet[Person]:
    """Those who closed their account and are not erased yet, the next one first."""
    found = Person.objects.filter(restricted_until__isnull=False, erased_at=None).order_by("restricted_until", "pk")
    return found if is_security_admin(reader) else found.none()


def due_for_erasure(today: date) -> QuerySet[Person]:
    """Those of whom nothing has to be kept any more."""
    closed = Person.objects.filter(is_active=False, erased_at=None, restricted_until__lte=today)
    return closed.order_by("restricted_until", "pk")
