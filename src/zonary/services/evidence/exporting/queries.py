"""Every read, the reader first."""

from __future__ import annotations

from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence.exporting.models import ExportAcceptance

MAX_ACCEPTANCES = 100
"""Of one thing that are listed, newest first."""


def acceptances_of(reader: Standing, thing: str) -> list[ExportAcceptance]:
    """When the notice was accepted for a thing of the reader's holder, newest first."""
    rows = ExportAcceptance.objects.filter(thing=as_uuid(thing), holder=reader.holder)
    return list(rows.order_by("-accepted_at", "-pk")[:MAX_ACCEPTANCES])
