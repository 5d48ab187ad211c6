"""Who may do what with evidence. What somebody may see is decided by the queries, which take the reader first."""

from __future__ import annotations

from zonary.foundation.organizations.standing import Standing


def may_register_evidence(by: Standing) -> bool:
    """Whoever may do more than look, for themselves or for whom they act."""
    return by.may_act and by.may("evidence:write")
