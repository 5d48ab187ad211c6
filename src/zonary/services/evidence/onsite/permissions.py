"""Who may be given a code. What somebody may see is decided by the queries, which take the reader first."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.organizations.permissions import hold_standing, require_person, require_scope
from zonary.foundation.organizations.standing import Standing

WRITE = "evidence:write"


def may_give_code(by: Standing) -> bool:
    """Whether ``by`` may be given one: whoever may register evidence."""
    return by.may_act and by.may(WRITE)


def require_may_give_code(by: Standing, *, at: datetime) -> None:
    """:raises NotAllowedError: unless ``by`` may have one, until the action ends; a program says nothing aloud."""
    require_person(by)
    require_scope(by, WRITE)
    hold_standing(by, at=at)
