"""Promises (承诺即入制): given in the words that were shown, looked at in time, what follows when one is broken, and
when that ends."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.conf import settings
from django.db import connection

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.engines.workdays import Term, Unit
from zonary.foundation.deadlines.actions import meet_deadline, set_deadline
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.permissions import NotAllowedError, hold_standing
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.matching.actions.deciding import decide_measures
from zonary.services.incentives.matching.events import PromiseChecked, PromiseGiven, PromiseLifted
from zonary.services.incentives.matching.models import Promise
from zonary.services.incentives.matching.permissions import require_enterprise, require_may_check
from zonary.services.incentives.matching.queries import (
    Answered,
    MatchingError,
    UnknownAnswerError,
    answers_to,
    question_of,
    require_may_promise,
)
from zonary.services.incentives.matching.rules import (
    MAX_BASIS,
    MAX_FINDING,
    Occasion,
    digest_of_words,
    require_repair,
    require_words,
)
from zonary.services.incentives.matching.wording import promise_words
from zonary.services.incentives.measures.models import Measure


@action
def give_promise(measure: str, clause: str, *, words_sha256: str, by: Standing, at: datetime) -> Promise:
    """Promise a clause whose data are not known, and have the measure decided anew with it.

    :param words_sha256: of the words that were shown; others are refused, so that nobody signs what they did not read.
    :raises MatchingError: when the clause may not be promised, is promised already, or a promise for this measure was
        broken before.
    :raises NotAllowedError: for who acts for no enterprise.
    """
    hold_standing(by, at=at)
    require_enterprise(by)
    subject = _held_enterprise(by)
    asked = question_of(measure, day=zone_date(at), known_at=at, at=at)
    if asked.measure.state != Measure.State.PUBLISHED:
        raise MatchingError("This measure has ended.")
    (answer,) = answers_to(asked, [subject])
    require_may_promise(answer, clause)
    words = _shown(answer, clause, words_sha256)
    public_id = new_id(at)
    check = settings.ZONARY_PROMISE_CHECK
    term = Term(check.workdays, Unit.WORKDAYS, is_statutory=False)
    deadline = set_deadline(public_id, term, begins=zone_date(at), basis=check.basis, by=by, at=at)
    due = deadline.due or zone_date(at)
    event = PromiseGiven(
        promise=public_id, measure=measure, clause=clause, words_sha256=words_sha256, due=due.isoformat()
    )
    entry = record(event, by=by, about=by.organisation, at=at)
    promise = _kept(public_id, answer, clause, words, due, entry.public_id, by=by, at=at)
    decide_measures(measure, [by.organisation], day=asked.day, known_at=at, occasion=Occasion.PROMISED, by=by, at=at)
    return promise


def _kept(
    public_id: str, answer: Answered, clause: str, words: str, due: date, entry: str, *, by: Standing, at: datetime
) -> Promise:
    return Promise.objects.create(
        public_id=public_id,
        measure=answer.question.measure,
        subject=answer.subject,
        clause=clause,
        words=words,
        words_digest=digest_of_words(words),
        promised_by=by.actor_id,
        promised_at=at,
        due=due,
        state=Promise.State.OPEN,
        entry=entry,
    )


@action
def check_promise(public_id: str, *, outcome: str, finding: str, by: Standing, at: datetime) -> Promise:
    """Record whether a promise was kept. Broken, its measure is decided anew without it, and the enterprise told.

    :param outcome: ``kept`` or ``broken``.
    :raises UnknownAnswerError: when there is no such promise.
    :raises MatchingError: when it was looked at already.
    :raises NotAllowedError: for who is no officer.
    """
    hold_standing(by, at=at)
    require_may_check(by)
    finding = require_words(finding, MAX_FINDING)
    if outcome not in (Promise.State.KEPT, Promise.State.BROKEN):
        raise MatchingError("A promise is found to be kept, or broken.")
    promise = Promise.objects.filter(public_id=as_uuid(public_id)).select_related("measure", "subject").first()
    if promise is None:
        raise UnknownAnswerError("There is no such promise.")
    # One statement compares and writes: of two officers at one time the second finds it looked at.
    open_ = Promise.objects.filter(pk=promise.pk, state=Promise.State.OPEN)
    if not open_.update(state=outcome, finding=finding, checked_by=by.actor_id, checked_at=at):
        raise MatchingError("This promise was looked at already.")
    event = PromiseChecked(
        promise=str(promise.public_id),
        measure=str(promise.measure.public_id),
        clause=promise.clause,
        outcome=outcome,
        finding_sha256=hashlib.sha256(finding.encode()).hexdigest(),
    )
    record(event, by=by, about=str(promise.subject.public_id), at=at)
    meet_deadline(str(promise.public_id), by=by, at=at)
    if outcome == Promise.State.BROKEN:
        _decide_anew(promise, by=by, at=at)
    promise.refresh_from_db()
    return promise


@action
def lift_promise(public_id: str, *, basis: str, repaired_on: date, by: Standing, at: datetime) -> Promise:
    """Take promises for the measure again, because the credit was repaired (信用修复); the finding itself stays.

    《信用修复管理办法》（国家发展改革委令第36号，2026年4月1日起施行）第三条: after a breach was set right and
    duties were fulfilled, sanctions are lifted with the repair. Who repairs is the authority that found the breach;
    here its decision is recorded. What is claimed back stays claimed back: who owes it is still on no list.

    :param basis: number of that decision.
    :param repaired_on: its day.
    :raises UnknownAnswerError: when there is no such promise.
    :raises MatchingError: when it was not broken, or is lifted already.
    :raises WrongAnswerError: when the repair came before the finding, or is still to come.
    :raises NotAllowedError: for who found it broken, and who is no officer.
    """
    hold_standing(by, at=at)
    require_may_check(by)
    basis = require_words(basis, MAX_BASIS)
    promise = Promise.objects.filter(public_id=as_uuid(public_id)).select_related("measure", "subject").first()
    if promise is None:
        raise UnknownAnswerError("There is no such promise.")
    if promise.checked_at is None or promise.state != Promise.State.BROKEN:
        raise MatchingError("Only a promise that was found broken stands in the way of others.")
    if by.actor_id == promise.checked_by:
        raise NotAllowedError("You found this promise broken yourself. Another officer records that it is repaired.")
    require_repair(repaired_on, found=zone_date(promise.checked_at), today=zone_date(at))
    # One statement compares and writes: of two officers at one time the second finds it lifted.
    barring = Promise.objects.filter(pk=promise.pk, state=Promise.State.BROKEN, lifted_at=None)
    if not barring.update(repair_basis=basis, repaired_on=repaired_on, lifted_by=by.actor_id, lifted_at=at):
        raise MatchingError("This is lifted already.")
    event = PromiseLifted(
        promise=str(promise.public_id),
        measure=str(promise.measure.public_id),
        clause=promise.clause,
        basis=basis,
        repaired_on=repaired_on.isoformat(),
        found_by=promise.checked_by,
    )
    record(event, by=by, about=str(promise.subject.public_id), at=at)
    promise.refresh_from_db()
    return promise


def _decide_anew(promise: Promise, *, by: Standing, at: datetime) -> None:
    """Without it. Where the rules no longer have the item there is nothing to decide, and the finding stands alone."""
    measure, subject = str(promise.measure.public_id), str(promise.subject.public_id)
    try:
        question_of(promise.measure, day=zone_date(at), known_at=at, at=at)
    except MatchingError:
        return
    decide_measures(measure, [subject], day=zone_date(at), known_at=at, occasion=Occasion.BROKEN, by=by, at=at)


def _held_enterprise(by: Standing) -> Organization:
    """Until the action ends nobody else promises for it."""
    rows = Organization.objects.filter(public_id=as_uuid(by.organisation))
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    return rows.get()


def _shown(answer: Answered, clause: str, words_sha256: str) -> str:
    for in_english in (False, True):
        words = promise_words(answer, clause, in_english=in_english)
        if digest_of_words(words) == words_sha256:
            return words
    raise MatchingError("The words of this promise are others by now. Read them again, and then promise.")
