"""Who may decide, promise, look and say, besides what :mod:`zonary.foundation.organizations.permissions` asks."""

from __future__ import annotations

from collections.abc import Sequence

from zonary.foundation.ledger.actors import SYSTEM, Actor
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.permissions import NotAllowedError, require_officer, require_scope
from zonary.foundation.organizations.standing import Standing

READ, WRITE = "incentives:read", "incentives:write"


def require_may_decide(by: Actor, subjects: Sequence[str]) -> None:
    """Officers decide for any enterprise, an enterprise for itself, and the program when it looks by itself.

    :raises NotAllowedError: for anybody else.
    """
    if by is SYSTEM:
        return
    if not isinstance(by, Standing):
        raise NotAllowedError("Only an officer of the zone may do this.")
    require_scope(by, WRITE)
    if list(subjects) != [by.organisation] or not is_enterprise(by):
        require_officer(by)


def require_enterprise(by: Standing) -> None:
    """:raises NotAllowedError: unless ``by`` acts for an enterprise, and may do more than look."""
    require_scope(by, WRITE)
    if not (is_enterprise(by) and by.may_act):
        raise NotAllowedError("Only who acts for an enterprise may do this.")


def require_may_check(by: Standing) -> None:
    """:raises NotAllowedError: unless ``by`` is an officer."""
    require_scope(by, WRITE)
    require_officer(by)


def is_enterprise(reader: Standing) -> bool:
    """Whether the measures of an enterprise are what they come for."""
    return reader.kind == Organization.Kind.ENTERPRISE
