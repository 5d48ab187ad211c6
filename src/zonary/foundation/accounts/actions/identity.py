"""What an identity provider says of who somebody is."""

from __future__ import annotations

from datetime import datetime

from zonary.common.ids import new_id
from zonary.foundation.accounts.administrator_events import IdentityChecked
from zonary.foundation.accounts.models import IdentityCheck, Person
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.recording import action, record


@action
def accept_identity_claim(person: Person, *, issuer: str, by: Actor, at: datetime) -> IdentityCheck:
    """The provider ``issuer`` vouches for the person's name, which it has just told.

    :param by: the provider, as it is called in the settings.
    """
    method = IdentityCheck.Method.IDENTITY_PROVIDER
    check = IdentityCheck.objects.create(
        public_id=new_id(at), person=person, method=method, source=issuer, checked_by=by.actor_id, checked_at=at
    )
    event = IdentityChecked(check=str(check.public_id), method=method, source=issuer)
    record(event, by=by, about=str(person.public_id), at=at)
    return check
