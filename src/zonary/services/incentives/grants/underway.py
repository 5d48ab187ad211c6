"""What an enterprise reads beside a measure it was listed for: how far that is, and whether something waits for it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.urls import reverse

from zonary.common.clock import zone_date
from zonary.common.language import _
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants.models import Grant
from zonary.services.incentives.grants.queries import own_grants
from zonary.services.incentives.grants.rules.steps import OVER, BatchState, GrantState
from zonary.services.incentives.grants.wording import money
from zonary.services.incentives.matching.underway import Stage, Underway

_CAME_TO_NOTHING = frozenset(
    (GrantState.DECLINED, GrantState.LAPSED, GrantState.REMOVED, GrantState.UNFUNDED, GrantState.REPAID)
)
"""After these the same measure may be had anew."""


def underway_of(reader: Standing, today: date) -> dict[int, Underway]:
    """By primary key of the measure; what is open counts before what came to nothing, then the newest. One query."""
    rows = own_grants(reader).exclude(batch__state=BatchState.CANCELLED).order_by("pk")
    found: dict[int, Grant] = {}
    for each in rows.filter(Q(batch__year__gte=today.year) | ~Q(state__in=OVER)):
        before = found.get(each.batch.measure_id)
        if before is None or before.state in _CAME_TO_NOTHING or each.state not in _CAME_TO_NOTHING:
            found[each.batch.measure_id] = each
    return {measure: _said_of(grant, today) for measure, grant in found.items()}


def _said_of(grant: Grant, today: date) -> Underway:
    stage, said, until = _sentence(grant, today)
    return Underway(stage, said, reverse("grants:grant", args=[grant.public_id]), until)


def _sentence(grant: Grant, today: date) -> tuple[Stage, str, date | None]:
    """How far it is, what says so, and until which day something waits."""
    number, state = grant.batch.number, GrantState(grant.state)
    if state is GrantState.LISTED:
        return _listed(grant, today)
    if state is GrantState.FAILED:
        said = _(
            "Batch {number}: the bank could not pay {amount}. Give another account.",
            number=number,
            amount=_amount(grant),
        )
        return Stage.WAITS, said, None
    if state is GrantState.CLAWED_BACK:
        until = grant.claw_back.until
        said = _("Batch {number}: it is claimed back. Pay it back by {day}.", number=number, day=until.isoformat())
        return Stage.WAITS, said, until
    had = (GrantState.GRANTED, GrantState.PAID)
    stage = Stage.NOTHING if state in _CAME_TO_NOTHING else Stage.HAD if state in had else Stage.COMES
    return stage, _told(grant, state), None


def _listed(grant: Grant, today: date) -> tuple[Stage, str, date | None]:
    number, batch, until = grant.batch.number, grant.batch, grant.batch.consent_until
    if batch.state == BatchState.OPEN and until is not None:
        if today <= until:
            said = _(
                "You are listed in batch {number} with {amount}: say by {day} to which account it goes.",
                number=number,
                amount=_amount(grant),
                day=until.isoformat(),
            )
            return Stage.WAITS, said, until
        said = _("Batch {number}: the time to answer ended on {day}.", number=number, day=until.isoformat())
        return Stage.NOTHING, said, None
    if batch.state == BatchState.NOTICED and batch.notice_until is not None:
        said = _(
            "You are listed in batch {number}, which is in public notice until {day}; then you are asked for an "
            "account.",
            number=number,
            day=batch.notice_until.isoformat(),
        )
        return Stage.COMES, said, None
    return Stage.COMES, _("You are listed in batch {number}; you are asked for an account.", number=number), None


def _told(grant: Grant, state: GrantState) -> str:
    """Of what nobody waits for here."""
    number, amount = grant.batch.number, _amount(grant)
    if state is GrantState.GRANTED:
        since = zone_date(grant.consented_at or grant.batch.made_at)
        return _("Your enterprise has it since {day}; nothing is left to do.", day=since.isoformat())
    return {
        GrantState.OBJECTED: _("Batch {number}: somebody objected to it. An officer answers, then it goes on.",
                               number=number),
        GrantState.CONSENTED: _("Batch {number}: your account is given. {amount} follow once the batch is paid.",
                                number=number, amount=amount),
        GrantState.PAYABLE: _("Batch {number}: {amount} are on their way to your account.", number=number,
                              amount=amount),
        GrantState.PAID: _("Batch {number}: {amount} were paid.", number=number, amount=amount),
        GrantState.DECLINED: _("Batch {number}: you declined it.", number=number),
        GrantState.LAPSED: _("Batch {number}: it was not answered in time.", number=number),
        GrantState.REMOVED: _("Batch {number}: it was taken out. Its page says why.", number=number),
        GrantState.UNFUNDED: _("Batch {number}: the budget was used up.", number=number),
        GrantState.REPAID: _("Batch {number}: it was paid back.", number=number),
    }[state]  # fmt: skip


def _amount(grant: Grant) -> str:
    return money(grant.computed if grant.allocated is None else grant.allocated)
