"""Who is invited: a member of a pool who may do more than look."""

from __future__ import annotations

from zonary.foundation.organizations.permissions import NotAllowedError
from zonary.foundation.organizations.rules import POOLS
from zonary.foundation.organizations.standing import Standing


def may_answer_review(by: Standing) -> bool:
    return by.kind in POOLS and by.may_act


def require_may_answer_review(by: Standing) -> None:
    """:raises NotAllowedError: for everybody else, whatever was shared with them."""
    if not may_answer_review(by):
        raise NotAllowedError("Only members of a pool the document was shared with answer whether they review it.")
