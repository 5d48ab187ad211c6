"""Whom events of rule packs tell."""

from __future__ import annotations

from zonary.foundation.ledger.notices import Notice, named, officers
from zonary.foundation.ledger.watching import Happening


def _draft(happening: Happening) -> str:
    return happening.about


NOTICES: dict[str, tuple[Notice, ...]] = {
    "rules.pack.proposed": (
        Notice(
            sentence="A rule pack was proposed. It waits for its review, and for another officer to release it.",
            to=officers, page="rules:draft", argument=_draft, many="rules:drafts", roles=("owner", "agent"),
        ),
    ),
    "rules.pack.released": (
        Notice(
            sentence="The rule pack you proposed is released and decides from now on.",
            to=named("proposed_by"), page="rules:draft", argument=_draft, many="rules:drafts",
        ),
    ),
}  # fmt: skip
