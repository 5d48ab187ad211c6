"""What sharing leaves in the ledger: public ids alone, no names and no secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event
from zonary.foundation.ledger.notices import Notice, about, named
from zonary.foundation.ledger.watching import Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceShared(Event):
    """``grantee`` may see what this is about, until the last day ``until``. Empty: whoever has the link."""

    kind: ClassVar[str] = "sharing.evidence.shared"
    share: str
    thing_kind: str
    grantee: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareEnded(Event):
    """The holder no longer shares what this is about, or shares it anew: then ``followed_by`` names the new share."""

    kind: ClassVar[str] = "sharing.share.ended"
    share: str
    grantee: str
    followed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOpened(Event):
    """Whoever something is shared with looked at it. About the holder, who reads it among their receipts."""

    kind: ClassVar[str] = "sharing.share.opened"
    share: str
    thing: str
    what: str
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordErased(Event):
    """The evidence this is about was erased with all that was declared of it; nobody sees it any more."""

    kind: ClassVar[str] = "sharing.record.erased"
    reason: str


FIELDS: Labels = {
    "share": Label("Number of the sharing", Shape.CODE),
    "thing_kind": Label("What is shared", words={"record": "a record", "dossier": "a dossier"}),
    "thing": Label("Number of what is shared", Shape.CODE),
    "grantee": Label("Shared with", Shape.WHO),
    "followed_by": Label("Number of the sharing that follows", Shape.CODE),
    "until": Label("Last day", Shape.DAY),
    "what": Label("What was opened", words={"page": "the page", "package": "the package", "proof": "the proof"}),
    "record": Label("Number of the receipt", Shape.CODE),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    EvidenceShared.kind: "Evidence was shared",
    ShareEnded.kind: "Sharing of evidence was ended",
    ShareOpened.kind: "Shared evidence was opened",
    RecordErased.kind: "A record was erased, and is shared with nobody any more",
}
"""Kind of event -> the sentence that names it in lists of receipts."""


def _share(happening: Happening) -> str:
    return happening.text("share")


NOTICES: dict[str, tuple[Notice, ...]] = {
    EvidenceShared.kind: (
        Notice(
            sentence="{organisation} shares evidence with you.",
            to=named("grantee"), page="sharing:share", argument=_share, many="sharing:list",
        ),
    ),
    ShareEnded.kind: (
        Notice(
            sentence="{organisation} no longer shares evidence with you.",
            to=named("grantee"), when=lambda happening: not happening.text("followed_by"), page="sharing:list",
        ),
    ),
    ShareOpened.kind: (
        Notice(
            sentence="{organisation} looked at evidence that you share.",
            to=about, page="receipts:list", by_default=False,
        ),
    ),
}  # fmt: skip
"""Whom these events tell. No notice says what the evidence is called: mails are read by others, too."""
