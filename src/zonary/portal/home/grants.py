"""Grants that wait for somebody: an enterprise's word, the next step of a batch, an objection, money to come back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from zonary.common.clock import zone_date
from zonary.common.language import _
from zonary.foundation.organizations.standing import Standing
from zonary.portal.home.items import Item, Urgency, urgency
from zonary.services.incentives.grants import queries
from zonary.services.incentives.grants.permissions import may_run_batches
from zonary.services.incentives.grants.wording import money, title_of
from zonary.services.incentives.measures.queries import cards_to_publish, changes_to_confirm

MOST = 100
"""Of each kind that are looked at; lists have the others."""


def grant_items(reader: Standing, *, at: datetime) -> list[Item]:
    """For officers what they may do about batches, for an enterprise the grants it is asked about."""
    if may_run_batches(reader):
        return [
            *_batches(reader, at),
            *_objections(reader),
            *_claw_backs(reader, at),
            *_card_changes(reader),
            *_cards(reader),
        ]
    return list(_asked(reader, at)) if reader.organisation and reader.may_act else []


def _asked(reader: Standing, at: datetime) -> Iterator[Item]:
    for each in queries.grants_to_answer(reader)[:MOST]:
        due = each.batch.consent_until if each.state == "listed" else None
        yield Item(
            name=_("A grant without application: {title}", title=title_of(each.batch)),
            detail=money(each.computed),
            address=reverse("grants:grant", args=[each.public_id]),
            action=_("Answer"),
            since=each.batch.asked_at or each.batch.made_at,
            due=due,
            urgency=urgency(due, zone_date(at)),
        )


def _batches(reader: Standing, at: datetime) -> Iterator[Item]:
    for each in queries.batches_to_move(reader, today=zone_date(at))[:MOST]:
        yield Item(
            name=_("Grants without application: {title}", title=title_of(each)),
            detail=_("Batch {number}", number=each.number),
            address=reverse("grants:batch", args=[each.public_id]),
            action=_("Take the next step"),
            since=each.closed_at or each.made_at,
            due=each.pay_until,
            urgency=urgency(each.pay_until, zone_date(at)),
        )


def _objections(reader: Standing) -> Iterator[Item]:
    for each in queries.objections_to_answer(reader)[:MOST]:
        yield Item(
            name=_("Objection to a grant"),
            detail=each.grant.subject.name,
            address=reverse("grants:objection", args=[each.public_id]),
            action=_("Answer"),
            since=each.raised_at,
        )


def _claw_backs(reader: Standing, at: datetime) -> Iterator[Item]:
    """Money that is to come back within the next days, or should have."""
    for each in queries.claw_backs_waiting(reader)[:MOST]:
        if urgency(each.until, zone_date(at)) is not Urgency.CALM:
            yield Item(
                name=_("Not paid back yet: {amount}", amount=money(each.amount)),
                detail=each.grant.subject.name,
                address=reverse("grants:grant", args=[each.grant.public_id]),
                action=_("Look"),
                since=each.decided_at,
                due=each.until,
                urgency=urgency(each.until, zone_date(at)),
            )


def _card_changes(reader: Standing) -> Iterator[Item]:
    """What another officer proposed for the money of a published card."""
    for each in changes_to_confirm(reader)[:MOST]:
        yield Item(
            name=_("A change of a card"),
            detail=each.measure.title,
            address=reverse("measures:measure", args=[each.measure.public_id]),
            action=_("Look"),
            since=each.proposed_at,
        )


def _cards(reader: Standing) -> Iterator[Item]:
    """What gives money and another officer prepared."""
    for each in cards_to_publish(reader)[:MOST]:
        yield Item(
            name=_("A card to publish"),
            detail=each.title,
            address=reverse("measures:measure", args=[each.public_id]),
            action=_("Look"),
            since=each.prepared_at,
        )
