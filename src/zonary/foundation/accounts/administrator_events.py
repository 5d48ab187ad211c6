"""What the zone's administrators do, and how it is known who people are; public ids alone, no names of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminAppointed(Event):
    """``role`` is system, security or audit."""

    kind: ClassVar[str] = "accounts.admin.appointed"
    appointment: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentEnded(Event):
    kind: ClassVar[str] = "accounts.appointment.ended"
    appointment: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLocked(Event):
    """They cannot sign in any more, and are signed out everywhere."""

    kind: ClassVar[str] = "accounts.person.locked"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUnlocked(Event):
    kind: ClassVar[str] = "accounts.person.unlocked"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(Event):
    """The security administrator signed them out everywhere: in ``count`` places."""

    kind: ClassVar[str] = "accounts.sessions.ended"
    count: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChecked(Event):
    """Somebody vouches that the person is who they say; ``method`` and ``source`` as in the check's row."""

    kind: ClassVar[str] = "accounts.identity.checked"
    check: str
    method: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityCheckRevoked(Event):
    """Whoever vouched was wrong; from now on it is only known what the person says."""

    kind: ClassVar[str] = "accounts.identity-check.revoked"
    check: str
    reason: str
