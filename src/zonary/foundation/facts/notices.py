"""Whom events of facts tell."""

from __future__ import annotations

from zonary.foundation.ledger.notices import Notice, about, named, officers
from zonary.foundation.ledger.watching import Happening


def _by_others(happening: Happening) -> bool:
    """What an enterprise does with its own facts is no news to it."""
    return happening.organisation != happening.about


def _fact(happening: Happening) -> str:
    return happening.text("fact")


NOTICES: dict[str, tuple[Notice, ...]] = {
    "facts.fact.recorded": (
        Notice(
            sentence="The zone recorded a fact about your organisation. Dispute it if it is wrong.",
            to=about, page="facts:fact", argument=_fact, many="facts:list", when=_by_others, by_default=False,
        ),
    ),
    "facts.fact.corrected": (
        Notice(
            sentence="A fact about your organisation was corrected.",
            to=about, page="facts:fact", argument=_fact, many="facts:list", when=_by_others,
        ),
    ),
    "facts.fact.retracted": (
        Notice(
            sentence="A fact about your organisation was retracted.",
            to=about, page="facts:fact", argument=_fact, many="facts:list", when=_by_others,
        ),
    ),
    "facts.fact.disputed": (
        Notice(
            sentence="{organisation} disputes a fact. An officer who did not record it has to answer.",
            to=officers, page="facts:answer-dispute", argument=lambda happening: happening.text("dispute"),
            many="facts:disputes", roles=("owner", "agent"),
        ),
    ),
    "facts.dispute.answered": (
        Notice(
            sentence="The zone answered your dispute: the fact was put right.",
            to=about, page="facts:fact", argument=_fact, many="facts:list",
            when=lambda happening: happening.text("is_upheld") == "True",
        ),
        Notice(
            sentence="The zone answered your dispute: the fact stands. The answer says why.",
            to=about, page="facts:fact", argument=_fact, many="facts:list",
            when=lambda happening: happening.text("is_upheld") == "False",
        ),
    ),
    "facts.profile.shared": (
        Notice(sentence="{organisation} shared its profile with you.", to=named("recipient"), page="facts:received"),
    ),
    "facts.profile.share-ended": (
        Notice(
            sentence="{organisation} no longer shares its profile with you.",
            to=named("recipient"), page="facts:received",
        ),
    ),
    "facts.profile.read": (
        Notice(
            sentence="{organisation} read the profile of your organisation.",
            to=about, page="facts:readings", by_default=False,
        ),
    ),
}  # fmt: skip
