"""Who may do what with trade secrets; what somebody may see is decided by the queries, which take the reader first."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.organizations.permissions import hold_standing, require_owner, require_person, require_scope
from zonary.foundation.organizations.standing import Standing

READ, WRITE = "secrets:read", "secrets:write"


def may_keep(reader: Standing) -> bool:
    """Whether they keep the register: of an organisation its owners, everybody their own."""
    return reader.role in ("", "owner")


def require_may_keep(by: Standing, *, at: datetime) -> None:
    """:raises NotAllowedError: unless ``by`` keeps the register of their holder; held until the action ends."""
    require_scope(by, WRITE)
    require_person(by)
    hold_standing(by, at=at)
    if by.organisation:
        require_owner(by)
