"""How it is known who a person is (实名状态): an officer saw a document, and may have been wrong."""

from __future__ import annotations

from datetime import datetime

from zonary.common.ids import new_id
from zonary.foundation.accounts.administrator_events import IdentityChecked, IdentityCheckRevoked
from zonary.foundation.accounts.models import IdentityCheck, Person
from zonary.foundation.accounts.queries import identity_of
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import hold_standing, require_officer
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing

Method = IdentityCheck.Method


class IdentityError(LedgerError):
    """This cannot be said of whom a person is."""


@action
def check_identity(person: str, *, document: str, by: Standing, at: datetime) -> IdentityCheck:
    """An officer says that they saw a document, and that it is this person's.

    :param person: public id.
    :param document: what kind of document; never its number.
    :raises NotAllowedError: unless ``by`` is an officer.
    :raises IdentityError: for oneself, or when there is no such person.
    """
    hold_standing(by, at=at)
    require_officer(by)
    if person == by.person:
        raise IdentityError("Nobody vouches for themselves. Ask another officer.")
    checked = _person(person)
    check = _write(checked, Method.DOCUMENT_SEEN, document, by=by, at=at)
    event = IdentityChecked(check=str(check.public_id), method=check.method, source=document)
    record(event, by=by, about=person, at=at)
    return check


@action
def revoke_identity_check(person: str, *, reason: str, by: Standing, at: datetime) -> None:
    """An officer says that the last check was wrong.

    :raises IdentityError: when there is none to take back.
    """
    hold_standing(by, at=at)
    require_officer(by)
    revoked = identity_of(_person(person))
    if revoked is None:
        raise IdentityError("Nobody vouches for who this person is; there is nothing to take back.")
    _write(revoked.person, Method.REVOKED, reason, by=by, at=at)
    event = IdentityCheckRevoked(check=str(revoked.public_id), reason=reason)
    record(event, by=by, about=person, at=at)


def _write(person: Person, method: str, source: str, *, by: Standing, at: datetime) -> IdentityCheck:
    return IdentityCheck.objects.create(
        public_id=new_id(at), person=person, method=method, source=source, checked_by=by.actor_id, checked_at=at
    )


def _person(public_id: str) -> Person:
    found = Person.objects.filter(public_id=as_uuid(public_id), erased_at=None).first()
    if found is None:
        raise IdentityError("There is no such person.")
    return found
