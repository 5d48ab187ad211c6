"""Every write: founding, and who acts for whom."""

from __future__ import annotations

from zonary.foundation.organizations.actions.corrections import (
    CorrectionError,
    correct_organization,
    decide_correction,
    propose_correction,
)
from zonary.foundation.organizations.actions.founding import (
    AlreadyFoundedError,
    found_organization,
    found_zone,
    open_department,
)
from zonary.foundation.organizations.actions.membership import (
    InvitationError,
    MembershipError,
    accept_invitation,
    change_membership,
    end_membership,
    hand_over_organization,
    invite_member,
    withdraw_invitation,
)
from zonary.foundation.organizations.actions.tokens import TokenError, issue_personal_token, revoke_token

__all__ = [
    "AlreadyFoundedError",
    "CorrectionError",
    "InvitationError",
    "MembershipError",
    "TokenError",
    "accept_invitation",
    "change_membership",
    "correct_organization",
    "decide_correction",
    "end_membership",
    "found_organization",
    "found_zone",
    "hand_over_organization",
    "invite_member",
    "issue_personal_token",
    "open_department",
    "propose_correction",
    "revoke_token",
    "withdraw_invitation",
]
