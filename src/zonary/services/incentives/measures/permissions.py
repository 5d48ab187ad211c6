"""Who may prepare and publish measures. A published one is everybody's to read."""

from __future__ import annotations

from zonary.foundation.organizations.permissions import require_officer, require_scope
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error

WRITE = "incentives:write"


class UnknownMeasureError(Error):
    """There is no such measure."""


def require_may_offer(by: Standing) -> None:
    """:raises NotAllowedError: unless ``by`` is an officer of the zone."""
    require_scope(by, WRITE)
    require_officer(by)


def may_offer(by: Standing | None) -> bool:
    return by is not None and by.is_officer and by.may_act
