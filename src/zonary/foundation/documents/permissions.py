"""Who may do what with a document; whether they see it at all, the queries say."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.documents.models import Document
from zonary.foundation.organizations.permissions import hold_standing, require_owner, require_scope
from zonary.foundation.organizations.standing import Standing

READ, WRITE = "documents:read", "documents:write"


def require_may_read(by: Standing) -> None:
    """:raises NotAllowedError: when the token used does not reach so far."""
    require_scope(by, READ)


def require_may_write(by: Standing, *, at: datetime) -> None:
    """:raises NotAllowedError: unless ``by`` may change what their holder has; held until the action ends."""
    require_scope(by, WRITE)
    hold_standing(by, at=at)


def require_may_erase(by: Standing, *, at: datetime) -> None:
    """What is erased does not come back: of an organisation only its owners may.

    :raises NotAllowedError: otherwise.
    """
    require_may_write(by, at=at)
    if by.organisation:
        require_owner(by)


def is_holder(reader: Standing, document: Document) -> bool:
    return document.holder == reader.holder
