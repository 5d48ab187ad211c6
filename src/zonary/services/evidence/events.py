"""What registering evidence leaves in the ledger."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event
from zonary.foundation.ledger.notices import Notice
from zonary.foundation.ledger.queries import holders_between
from zonary.foundation.ledger.recording import Draft
from zonary.foundation.ledger.watching import Happening
from zonary.proof.leaf import EVIDENCE
from zonary.services.evidence.rules import MARKS, SALTS_SIZE, Kind, Registrations, leaves_of

EVIDENCE_REGISTERED = "evidence.registered"
_VERSION = 1


def evidence_registered(wanted: Registrations) -> Draft:
    """The entry of all that is registered at one time. Its leaves are of class ``evidence``, the statements' own.

    The body of an item begins with the mark of its kind. That of a digest goes on with the digests, and with what is
    declared of it; with it and the salts its statement can be made again. The digests of a statement stand in its leaf,
    and nothing else is known.
    """
    salts = _salts(wanted.marks)
    return Draft(
        kind=EVIDENCE_REGISTERED,
        version=_VERSION,
        leaf_class=EVIDENCE,
        leaves=leaves_of(wanted, salts),
        bodies=_bodies(wanted),
        salts=salts,
        keys={0: wanted.key} if wanted.key is not None else wanted.keys,
    )


def _salts(marks: bytes) -> list[bytes]:
    digest = MARKS[Kind.DIGEST]
    count = marks.count(digest)
    pool = os.urandom(SALTS_SIZE * count)
    drawn = [pool[start : start + SALTS_SIZE] for start in range(0, len(pool), SALTS_SIZE)]
    if count == len(marks):
        return drawn
    if not count:
        return [b""] * len(marks)
    left = iter(drawn)
    return [next(left) if mark == digest[0] else b"" for mark in marks]


def _bodies(wanted: Registrations) -> Sequence[bytes]:
    statement = MARKS[Kind.STATEMENT]
    if wanted.marks.count(statement) == len(wanted):
        return [statement] * len(wanted)
    return [
        statement if mark == statement[0] else wanted.content(position) for position, mark in enumerate(wanted.marks)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDescribed(Event):
    """Its holder says what the evidence this is about is called. The words themselves are in its row alone.

    ``description_sha256`` is of the canonical JSON of title, note and, where one is said, subject, salted like all of
    an act: it proves later what was written, to whoever is shown the words.
    """

    kind: ClassVar[str] = "evidence.described"
    description_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialKept(Event):
    """Its holder had the list of files, and the statement over it, kept here. ``size`` is that of the list."""

    kind: ClassVar[str] = "evidence.material.kept"
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceErased(Event):
    """The owner's record of the evidence this is about, and what it was made of, were erased."""

    kind: ClassVar[str] = "evidence.erased"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePublished(Event):
    """All evidence registered from ``since`` (empty: from the beginning) until before ``until`` is published.

    One act for everybody, once a day at most: who registered what, and how much, follows from nothing in the log.
    Moments are RFC 3339.
    """

    kind: ClassVar[str] = "evidence.published"
    since: str
    until: str


FIELDS: Labels = {
    "since": Label("Registered from", Shape.MOMENT),
    "until": Label("Registered before", Shape.MOMENT),
    "description_sha256": Label("SHA-256 of the description", Shape.CODE),
    "size": Label("Bytes of the list of files"),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    "evidence.registered": "Evidence was registered",  # no act, and yet something a webhook is told of
    EvidenceDescribed.kind: "A piece of evidence was described",
    MaterialKept.kind: "The list of files of a piece of evidence was kept",
    EvidenceErased.kind: "A piece of evidence was erased",
    EvidencePublished.kind: "Evidence of a day was published",
}
"""Kind of event -> the sentence that names it in lists of receipts."""


def _holders(happening: Happening) -> Iterable[str]:
    """Everybody to whom some of it belongs."""
    since, until = (happening.text(each) for each in ("since", "until"))
    first = datetime.fromisoformat(since) if since else None
    return sorted(holders_between(EVIDENCE_REGISTERED, first, datetime.fromisoformat(until)))


NOTICES: dict[str, tuple[Notice, ...]] = {
    EvidencePublished.kind: (
        Notice(
            sentence="Evidence of yours is timestamped and published: its package can be checked by anyone.",
            to=_holders, page="evidence:list", roles=("owner", "agent"), by_default=False,
        ),
    ),
}  # fmt: skip
"""Whom these events tell: of a day's evidence each holder once, however much it is."""
