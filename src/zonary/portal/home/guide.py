"""A first run in three steps: each is done when the record says so, not when a button was pressed.

Only a demonstration has it. What the story's people did in the story does not count; what a visitor does as them does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from zonary.common.language import _
from zonary.foundation.ledger.queries import has_recorded
from zonary.foundation.organizations.standing import Standing
from zonary.portal.demonstration.queries import Demonstration, shown_demonstration
from zonary.services.evidence.capture.queries import captures

GUIDE_DISMISSED = "guide_dismissed"
"""The key in a session."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do here, and whether it was done."""

    name: str
    about: str
    address: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Guide:
    steps: Sequence[Step]
    is_dismissed: bool

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)


def guide_of(reader: Standing, session: Any) -> Guide | None:
    """The three steps of ``reader``'s role; None outside a demonstration, and for roles that only look."""
    demonstration = shown_demonstration()
    if demonstration is None:
        return None
    wanted = _wanted(reader, demonstration)
    if not wanted:
        return None

    # The server seals what it captured in the name of whoever asked: that is no file they registered.
    sealed = captures(reader).exclude(evidence=None).values_list("evidence", flat=True)

    def is_done(kind: str) -> bool:
        own = Q(actor=reader.person, organisation=reader.organisation) & ~Q(public_id__in=sealed)
        return has_recorded(own, kinds=(kind,), after=demonstration.number)

    steps = [Step(name, about, address, is_done(kind)) for name, about, address, kind in wanted]
    return Guide(steps, bool(session.get(GUIDE_DISMISSED)))


_Wanted = list[tuple[str, str, str, str]]
"""Name, sentence, address, and the kind of act that shows it was done."""


def _wanted(reader: Standing, demonstration: Demonstration) -> _Wanted:
    if reader.is_officer and reader.may_act:
        return _officers(demonstration)
    if reader.organisation == demonstration.organisations["maker"] and reader.may_act:
        return _companies()
    return _inventors() if not reader.organisation and not reader.admin else []


def _register() -> tuple[str, str, str, str]:
    return (
        _("Register a file"),
        _("Any file of yours: its digests are computed in this browser, and it stays on your machine."),
        reverse("evidence:register"),
        "evidence.registered",
    )


def _officers(demonstration: Demonstration) -> _Wanted:
    return [
        (
            _("Answer the late dispute"),
            _("148 or 176 people insured? Say which is right; the company sees your reason."),
            reverse("facts:answer-dispute", args=[demonstration.things["late-dispute"]]),
            "facts.dispute.answered",
        ),
        (
            _("Decide on a correction"),
            _("A slip is mended in the open: who proposed it, who approved it, and why."),
            reverse("receipts:waiting"),
            "organizations.correction.decided",
        ),
        (
            _("Compare a claim with the licence"),
            _("Nobody acts for a company of the registry before you confirm it."),
            reverse("claims:list"),
            "organizations.claim.decided",
        ),
    ]


def _companies() -> _Wanted:
    return [
        _register(),
        (
            _("State a figure that is missing"),
            _("It carries its source and its year, and nobody changes it unseen."),
            reverse("facts:declare-fact"),
            "facts.fact.declared",
        ),
        (
            _("Dispute a figure that others recorded"),
            _("Open one of them and say what it ought to be; the zone has twenty days."),
            reverse("facts:list"),
            "facts.fact.disputed",
        ),
    ]


def _inventors() -> _Wanted:
    return [
        _register(),
        (
            _("Bring a document"),
            _("Only you see it until you share it."),
            reverse("documents:add-document"),
            "documents.document.added",
        ),
        (
            _("Share it with the zone"),
            _("Open the document; you can take the sharing back at any time."),
            reverse("documents:list"),
            "documents.document.shared",
        ),
    ]
