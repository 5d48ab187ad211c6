"""What somebody has to decide, the most urgent first, each with the one button that leads there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from zonary.common.clock import zone_date
from zonary.common.language import _
from zonary.foundation.deadlines.queries import deadlines_of
from zonary.foundation.facts.queries import disputes_to_answer
from zonary.foundation.facts.wording import indicator_name
from zonary.foundation.organizations.claims.queries import claims_waiting
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.queries import as_uuid, corrections_waiting
from zonary.foundation.organizations.standing import Standing
from zonary.portal.home.grants import grant_items
from zonary.portal.home.items import Item, Urgency, urgency

MOST = 200
"""Of each kind that are looked at; lists have the others."""
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Work:
    """All that waits: ``items`` are the most urgent, the counts are of all."""

    items: Sequence[Item]
    count: int
    late: int
    near: int


def work_of(reader: Standing, *, at: datetime) -> Work:
    """What waits for ``reader``: disputes, corrections and claims they may decide on."""
    found = [*_disputes(reader, at), *_corrections(reader), *_claims(reader), *grant_items(reader, at=at)]
    found.sort(key=lambda item: (item.due or date.max, item.since))
    late, near = (sum(item.urgency is which for item in found) for which in (Urgency.LATE, Urgency.NEAR))
    return Work(found[:SHOWN], len(found), late, near)


def _disputes(reader: Standing, at: datetime) -> list[Item]:
    waiting = list(disputes_to_answer(reader)[:MOST])
    deadlines = deadlines_of(str(each.public_id) for each in waiting)
    made = []
    for each in waiting:
        deadline = deadlines.get(str(each.public_id))
        due = deadline.due if deadline else None
        item = Item(
            name=_("Dispute of a figure: {indicator}", indicator=indicator_name(each.fact.indicator)),
            detail=each.subject.name,
            address=reverse("facts:answer-dispute", args=[each.public_id]),
            action=_("Answer"),
            since=each.disputed_at,
            due=due,
            urgency=urgency(due, zone_date(at)),
        )
        made.append(item)
    return made


def _corrections(reader: Standing) -> list[Item]:
    waiting = list(corrections_waiting(reader)[:MOST])
    wanted = {as_uuid(each.organization) for each in waiting}
    found = Organization.objects.filter(public_id__in=wanted).values_list("public_id", "name") if wanted else ()
    names = {str(public_id): name for public_id, name in found}
    return [
        Item(
            name=_("Correction: {reason}", reason=each.reason),
            detail=names.get(each.organization, ""),
            address=reverse("receipts:waiting"),
            action=_("Decide"),
            since=each.proposed_at,
        )
        for each in waiting
    ]


def _claims(reader: Standing) -> list[Item]:
    waiting = claims_waiting(reader).select_related("organization").order_by("public_id")[:MOST]
    return [
        Item(
            name=_("Claim: somebody says to act for a listed enterprise"),
            detail=each.organization.name,
            address=reverse("claims:claim", args=[each.public_id]),
            action=_("Compare"),
            since=each.claimed_at,
        )
        for each in waiting
    ]
