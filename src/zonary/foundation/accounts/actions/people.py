"""How people come to be here, other than by the account library's own forms."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress

from zonary.common.ids import new_id
from zonary.foundation.accounts.events import PersonRegistered
from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.recording import action, record


@action
def register_person(
    *, email: str, name: str, password: str | None = None, by: Actor, at: datetime, is_confirmed: bool = True
) -> Person:
    """Have a person be able to sign in; without ``password`` only after they have set one by a link.

    :param is_confirmed: whether ``by`` vouches that the address is theirs; otherwise they confirm it by a code.
    :raises django.db.IntegrityError: when somebody signs in with that address already.
    """
    person = Person(public_id=new_id(at), email=email.lower(), name=name, registered_at=at)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=is_confirmed)
    record(PersonRegistered(), by=by, about=str(person.public_id), at=at)
    return person
