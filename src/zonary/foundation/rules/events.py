"""What happens to rule packs, as the ledger keeps it. ``digest`` is the SHA-256 of the pack's canonical JSON.

``about`` is the draft's public id until it is released, so that who asks for a pack finds all that led to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PackProposed(Event):
    kind: ClassVar[str] = "rules.pack.proposed"
    pack: str
    digest: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackWithdrawn(Event):
    kind: ClassVar[str] = "rules.pack.withdrawn"
    pack: str
    digest: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FairCompetitionReviewed(Event):
    """Whether the measure was found compatible with fair competition; ``document`` is a SHA-256, or empty."""

    kind: ClassVar[str] = "rules.pack.fair-competition-reviewed"
    pack: str
    digest: str
    conclusion: str
    grounds: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackReleased(Event):
    """From now on it decides. The pack itself is public, and has this digest."""

    kind: ClassVar[str] = "rules.pack.released"
    pack: str
    number: int
    digest: str
    proposed_by: str
    review: str
