"""Every write: founding, who acts for whom, and reading in a registry."""

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
from zonary.foundation.organizations.actions.claiming import (
    ClaimError,
    claim_organization,
    decide_claim,
    withdraw_claim,
)
from zonary.foundation.organizations.actions.corrections import (
    CorrectionError,
    correct_organization,
    decide_correction,
    propose_correction,
)
from zonary.foundation.organizations.actions.founding import (
    AlreadyFoundedError,
    ListedError,
    found_organization,
    found_zone,
    open_department,
    open_pool,
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
from zonary.foundation.organizations.actions.registry import (
    AlreadyImportedError,
    OvertakenError,
    begin_registry_import,
    finish_registry_import,
    import_registry,
    stop_registry_import,
)
from zonary.foundation.organizations.actions.tokens import TokenError, issue_personal_token, revoke_token

__all__ = [
    "AlreadyFoundedError",
    "AlreadyImportedError",
    "AppointmentError",
    "ClaimError",
    "CorrectionError",
    "IdentityError",
    "InvitationError",
    "ListedError",
    "LockError",
    "MembershipError",
    "OvertakenError",
    "TokenError",
    "accept_invitation",
    "appoint_admin",
    "appoint_first_admins",
    "begin_registry_import",
    "change_membership",
    "check_identity",
    "claim_organization",
    "correct_organization",
    "decide_claim",
    "decide_correction",
    "end_appointment",
    "end_membership",
    "end_sessions_of",
    "finish_registry_import",
    "found_organization",
    "found_zone",
    "hand_over_organization",
    "import_registry",
    "invite_member",
    "issue_personal_token",
    "lock_person",
    "open_department",
    "open_pool",
    "propose_correction",
    "revoke_identity_check",
    "revoke_token",
    "stop_registry_import",
    "unlock_person",
    "withdraw_claim",
    "withdraw_invitation",
]
