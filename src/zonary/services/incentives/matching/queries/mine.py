"""Every published measure for one enterprise: what it has, what is one condition short, what is not known yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Final

from zonary.common.clock import zone_date
from zonary.engines.clauses.expressions import Flag, Holds, Judged, Listed
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.findings import ClauseFinding
from zonary.foundation.facts.queries import open_disputes
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.loaded import LoadedPack, packs_in_force
from zonary.foundation.rules.snapshots import FIELDS, POLICY, Allowed, standing_rows, stated_rows
from zonary.foundation.rules.stated import Answerable
from zonary.services.incentives.matching.models import NotForUs, Promise
from zonary.services.incentives.matching.permissions import is_enterprise
from zonary.services.incentives.matching.queries.deciding import (
    Answered,
    Question,
    UnknownAnswerError,
    answered,
    promised_clauses,
)
from zonary.services.incentives.matching.rules import BROKEN_SHUTS_OUT
from zonary.services.incentives.matching.underway import Underway, underway
from zonary.services.incentives.measures.budgets import BudgetUse, budget_uses
from zonary.services.incentives.measures.models import Measure

_OBTAINED: Final = (Flag, Holds, Judged, Listed)
"""Forms of a rule that a certificate, an entry in a list or a person's finding makes true."""


class Group(StrEnum):
    """Where a measure stands on the page, the best first."""

    FITS = "fits"
    SHORT = "short"  # one condition short
    MISSING = "missing"  # something is not known yet
    FAR = "far"  # one condition short that nobody would work on: its industry, its age, being too large
    OTHER = "other"  # several conditions do not hold, or it is not in force
    UNWANTED = "unwanted"  # the enterprise said it is not for it


@dataclass(frozen=True, slots=True)
class Result:
    """:param may_promise: whether a promise for the measure is still taken: none of the enterprise's was broken."""

    answer: Answered
    group: Group
    may_promise: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What it takes to say what is next, asked once for a whole page.

    :param underway: and ``uses`` by primary key of the measure.
    :param disputed: public id of a fact about the enterprise -> that of its dispute, which waits for an answer.
    :param may_act: whether the reader may do more than look.
    """

    today: date
    underway: Mapping[int, Underway]
    uses: Mapping[int, BudgetUse]
    disputed: Mapping[str, str]
    may_act: bool


def circumstances(reader: Standing, results: Sequence[Result], *, at: datetime) -> Circumstances:
    """Three queries, however many measures there are."""
    today = zone_date(at)
    fitting = [each.answer.question.measure for each in results if each.group is Group.FITS]
    return Circumstances(
        today=today,
        underway=underway(reader, today),
        uses=budget_uses(fitting),
        disputed=open_disputes(reader, reader.organisation),
        may_act=reader.may_act,
    )


def own_results(reader: Standing, *, at: datetime) -> list[Result]:
    """Of the reader's enterprise, from the facts of now, the best first. No act: it is their own.

    Eight queries, however many measures and facts there are.

    :raises UnknownAnswerError: for who acts for no enterprise.
    """
    subject = own_enterprise(reader)
    published = Measure.objects.filter(state=Measure.State.PUBLISHED).order_by("-published_at", "-id")
    unwanted = set(NotForUs.objects.filter(subject=subject).values_list("measure", flat=True))
    found = list(_results(subject, list(published), unwanted, at))
    order = list(Group)
    return sorted(found, key=lambda each: (order.index(each.group), _distance(each), -(each.answer.amount or 0)))


def own_result(reader: Standing, measure: str, *, at: datetime) -> Result:
    """Of one measure; an ended one, too, as long as its rules have it.

    :raises UnknownAnswerError: when there is no such measure, or nothing to be said of it any more.
    """
    subject = own_enterprise(reader)
    known = Measure.objects.filter(public_id=as_uuid(measure)).exclude(state=Measure.State.PREPARED)
    unwanted = NotForUs.objects.filter(subject=subject, measure__public_id=as_uuid(measure))
    found = list(_results(subject, list(known), set(unwanted.values_list("measure", flat=True)), at))
    if not found:
        raise UnknownAnswerError("There is no such measure.")
    return found[0]


def _results(subject: Organization, measures: Sequence[Measure], unwanted: set[int], at: datetime) -> Iterator[Result]:
    promises = list(Promise.objects.filter(subject=subject))
    broken = [each for each in promises if each.state == Promise.State.BROKEN and each.lifted_at is None]
    shut = {each.measure_id for each in broken} if BROKEN_SHUTS_OUT else set()
    for answer in results_of(subject, measures, at=at, promises=promises):
        measure = answer.question.measure.pk
        yield Result(answer, _group(answer, unwanted), measure not in shut)


def own_enterprise(reader: Standing) -> Organization:
    """:raises UnknownAnswerError: for who acts for none."""
    found = Organization.objects.filter(public_id=as_uuid(reader.organisation)).first()
    if found is None or not is_enterprise(reader):
        raise UnknownAnswerError("Only an enterprise has benefits of its own. Act for one first.")
    return found


def results_of(
    subject: Organization, measures: Sequence[Measure], *, at: datetime, promises: Sequence[Promise] | None = None
) -> Iterator[Answered]:
    """What each comes to for one enterprise today; what several measures of a pack ask alike is found once.

    One whose rules are not released, or no longer have its item, is passed over: nothing can be said of it.

    :param promises: all of the enterprise's; None: they are read.
    """
    packs = {each.pack_id: each for each in packs_in_force(at=at)} if measures else {}
    wanted = [each for each in measures if each.pack in packs and each.item in packs[each.pack].plan.items]
    asked_for = [packs[name] for name in dict.fromkeys(each.pack for each in wanted)]
    askings = _askings(subject, asked_for, at)
    promised = promised_clauses(Promise.objects.filter(subject=subject) if promises is None else promises, at)
    for measure in wanted:
        loaded = packs[measure.pack]
        asked = Question(measure=measure, loaded=loaded, day=zone_date(at), known_at=at)
        yield answered(
            asked, subject, askings[loaded.pack_id], promised.get(measure.pk, {}).get(subject.pk, frozenset())
        )


def _askings(subject: Organization, packs: Sequence[LoadedPack], at: datetime) -> dict[str, Asking]:
    """By pack. The facts are read once for all of them."""
    answerable = {each.pack_id: Answerable(each.vocabulary) for each in packs}
    terms = {term for each in answerable.values() for term in each.terms}
    rows = standing_rows(terms, at).filter(subject=subject).values_list(*FIELDS)
    stated = list(stated_rows(rows, Allowed(POLICY, at))) if terms else []
    return {
        each.pack_id: Asking(
            each.setting,
            answerable[each.pack_id].snapshot(str(subject.public_id), stated, day=zone_date(at), known_at=at),
        )
        for each in packs
    }


def _group(answer: Answered, unwanted: set[int]) -> Group:
    if answer.question.measure.pk in unwanted:
        return Group.UNWANTED
    if answer.truth == "yes":
        return Group.FITS
    if answer.truth == "unknown":
        return Group.MISSING
    if not answer.decision.short:
        return Group.OTHER
    return Group.SHORT if any(is_reachable(each) for each in _short(answer)) else Group.FAR


def _short(answer: Answered) -> list[ClauseFinding]:
    return [each for each in answer.decision.clauses if each.clause.id in answer.decision.short]


def is_reachable(finding: ClauseFinding) -> bool:
    """Whether an enterprise could do something for it, or wait: raise a number, obtain what is yes or no.

    No enterprise makes itself smaller, younger or of another industry for a grant.
    """
    if any(need.from_day is not None or (need.by or 0) > 0 for need in finding.needs):
        return True
    return not finding.needs and any(isinstance(each.leaf, _OBTAINED) for each in finding.leaves)


def _distance(result: Result) -> Fraction:
    """Of what is short: what is lacking as a part of the bound; 1 for what is no number. Nothing for other groups."""
    if result.group is not Group.SHORT:
        return Fraction(0)
    needs = [need for each in _short(result.answer) for need in each.needs if need.by and need.to]
    return max((abs(Fraction(need.by or 0) / Fraction(need.to or 1)) for need in needs), default=Fraction(1))
