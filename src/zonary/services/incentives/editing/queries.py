"""Reading drafts of rules while they are written; the reader first, who is an officer."""

from __future__ import annotations

import json

from django.db.models import QuerySet

from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.editing.models import WorkingDraft
from zonary.services.incentives.editing.permissions import may_write
from zonary.services.incentives.editing.rules import Content
from zonary.services.incentives.library.models import PolicyEdition

MAX_EDITIONS = 300
"""Offered to write the next edition of rules from, the last recorded first."""


def working_drafts(reader: Standing) -> QuerySet[WorkingDraft]:
    """Those that are open, the last changed first; none for who is no officer."""
    rows = WorkingDraft.objects.select_related("edition__document").order_by("-changed_at", "-id")
    return rows.filter(state=WorkingDraft.State.OPEN) if may_write(reader) else rows.none()


def working_draft_of(reader: Standing, public_id: str) -> WorkingDraft | None:
    """One of them, open or not."""
    if not may_write(reader):
        return None
    rows = WorkingDraft.objects.select_related("edition__document")
    return rows.filter(public_id=as_uuid(public_id)).first()


def content_of(draft: WorkingDraft) -> Content:
    found: Content = json.loads(draft.content)
    return found


def editions_to_write_from(number: str) -> list[tuple[str, str]]:
    """Public id and name of editions of documents, those of the document with that number first."""
    rows = PolicyEdition.objects.select_related("document").defer("text").order_by("-id")[:MAX_EDITIONS]
    own = PolicyEdition.objects.select_related("document").defer("text").filter(document__number=number).order_by("-id")
    found = {each.public_id: each for each in (*own[:MAX_EDITIONS], *rows)}
    return [
        (str(id), f"{each.document.number} {each.document.title}（{each.first.isoformat()}）")
        for id, each in found.items()
    ]
