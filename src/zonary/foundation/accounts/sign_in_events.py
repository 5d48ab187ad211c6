"""What people do with their accounts, as the ledger keeps it.

``client`` is the address a request came from and ``agent`` what its browser calls itself: personal data, so they stand
in the salted body, which can be erased, and nowhere else. No event holds an e-mail address, a password or a code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEvent(Event):
    """Something done at the account pages, from ``client`` with ``agent``; both empty for what a program did."""

    client: str
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(AccountEvent):
    """``methods``: what they showed, in order: password, totp, webauthn, recovery_codes, passkey, provider …"""

    kind: ClassVar[str] = "accounts.session.signed-in"
    methods: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(AccountEvent):
    kind: ClassVar[str] = "accounts.session.signed-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(AccountEvent):
    """A session of theirs elsewhere was ended; ``began`` is when they had signed in there."""

    kind: ClassVar[str] = "accounts.session.ended"
    began: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFailed(AccountEvent):
    """Somebody tried. About the person whose address was given; about nobody when it is no person's."""

    kind: ClassVar[str] = "accounts.sign-in.failed"
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedOut(AccountEvent):
    """After too many failures nobody can sign in to this account with a password for ``seconds``; told once."""

    kind: ClassVar[str] = "accounts.sign-in.locked-out"
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(AccountEvent):
    """``how``: set (the first one), changed (by who knew the old one), reset (by a mailed link)."""

    kind: ClassVar[str] = "accounts.password.changed"
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressAdded(AccountEvent):
    """An e-mail address was written down; ``address`` numbers the row, the address itself is nowhere here."""

    kind: ClassVar[str] = "accounts.address.added"
    address: int
    is_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChanged(AccountEvent):
    """It was confirmed, or became or ceased to be the one they sign in with."""

    kind: ClassVar[str] = "accounts.address.changed"
    address: int
    is_confirmed: bool
    is_primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRemoved(AccountEvent):
    kind: ClassVar[str] = "accounts.address.removed"
    address: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorAdded(AccountEvent):
    """``factor``: totp, webauthn or recovery_codes, as the library calls them; ``number`` is its row."""

    kind: ClassVar[str] = "accounts.second-factor.added"
    factor: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorUsed(AccountEvent):
    kind: ClassVar[str] = "accounts.second-factor.used"
    factor: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorChanged(AccountEvent):
    """Its name or counter changed; of recovery codes: one was used up, or they were shown."""

    kind: ClassVar[str] = "accounts.second-factor.changed"
    factor: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorRemoved(AccountEvent):
    kind: ClassVar[str] = "accounts.second-factor.removed"
    factor: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderLinked(AccountEvent):
    """They can sign in by this identity provider from now on."""

    kind: ClassVar[str] = "accounts.provider.linked"
    provider: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderHeard(AccountEvent):
    """The provider told anew who they are."""

    kind: ClassVar[str] = "accounts.provider.heard"
    provider: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderUnlinked(AccountEvent):
    kind: ClassVar[str] = "accounts.provider.unlinked"
    provider: str
