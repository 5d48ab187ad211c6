from __future__ import annotations

from datetime import datetime

from zonary.common.ids import new_id
from zonary.foundation.accounts.events import PersonRegistered, TokenIssued
from zonary.foundation.accounts.models import AccessToken, Person
from zonary.foundation.accounts.rules import digest_of_token
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.recording import action, record


@action
def issue_token(token: str, *, by: Actor, owner: str, at: datetime) -> None:
    """Let whoever shows ``token`` act as ``owner``, and nobody any longer who shows an earlier token of theirs.

    :raises django.db.IntegrityError: when somebody else has been issued this token.
    """
    AccessToken.objects.filter(owner=owner).delete()
    AccessToken.objects.create(digest=digest_of_token(token), owner=owner, issued_at=at)
    record(TokenIssued(owner=owner), by=by, about=owner, at=at)


@action
def register_person(*, email: str, name: str, password: str | None = None, by: Actor, at: datetime) -> Person:
    """Have a person be able to sign in; without ``password`` only after they have set one by a mailed link.

    :raises django.db.IntegrityError: when somebody signs in with that address already.
    """
    person = Person(public_id=new_id(at), email=email, name=name, registered_at=at)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    person.save()
    record(PersonRegistered(), by=by, about=str(person.public_id), at=at)
    return person
