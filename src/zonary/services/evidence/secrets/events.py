"""What is recorded of trade secrets: public ids and digests; no titles, no secrecy points, no names.

Colleagues read the receipts of what is done for their organisation, so nothing stands here that only some may know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event
from zonary.foundation.ledger.notices import Notice, about, named
from zonary.foundation.ledger.watching import Happening
from zonary.services.evidence.secrets.rules import MARKINGS, RETURNS


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRegistered(Event):
    """What this is about is kept secret from now on. ``thing`` is the record or document it consists of.

    The two digests commit to its secrecy point (``rules.point_statement``); empty without one.
    """

    kind: ClassVar[str] = "secrets.secret.registered"
    marking: str
    source: str
    thing: str
    number: int
    point_sha256: str
    point_sm3: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretEnded(Event):
    """Its holder no longer keeps it secret; every grant ended with it."""

    kind: ClassVar[str] = "secrets.secret.ended"
    reason: str
    is_point_erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementIssued(Event):
    """There is a version of the confidentiality agreement; the digests are of its text in UTF-8."""

    kind: ClassVar[str] = "secrets.agreement.issued"
    number: int
    sha256: str
    sm3: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementAccepted(Event):
    """Whoever acts accepted the text of these digests, to see ``secret``. About the holder, who reads it."""

    kind: ClassVar[str] = "secrets.agreement.accepted"
    secret: str
    access: str
    agreement: str
    sha256: str
    sm3: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGranted(Event):
    """``person`` may see what this is about until the last day ``until``, once they accepted ``agreement``."""

    kind: ClassVar[str] = "secrets.access.granted"
    access: str
    person: str
    agreement: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessWithdrawn(Event):
    """``person`` may no longer see what this is about."""

    kind: ClassVar[str] = "secrets.access.withdrawn"
    access: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretOpened(Event):
    """Whoever acts opened ``secret``. About the holder, who reads it among their receipts."""

    kind: ClassVar[str] = "secrets.secret.opened"
    secret: str
    access: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaverChecked(Event):
    """``person`` leaves: nothing is open to them, and ``returned`` says what became of what they had."""

    kind: ClassVar[str] = "secrets.leaver.checked"
    person: str
    accesses: list[str]
    openings: int
    returned: str


FIELDS: Labels = {
    "marking": Label("Marking", words=MARKINGS),
    "source": Label(
        "What it consists of", words={"record": "Evidence: digests alone", "document": "A document encrypted by you"}
    ),
    "thing": Label("Number of what it consists of", Shape.CODE),
    "number": Label("Version"),
    "point_sha256": Label("SHA-256 of the secrecy point", Shape.CODE),
    "point_sm3": Label("SM3 of the secrecy point", Shape.CODE),
    "is_point_erased": Label("The secrecy point was erased"),
    "sha256": Label("SHA-256", Shape.CODE),
    "sm3": Label("SM3", Shape.CODE),
    "secret": Label("Number of the secret", Shape.CODE),
    "access": Label("Number of the access", Shape.CODE),
    "accesses": Label("Accesses that were closed", Shape.CODE),
    "agreement": Label("Number of the agreement", Shape.CODE),
    "person": Label("Person", Shape.WHO),
    "until": Label("Last day", Shape.DAY),
    "what": Label(
        "What was opened",
        words={"page": "the page", "package": "the package", "content": "the encrypted content"},
    ),
    "openings": Label("How often they opened something"),
    "returned": Label("What came back", words=RETURNS),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    SecretRegistered.kind: "A trade secret was registered",
    SecretEnded.kind: "A trade secret ended",
    AgreementIssued.kind: "A confidentiality agreement was issued",
    AgreementAccepted.kind: "A confidentiality agreement was accepted",
    AccessGranted.kind: "Somebody may see a trade secret",
    AccessWithdrawn.kind: "Somebody may no longer see a trade secret",
    SecretOpened.kind: "A trade secret was opened",
    LeaverChecked.kind: "Somebody who leaves was checked",
}
"""Kind of event -> the sentence that names it in lists of receipts."""


def _is_anothers(happening: Happening) -> bool:
    """Whether somebody opened it by a grant; what its holder does themselves is no news to them."""
    return bool(happening.text("access"))


def _secret(happening: Happening) -> str:
    return happening.text("secret")


NOTICES: dict[str, tuple[Notice, ...]] = {
    AccessGranted.kind: (
        Notice(
            sentence="{organisation} lets you see a trade secret. Read the confidentiality agreement first.",
            to=named("person"), page="secrets:open-secret", argument=lambda happening: happening.about,
            many="secrets:list",
        ),
    ),
    AccessWithdrawn.kind: (
        Notice(
            sentence="A trade secret of {organisation} is no longer open to you.",
            to=named("person"), page="secrets:list",
        ),
    ),
    AgreementAccepted.kind: (
        Notice(
            sentence="A confidentiality agreement of yours was accepted.",
            to=about, page="secrets:secret", argument=_secret, many="secrets:list", roles=("owner",), by_default=False,
        ),
    ),
    SecretOpened.kind: (
        Notice(
            sentence="A trade secret of yours was opened.",
            to=about, when=_is_anothers, page="secrets:secret", argument=_secret, many="secrets:list",
            roles=("owner",), by_default=False,
        ),
    ),
}  # fmt: skip
