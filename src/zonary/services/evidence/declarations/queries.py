"""Every read, the reader first: what the reader's own holder declared."""

from __future__ import annotations

from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence.declarations.models import Declaration
from zonary.services.evidence.declarations.rules import MAX_DECLARED


def declarations_of(reader: Standing, record: str) -> list[Declaration]:
    """All that was declared of a record of the reader's holder, oldest first."""
    rows = Declaration.objects.filter(record=as_uuid(record), holder=reader.holder)
    return list(rows.order_by("declared_at", "pk")[:MAX_DECLARED])


def declaration_of(reader: Standing, record: str, declaration: str) -> Declaration | None:
    """One of them."""
    rows = Declaration.objects.filter(record=as_uuid(record), holder=reader.holder)
    return rows.filter(public_id=as_uuid(declaration)).first()
