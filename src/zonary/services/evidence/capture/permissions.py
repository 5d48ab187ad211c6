"""Who may have something captured. What somebody may see is decided by the queries, which take the reader first."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.organizations.permissions import hold_standing, require_person, require_scope
from zonary.foundation.organizations.standing import Standing

WRITE = "evidence:write"


def may_request_capture(by: Standing) -> bool:
    """Whoever may register evidence."""
    return by.may_act and by.may(WRITE)


def require_may_request_capture(by: Standing, *, at: datetime) -> None:
    """:raises NotAllowedError: unless ``by`` may, until the action ends; a program has nobody to keep it for."""
    require_person(by)
    require_scope(by, WRITE)
    hold_standing(by, at=at)
