"""Every write: founding, and who acts for whom."""

from __future__ import annotations

from zonary.foundation.organizations.actions.founding import (
    AlreadyFoundedError,
    correct_organization,
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

__all__ = [
    "AlreadyFoundedError",
    "InvitationError",
    "MembershipError",
    "accept_invitation",
    "change_membership",
    "correct_organization",
    "end_membership",
    "found_organization",
    "found_zone",
    "hand_over_organization",
    "invite_member",
    "open_department",
    "withdraw_invitation",
]
