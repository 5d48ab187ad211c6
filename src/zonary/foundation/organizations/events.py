"""What happens to organisations and those who act for them, as the ledger keeps it: public ids, no names of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneFounded(Event):
    """The zone was set up, with its authority; ``areas`` are names. The authority is called ``authority_name``, or as
    the zone is where that is empty."""

    kind: ClassVar[str] = "organizations.zone.founded"
    name: str
    english_name: str
    authority: str
    areas: list[str]
    authority_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationFounded(Event):
    """An organisation began to act here, and ``owner`` acts for it.

    ``claimed``: it was listed before, and an officer confirmed the claim of ``owner``.
    """

    kind: ClassVar[str] = "organizations.organization.founded"
    organisation_kind: str
    name: str
    uscc: str
    owner: str
    claimed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationClaimed(Event):
    """Somebody says that they act for ``organisation``, which is only listed. About the person: it is their own act."""

    kind: ClassVar[str] = "organizations.organization.claimed"
    claim: str
    organisation: str
    uscc: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDecided(Event):
    """An officer compared what ``claimant`` says, and confirmed that they act for ``organisation``, or refused it.

    ``compared`` is how, a key of ``rules.COMPARED``, or empty when nothing was shown. About the organisation when it
    was confirmed; about the claimant when it was refused, which is nobody else's business.
    """

    kind: ClassVar[str] = "organizations.claim.decided"
    claim: str
    organisation: str
    claimant: str
    is_confirmed: bool
    compared: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWithdrawn(Event):
    kind: ClassVar[str] = "organizations.claim.withdrawn"
    claim: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsForgotten(Event):
    """What ``count`` claims of an erased person said, and were answered, is gone."""

    kind: ClassVar[str] = "organizations.claims.forgotten"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationCorrected(Event):
    """What was written down about an organisation was wrong and is now ``after``; both by name of the field."""

    kind: ClassVar[str] = "organizations.organization.corrected"
    before: dict[str, str]
    after: dict[str, str]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionProposed(Event):
    """Somebody says that ``corrected_act`` (its public id) was a slip; ``changes`` is what it should be."""

    kind: ClassVar[str] = "organizations.correction.proposed"
    correction: str
    corrected_act: str
    changes: dict[str, str]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionDecided(Event):
    """``approver``, who is not ``proposed_by``, agreed to the correction of ``corrected_act``, or refused it."""

    kind: ClassVar[str] = "organizations.correction.decided"
    correction: str
    corrected_act: str
    is_approved: bool
    proposed_by: str
    approver: str
    reason: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentOpened(Event):
    kind: ClassVar[str] = "organizations.department.opened"
    department: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolOpened(Event):
    """The zone opened the pool this is about, for experts, mediators or inspectors."""

    kind: ClassVar[str] = "organizations.pool.opened"
    organisation_kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberInvited(Event):
    """An invitation was made. Whom it was sent to stands in its row, not here."""

    kind: ClassVar[str] = "organizations.member.invited"
    invitation: str
    role: str
    department: str
    until: str
    expires_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationWithdrawn(Event):
    kind: ClassVar[str] = "organizations.invitation.withdrawn"
    invitation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationsForgotten(Event):
    """The addresses in ``count`` invitations of an erased person are gone."""

    kind: ClassVar[str] = "organizations.invitations.forgotten"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAccepted(Event):
    """``person`` acts for the organisation from now on. ``until`` is the last day of the term, or empty."""

    kind: ClassVar[str] = "organizations.invitation.accepted"
    invitation: str
    person: str
    membership: str
    role: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipChanged(Event):
    """``person`` acts in another role, or for another term, from now on."""

    kind: ClassVar[str] = "organizations.membership.changed"
    membership: str
    successor: str
    person: str
    role: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipEnded(Event):
    kind: ClassVar[str] = "organizations.membership.ended"
    membership: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationHandedOver(Event):
    """``successor`` is its owner from now on; ``predecessor`` stays as ``stays_as``, or leaves when that is empty."""

    kind: ClassVar[str] = "organizations.organization.handed-over"
    predecessor: str
    successor: str
    stays_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalTokenIssued(Event):
    """A person made a token that acts for them; the secret, and its digest, are nowhere in the ledger."""

    kind: ClassVar[str] = "organizations.personal-token.issued"
    token: str
    scopes: list[str]
    expires_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked(Event):
    """A token opens nothing any more."""

    kind: ClassVar[str] = "organizations.token.revoked"
    token: str
