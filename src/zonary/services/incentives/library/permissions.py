"""Who may record policy documents. Reading them is everybody's."""

from __future__ import annotations

from zonary.foundation.organizations.permissions import require_officer, require_scope
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error

WRITE = "incentives:write"


class UnknownDocumentError(Error):
    """There is no such policy document, or no such edition of it."""


class DocumentStateError(Error):
    """It is there already, or something else stands in the way."""


def require_may_record(by: Standing) -> None:
    """:raises NotAllowedError: unless ``by`` is an officer of the zone."""
    require_scope(by, WRITE)
    require_officer(by)


def may_record(by: Standing | None) -> bool:
    return by is not None and by.is_officer and by.may_act
