"""What answers leave in the ledger: public ids and a word, no name and no note.

They are about the document, and the person's own: other members of the pool do not read them among its receipts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAccepted(Event):
    """A member of the ``pool`` reviews the document of ``holder``."""

    kind: ClassVar[str] = "reviews.review.accepted"
    pool: str
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDeclined(Event):
    """They do not, and may yet."""

    kind: ClassVar[str] = "reviews.review.declined"
    pool: str
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecused(Event):
    """They stand aside for ``cause``, and see the document no more."""

    kind: ClassVar[str] = "reviews.review.recused"
    pool: str
    holder: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewNotesForgotten(Event):
    """What an erased person wrote beside ``count`` answers is gone; the answers stay."""

    kind: ClassVar[str] = "reviews.notes.forgotten"
    count: int
