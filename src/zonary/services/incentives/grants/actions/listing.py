"""From the list to the question: start a batch, publish it, ask the enterprises; or give it up."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from zonary.common.clock import zone_date
from zonary.engines.workdays import Term, Unit
from zonary.foundation.deadlines.actions import DeadlineError, meet_deadline, set_deadline
from zonary.foundation.deadlines.queries import deadlines_of
from zonary.foundation.ledger.act_batches import record_each
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants import deciding, queries
from zonary.services.incentives.grants.events import (
    BatchCancelled,
    ConsentAsked,
    ConsentsOpened,
    GrantCancelled,
    NoticeOpened,
)
from zonary.services.incentives.grants.holding import held_batch
from zonary.services.incentives.grants.making import CONSENT_WORKDAYS, batch_of, grant_of, listed, started, terms_for
from zonary.services.incentives.grants.models import AutomaticBatch, Grant, Objection
from zonary.services.incentives.grants.permissions import GrantError, UnknownGrantError, require_may_run
from zonary.services.incentives.grants.rules.allocating import Last
from zonary.services.incentives.grants.rules.notices import notice_digest
from zonary.services.incentives.grants.rules.steps import (
    MAX_GRANTS,
    BatchState,
    BatchStep,
    GrantState,
    next_batch_state,
)
from zonary.services.incentives.grants.rules.texts import checked_text
from zonary.services.incentives.matching.models import StoredDecision
from zonary.services.incentives.measures.models import Measure


@action
def start_batch(
    measure: str,
    *,
    day: date | None = None,
    consent_workdays: int = CONSENT_WORKDAYS,
    last: Last = Last.REST,
    by: Standing,
    at: datetime,
) -> AutomaticBatch:
    """List every enterprise that fulfils a measure's rule as of ``day`` (today without), as known now.

    Those that have something to pay back (追回) stay off until it came: what is open with one hand is not paid again
    with the other.

    The terms are frozen with it: what is changed in the measure from now on counts for the next batch.

    :raises UnknownGrantError: when there is no such measure.
    :raises GrantError: when it is not one that finds its enterprises, or nobody fulfils it.
    """
    require_may_run(by, at=at)
    found, wanted = _offered(measure), day or zone_date(at)
    _require_day(found, wanted, at)
    terms = terms_for(found, today=zone_date(at), consent_workdays=consent_workdays, last=last)
    decided = _payable(deciding.eligible(found, day=wanted, by=by, at=at))
    if not decided:
        raise GrantError(
            "Nobody fulfils this measure as of {day} who has nothing to pay back, so there is no list.",
            day=str(wanted),
        )
    if len(decided) > MAX_GRANTS:
        raise GrantError(
            "{count} enterprises fulfil it; a batch takes at most {most}. Split the measure by year or by part.",
            count=len(decided),
            most=MAX_GRANTS,
        )
    release = str(decided[0].release)
    batch = batch_of(found, terms, is_instant=False, day=wanted, release=release, by=by, at=at)
    grants = [grant_of(batch, each, at=at) for each in decided]
    recorded = record(started(batch, grants), by=by, about=str(batch.public_id), at=at)
    batch.entry = recorded.public_id
    batch.save()
    entries = record_each([listed(each) for each in grants], by=by, about=str(batch.public_id), at=at).ids()
    for each, entry in zip(grants, entries, strict=True):
        each.entry = entry
    Grant.objects.bulk_create(grants, batch_size=200)
    return batch


def _offered(measure: str) -> Measure:
    """The measure, which nobody changes until the action ends."""
    found = Measure.objects.select_for_update().filter(public_id=as_uuid(measure)).first()
    if found is None:
        raise UnknownGrantError("There is no such measure.")
    if found.state != Measure.State.PUBLISHED or found.mode != Measure.Mode.AUTOMATIC or not found.amount:
        raise GrantError("Only a published measure that pays money without application (免申即享) has batches.")
    return found


def _require_day(measure: Measure, wanted: date, at: datetime) -> None:
    if wanted > zone_date(at):
        raise GrantError("A list is made as of today or an earlier day; of {day} nothing is known.", day=str(wanted))
    if measure.published_at is not None and wanted < zone_date(measure.published_at):
        raise GrantError(
            "This measure is published since {day}; no list is made as of an earlier day.",
            day=str(zone_date(measure.published_at)),
        )


def _payable(decided: Sequence[StoredDecision]) -> list[StoredDecision]:
    """Those with an amount, of enterprises that owe nothing back."""
    found = [each for each in decided if each.amount]
    owing = queries.owes_back([each.subject_id for each in found])
    return [each for each in found if each.subject_id not in owing]


@action
def open_notice(batch: str, *, by: Standing, at: datetime) -> AutomaticBatch:
    """Publish the list (公示) for the measure's workdays, counted from tomorrow.

    :raises GrantError: when the terms ask for no notice.
    """
    require_may_run(by, at=at)
    held = held_batch(batch)
    state, terms = next_batch_state(held.state, BatchStep.NOTICE), queries.terms_of_batch(held)
    if not terms.notice_workdays:
        raise GrantError("This measure asks for no public notice. Ask the enterprises at once.")
    until = _deadline(held, "notice", terms.notice_workdays, by=by, at=at)
    held.state, held.noticed_at, held.notice_until = state, at, until
    content = queries.notice_content(held, iter(lambda: secrets.token_hex(16), ""))
    held.notice, held.notice_digest = content.decode(), notice_digest(content)
    held.save(update_fields=["state", "noticed_at", "notice_until", "notice", "notice_digest"])
    event = NoticeOpened(batch=batch, content_digest=held.notice_digest, until=str(until))
    record(event, by=by, about=batch, at=at)
    return held


@action
def open_consents(batch: str, *, by: Standing, at: datetime) -> AutomaticBatch:
    """Ask every enterprise left on the list whether it wants the grant, and where to.

    :raises GrantError: while the notice runs, an objection waits, or one that is needed was not given yet.
    """
    require_may_run(by, at=at)
    held = held_batch(batch)
    state, terms = next_batch_state(held.state, BatchStep.ASK), queries.terms_of_batch(held)
    if held.state == BatchState.LISTED and terms.notice_workdays:
        raise GrantError(
            "This measure asks for a public notice of {count} workdays first.", count=terms.notice_workdays
        )
    if queries.is_in_notice(held, at):
        raise GrantError("The public notice runs until {day}.", day=str(held.notice_until))
    if Objection.objects.filter(grant__batch=held, state=Objection.State.OPEN).exists():
        raise GrantError("An objection waits for its answer. Decide on it first.")
    if held.noticed_at is not None:
        meet_deadline(f"{batch}:notice", by=by, at=at)
    until = _deadline(held, "consent", terms.consent_workdays, by=by, at=at)
    held.state, held.asked_at, held.consent_until = state, at, until
    held.save(update_fields=["state", "asked_at", "consent_until"])
    asked = list(held.grants.filter(state=GrantState.LISTED).select_related("subject").order_by("pk"))
    record(ConsentsOpened(batch=batch, until=str(until), grants=len(asked)), by=by, about=batch, at=at)
    events = [
        ConsentAsked(
            grant=str(each.public_id), enterprise=str(each.subject.public_id), amount=each.computed, until=str(until)
        )
        for each in asked
    ]
    if events:
        record_each(events, by=by, about=batch, at=at)
    return held


@action
def cancel_batch(batch: str, *, reason: str, by: Standing, at: datetime) -> AutomaticBatch:
    """Give a batch up before any payment file was made; who was asked is told.

    :raises WrongStepError: when it has come further.
    """
    require_may_run(by, at=at)
    held = held_batch(batch)
    held.state, held.reason, held.settled_at = next_batch_state(held.state, BatchStep.CANCEL), checked_text(reason), at
    held.save(update_fields=["state", "reason", "settled_at"])
    record(BatchCancelled(batch=batch, reason=held.reason), by=by, about=batch, at=at)
    if held.asked_at is not None or held.is_instant:
        waiting = (GrantState.LISTED, GrantState.CONSENTED, GrantState.OBJECTED)
        ended = held.grants.filter(state__in=waiting).select_related("subject").order_by("pk")
        events = [
            GrantCancelled(grant=str(each.public_id), enterprise=str(each.subject.public_id), reason=held.reason)
            for each in ended
        ]
        if events:
            record_each(events, by=by, about=batch, at=at)
    for about, deadline in deadlines_of(f"{batch}:{each}" for each in ("notice", "consent", "pay")).items():
        if deadline.met_at is None:
            meet_deadline(about, by=by, at=at)
    return held


def _deadline(batch: AutomaticBatch, stage: str, count: int, *, by: Standing, at: datetime) -> date:
    """The last day of a stage of a batch; officers see it coming."""
    term, basis = Term(count, Unit.WORKDAYS, False), f"{batch.number} {stage}"
    about = f"{batch.public_id}:{stage}"
    deadline = set_deadline(about, term, begins=zone_date(at), basis=basis, by=by, at=at)
    if deadline.due is None:  # nothing stops the clock of a term that begins now
        raise DeadlineError("This has no last day.")
    return deadline.due
