"""Who may write rules: officers, and all of them the same drafts."""

from __future__ import annotations

from zonary.foundation.organizations.permissions import NotAllowedError, require_officer, require_scope
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.permissions import WRITE
from zonary.proof.errors import Error


class UnknownWorkingDraftError(Error):
    """There is no such draft."""


class WorkingDraftChangedError(Error):
    """Somebody else changed the draft since it was read, or it is no longer open."""


def require_may_write(by: Standing) -> None:
    """:raises NotAllowedError: unless ``by`` is an officer of the zone."""
    require_scope(by, WRITE)
    require_officer(by)


def may_write(by: Standing | None) -> bool:
    return by is not None and by.is_officer and by.may_act


def refuse_who_writes_no_rules(by: Standing) -> None:
    """For pages of the editor: says whose they are, and where else to look.

    :raises NotAllowedError: unless ``by`` may write.
    """
    if may_write(by):
        return
    if by.is_officer:
        raise NotAllowedError(
            "Rules are written by owners and agents of the zone authority; you may look only. Released rules are under "
            "“Rules”. An owner of the authority can give you another role."
        )
    raise NotAllowedError(
        "Only officers of the zone write rules. What decides is open to everybody under “Rules”, and the documents it "
        "comes from under “Policy documents”."
    )
