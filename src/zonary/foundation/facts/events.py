"""What facts leave in the ledger.

The value itself stands in the body, not a digest of it: the enterprise can then prove to anyone what was recorded
about it, and when, without the zone's help. The body is salted (the log shows nothing of it, not even to one who
guesses) and can be erased with its salt; the tree stays whole. A digest beside the value would add nothing.
``about`` is the enterprise's public id throughout, so that it finds everything done with its facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FactStated(Event):
    """What the kinds below have in common: ``valid_until`` is empty for what goes on, ``document`` is a SHA-256."""

    fact: str
    indicator: str
    value: str
    unit: str
    valid_from: str
    valid_until: str
    source_kind: str
    source: str
    document: str
    sharing_basis: str
    use_limit: Sequence[str]
    consent: str
    consent_not_needed: str
    supersedes: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactDeclared(FactStated):
    """The enterprise stated something about itself."""

    kind: ClassVar[str] = "facts.fact.declared"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRecorded(FactStated):
    """An officer recorded something about an enterprise."""

    kind: ClassVar[str] = "facts.fact.recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCorrected(FactStated):
    """A fact took the place of another; both stay."""

    kind: ClassVar[str] = "facts.fact.corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsImported(Event):
    """A batch came in, each fact with its own entry."""

    kind: ClassVar[str] = "facts.batch.imported"
    source: str
    recorded: int
    unchanged: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRetracted(Event):
    """A fact should never have been recorded; it is known no longer, and stays in its history."""

    kind: ClassVar[str] = "facts.fact.retracted"
    fact: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactErased(Event):
    """The value of a fact about a person was erased, here and in the body of the entry that recorded it."""

    kind: ClassVar[str] = "facts.fact.erased"
    fact: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(Event):
    kind: ClassVar[str] = "facts.consent.given"
    consent: str
    indicators: Sequence[str]
    purposes: Sequence[str]
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Event):
    kind: ClassVar[str] = "facts.consent.withdrawn"
    consent: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactDisputed(Event):
    kind: ClassVar[str] = "facts.fact.disputed"
    dispute: str
    fact: str
    reason: str
    ought: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeAnswered(Event):
    """``outcome_fact`` took the place of the disputed one; empty when the dispute was rejected."""

    kind: ClassVar[str] = "facts.dispute.answered"
    dispute: str
    fact: str
    is_upheld: bool
    answer: str
    outcome_fact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileShared(Event):
    kind: ClassVar[str] = "facts.profile.shared"
    share: str
    recipient: str
    indicators: Sequence[str]
    purpose: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileShareEnded(Event):
    kind: ClassVar[str] = "facts.profile.share-ended"
    share: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRead(Event):
    """Somebody other than the enterprise read these facts. ``share`` is empty for the zone's officers."""

    kind: ClassVar[str] = "facts.profile.read"
    reading: str
    facts: Sequence[str]
    purpose: str
    occasion: str
    share: str
