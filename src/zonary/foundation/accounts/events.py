from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIssued(Event):
    """Somebody was given an access token, in place of the one before. Token and digest are nowhere in the ledger."""

    kind: ClassVar[str] = "accounts.token.issued"
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRestricted(Event):
    """The account is closed. What is known of the person is kept until ``until`` (a day) and used for nothing else."""

    kind: ClassVar[str] = "accounts.person.restricted"
    until: str
    basis: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErased(Event):
    """What was known of the person is gone; ``acts`` is of how many acts the bodies went with it."""

    kind: ClassVar[str] = "accounts.person.erased"
    acts: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRegistered(Event):
    """A person can sign in from now on; who it is stands in the row alone."""

    kind: ClassVar[str] = "accounts.person.registered"
