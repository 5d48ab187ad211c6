"""Who may do what with rule packs, besides what :mod:`zonary.foundation.organizations.permissions` asks."""

from __future__ import annotations

from zonary.foundation.organizations.permissions import NotAllowedError, require_officer, require_scope
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.models import PackDraft
from zonary.proof.errors import Error

READ, WRITE = "rules:read", "rules:write"


class UnknownPackError(Error):
    """There is no such pack, draft or release."""


class PackStateError(Error):
    """It is no longer, or not yet, in the state this needs."""


def require_may_propose(by: Standing) -> None:
    """:raises NotAllowedError: unless ``by`` is an officer of the zone."""
    require_scope(by, WRITE)
    require_officer(by)


def require_may_look_at_drafts(by: Standing) -> None:
    """:raises NotAllowedError: unless ``by`` is an officer of the zone, and may do more than look."""
    if not (by.is_officer and by.may_act):
        raise NotAllowedError(
            "Drafts of rules are for owners and agents of the zone authority, who propose, review and release them. "
            "Released rules are open to everybody under “Rules”."
        )


def require_may_release(by: Standing, draft: PackDraft) -> None:
    """Two people release: who proposed or wrote it is one, and ``by`` the other.

    :raises NotAllowedError: for whoever proposed it or saved it while it was written, and for who is no officer.
    """
    require_may_propose(by)
    if by.actor_id == draft.proposed_by:
        raise NotAllowedError("You proposed this rule pack yourself; another officer has to release it.")
    if by.actor_id in draft.written_by:
        raise NotAllowedError("You wrote some of this rule pack yourself; an officer who did not has to release it.")
