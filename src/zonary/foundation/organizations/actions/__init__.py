"""Every write: founding, and who acts for whom."""

from __future__ import annotations

from zonary.foundation.organizations.actions.administrators import (
    AppointmentError,
    LockError,
    appoint_admin,
    appoint_first_admins,
    end_appointment,
    end_sessions_of,
    lock_person,
    unlock_person,
)
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
from zonary.foundation.organizations.actions.identity import IdentityError, check_identity, revoke_identity_check
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
    "AppointmentError",
    "CorrectionError",
    "IdentityError",
    "InvitationError",
    "LockError",
    "MembershipError",
    "TokenError",
    "accept_invitation",
    "appoint_admin",
    "appoint_first_admins",
    "change_membership",
    "check_identity",
    "correct_organization",
    "decide_correction",
    "end_appointment",
    "end_membership",
    "end_sessions_of",
    "found_organization",
    "found_zone",
    "hand_over_organization",
    "invite_member",
    "issue_personal_token",
    "lock_person",
    "open_department",
    "propose_correction",
    "revoke_identity_check",
    "revoke_token",
    "unlock_person",
    "withdraw_invitation",
]
