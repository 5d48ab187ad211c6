"""What is answered, promised and said, as the ledger keeps it: digests and public ids, no figure of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event
from zonary.foundation.ledger.notices import Notice, about, officers
from zonary.foundation.ledger.watching import Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsMade(Event):
    """A measure was decided for ``count`` enterprises. ``decisions`` is the digest of the list of their digests
    (``specs/decision.md``), ``rules`` the SHA-256 of the rule pack, ``release`` its public id.
    """

    kind: ClassVar[str] = "matching.decisions.made"
    measure: str
    item: str
    release: str
    rules: str
    day: str
    known_at: str
    count: int
    decisions: str
    occasion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionOpened(Event):
    """An officer opened the decision with this digest, with the data it was made from. ``about`` is the enterprise."""

    kind: ClassVar[str] = "matching.decision.opened"
    decision: str
    measure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseGiven(Event):
    """An enterprise promised a clause, in words with this SHA-256, to be looked at by ``due``."""

    kind: ClassVar[str] = "matching.promise.given"
    promise: str
    measure: str
    clause: str
    words_sha256: str
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseChecked(Event):
    """An officer looked whether a promise was kept. ``about`` is the enterprise."""

    kind: ClassVar[str] = "matching.promise.checked"
    promise: str
    measure: str
    clause: str
    outcome: str
    finding_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLifted(Event):
    """A broken promise stands in the way of others no longer: the credit was repaired (信用修复) by a decision with the
    number ``basis``. ``found_by`` is who found it broken, another than ``by``. ``about`` is the enterprise.
    """

    kind: ClassVar[str] = "matching.promise.lifted"
    promise: str
    measure: str
    clause: str
    basis: str
    repaired_on: str
    found_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidNotForUs(Event):
    """An enterprise said that a measure is not for it; it is not told of it again."""

    kind: ClassVar[str] = "matching.measure.not-for-us"
    measure: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotForUsWithdrawn(Event):
    kind: ClassVar[str] = "matching.measure.for-us-after-all"
    measure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFound(Event):
    """A measure found the enterprise this is about, by the decision with this digest."""

    kind: ClassVar[str] = "matching.measure.found"
    measure: str
    decision: str
    push: str


OCCASIONS = {
    "list": "A list of enterprises",
    "kept": "An enterprise kept its answer",
    "promised": "A promise was given",
    "promise-broken": "A promise was broken",
    "pushed": "Found by itself",
    "claimed": "Claimed by the enterprise",
    "anew": "Looked at again",
}
OUTCOMES = {"kept": "Promise kept", "broken": "Promise broken"}

FIELDS: Labels = {
    "measure": Label("Number of the measure", Shape.CODE),
    "item": Label("Item of the rule pack", Shape.CODE),
    "release": Label("Id of the release", Shape.CODE),
    "rules": Label("SHA-256 of the rule pack", Shape.CODE),
    "day": Label("As of the day", Shape.DAY),
    "known_at": Label("As known at", Shape.MOMENT),
    "count": Label("Enterprises"),
    "decisions": Label("SHA-256 of the list of decisions", Shape.CODE),
    "occasion": Label("Occasion", words=OCCASIONS),
    "promise": Label("Number of the promise", Shape.CODE),
    "clause": Label("Clause", Shape.CODE),
    "words_sha256": Label("SHA-256 of the words promised", Shape.CODE),
    "due": Label("To be looked at by", Shape.DAY),
    "outcome": Label("Outcome", words=OUTCOMES),
    "finding_sha256": Label("SHA-256 of the finding", Shape.CODE),
    "basis": Label("Number of the decision that repaired the credit"),
    "repaired_on": Label("Repaired on", Shape.DAY),
    "found_by": Label("Found by", Shape.WHO),
    "decision": Label("SHA-256 of the decision", Shape.CODE),
    "push": Label("Number of the message", Shape.CODE),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    DecisionsMade.kind: "A policy benefit was decided",
    DecisionOpened.kind: "An officer opened a decision with its data",
    PromiseGiven.kind: "An enterprise promised what is not known yet",
    PromiseChecked.kind: "A promise was looked at",
    PromiseLifted.kind: "After a credit repair, promises are taken again",
    SaidNotForUs.kind: "An enterprise said a benefit is not for it",
    NotForUsWithdrawn.kind: "An enterprise wants to be told of a benefit again",
    MeasureFound.kind: "A policy benefit found an enterprise",
}
"""Kind of event -> the sentence that names it in lists of receipts."""


def _measure(happening: Happening) -> str:
    return happening.text("measure")


NOTICES: dict[str, tuple[Notice, ...]] = {
    MeasureFound.kind: (
        Notice(
            sentence=(
                "By its data, your enterprise meets every condition of a policy benefit; nobody applied for it. The "
                "page says why, condition by condition, and what to do."
            ),
            to=about, page="matching:measure", argument=_measure, many="matching:mine", roles=("owner", "agent"),
        ),
    ),
    PromiseGiven.kind: (
        Notice(
            sentence="{organisation} promised a condition of a policy benefit; it has to be looked at in time.",
            to=officers, page="matching:promises", roles=("owner", "agent"), by_default=False,
        ),
    ),
    PromiseChecked.kind: (
        Notice(
            sentence="The zone looked at your promise: it was kept.",
            to=about, page="matching:measure", argument=_measure, many="matching:mine", roles=("owner", "agent"),
            when=lambda happening: happening.text("outcome") == "kept",
        ),
        Notice(
            sentence="The zone found that your promise was not kept. What follows from it stands beside the finding.",
            to=about, page="matching:measure", argument=_measure, many="matching:mine", roles=("owner", "agent"),
            when=lambda happening: happening.text("outcome") == "broken",
        ),
    ),
    PromiseLifted.kind: (
        Notice(
            sentence="The zone recorded that your credit is repaired: promises for a policy benefit are taken again.",
            to=about, page="matching:measure", argument=_measure, many="matching:mine", roles=("owner", "agent"),
        ),
    ),
}  # fmt: skip
"""Whom these events tell: of an enterprise those who look after it, an owner or an agent, and not who only reads."""
