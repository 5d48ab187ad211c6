"""What registering evidence leaves in the ledger."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event
from zonary.foundation.ledger.recording import Draft
from zonary.proof.leaf import EVIDENCE
from zonary.services.evidence.rules import MARKS, SALTS_SIZE, Kind, Registrations, leaves_of

EVIDENCE_REGISTERED = "evidence.registered"
_VERSION = 1


def evidence_registered(wanted: Registrations) -> Draft:
    """The entry of all that is registered at one time. Its leaves are of class ``evidence``, the statements' own.

    The body of an item begins with the mark of its kind. That of a digest goes on with the digests; with it and the
    salts its statement can be made again. The digests of a statement stand in its leaf, and nothing else is known.
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

    ``description_sha256`` is of the canonical JSON of title and note, salted like all of an act: it proves later what
    was written, to whoever is shown the words.
    """

    kind: ClassVar[str] = "evidence.described"
    description_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceErased(Event):
    """The owner's record of the evidence this is about, and what it was made of, were erased."""

    kind: ClassVar[str] = "evidence.erased"
    reason: str


FIELDS: Labels = {"description_sha256": Label("SHA-256 of title and note", Shape.CODE)}
"""What the fields of these events are called."""

HAPPENINGS = {
    "evidence.registered": "Evidence was registered",  # no act, and yet something a webhook is told of
    EvidenceDescribed.kind: "A piece of evidence was described",
    EvidenceErased.kind: "A piece of evidence was erased",
}
"""Kind of event -> the sentence that names it in lists of receipts."""
