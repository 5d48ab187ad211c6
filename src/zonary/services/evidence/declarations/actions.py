"""Every write."""

from __future__ import annotations

from datetime import datetime

from zonary.common.ids import new_id
from zonary.foundation.ledger.erasure import erase_body
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence.actions import UnknownRecordError
from zonary.services.evidence.declarations.events import DeclarationsErased, FactDeclared
from zonary.services.evidence.declarations.models import Declaration
from zonary.services.evidence.declarations.queries import declaration_of, declarations_of
from zonary.services.evidence.declarations.rules import MAX_DECLARED, Said
from zonary.services.evidence.queries import record_of


class DeclarationError(LedgerError):
    """This cannot be declared, or not any more."""


@action
def declare_fact(public_id: str, said: Said, *, replaces: str = "", by: Standing, at: datetime) -> Declaration:
    """Say something of a record of one's own: nobody checks it, and it cannot be unsaid, only replaced.

    :param replaces: public id of the declaration of the same record that this one corrects.
    :raises UnknownRecordError: when ``by`` has no such record.
    :raises DeclarationError: when there is nothing to replace, or it was replaced already.
    """
    hold_standing(by, at=at)
    if record_of(by, public_id) is None:
        raise UnknownRecordError("There is no record {public_id} of yours.", public_id=public_id)
    earlier = declaration_of(by, public_id, replaces) if replaces else None
    if replaces and earlier is None:
        raise DeclarationError("This record has no such declaration to be replaced.")
    if earlier is not None:
        # Of two who replace it at one time, the second waits here, and then is told.
        Declaration.objects.select_for_update().get(pk=earlier.pk)
    if earlier is not None and Declaration.objects.filter(replaces=earlier.public_id).exists():
        raise DeclarationError("This declaration was replaced already. Look at the newer one, and replace that.")
    if len(declarations_of(by, public_id)) >= MAX_DECLARED:
        raise DeclarationError("At most {count} things can be declared of one record.", count=MAX_DECLARED)
    declaration = new_id(at)
    day = said.happened_on
    event = FactDeclared(
        declaration=declaration,
        topic=said.topic,
        text=said.text,
        who=said.who,
        happened_on="" if day is None else day.isoformat(),
        replaces=replaces,
    )
    recorded = record(event, by=by, about=public_id, at=at)
    return Declaration.objects.create(
        public_id=declaration,
        record=public_id,
        holder=by.holder,
        topic=said.topic,
        text=said.text,
        who=said.who,
        happened_on=day,
        replaces=None if earlier is None else earlier.public_id,
        declared_by=by.actor_id,
        declared_at=at,
        entry=recorded.public_id,
    )


@action
def erase_declarations(public_id: str, *, by: Standing, reason: str, at: datetime) -> int:
    """Erase all that was declared of a record, and what the receipts of it were made of; returns how many.

    :raises UnknownRecordError: when ``by`` has no such record.
    """
    hold_standing(by, at=at)
    if record_of(by, public_id) is None:
        raise UnknownRecordError("There is no record {public_id} of yours.", public_id=public_id)
    declared = declarations_of(by, public_id)
    for each in declared:
        erase_body(str(each.entry), by=by, reason=reason, at=at)
    Declaration.objects.filter(record=public_id, holder=by.holder).delete()
    record(DeclarationsErased(count=len(declared), reason=reason), by=by, about=public_id, at=at)
    return len(declared)
