"""Counting, for officers: numbers alone. What concerns one enterprise stands with its grants and decisions.

They are exact, where the simulator withholds what concerns fewer than five: nobody but officers reads them, who make
the lists with the names, and the rule is the released one, whose thresholds no reader turns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet, Sum

from zonary.common.clock import end_of_day, zone_date
from zonary.common.language import language, say
from zonary.engines.clauses.kleene import Truth
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.permissions import UnknownPackError
from zonary.services.incentives.grants.models import Grant
from zonary.services.incentives.grants.rules.steps import GrantState
from zonary.services.incentives.matching.models import NotForUs, Push, Reached
from zonary.services.incentives.matching.queries import (
    Matching,
    MatchingError,
    answers_to,
    matched_enterprises,
    subjects_called,
)
from zonary.services.incentives.measures.models import Measure

MAX_ASKED = 1_000
"""Enterprises of which something is missing that are looked at one by one, to say what."""
MAX_REASONS = 10
_PAID = (GrantState.PAID, GrantState.CLAWED_BACK, GrantState.REPAID)
_SAID_YES = (
    GrantState.CONSENTED,
    GrantState.PAYABLE,
    GrantState.UNFUNDED,
    GrantState.FAILED,
    GrantState.GRANTED,
    *_PAID,
)


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one measure between two days. Money in fen.

    :ivar reached: how many fulfilled it at the last look at the whole zone; None before the first.
    """

    measure: Measure
    reached: Reached | None
    told: int
    not_for_us: int
    listed: int
    wanted: int
    declined: int
    lapsed: int
    removed: int
    unfunded: int
    failed: int
    paid: int
    amount: int
    claimed_back: int


@dataclass(frozen=True, slots=True)
class Total:
    """Of all lines that are shown. Enterprises are counted once for each measure."""

    eligible: int
    told: int
    listed: int
    wanted: int
    declined: int
    paid: int
    amount: int


def total_of(lines: Sequence[Line]) -> Total:
    return Total(
        eligible=sum(each.reached.eligible for each in lines if each.reached),
        told=sum(each.told for each in lines),
        listed=sum(each.listed for each in lines),
        wanted=sum(each.wanted for each in lines),
        declined=sum(each.declined for each in lines),
        paid=sum(each.paid for each in lines),
        amount=sum(each.amount for each in lines),
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a measure reaches now, and why not whom it does not.

    :ivar short: sentence of a clause -> how many fail by it alone.
    :ivar missing: name of a datum -> of how many of ``looked_at`` it is missing.
    :ivar looked_at: enterprises of which something is not known that were looked at for what it is; all, or the first
        :data:`MAX_ASKED`.
    :ivar stopped: why the rule was asked of nobody.
    """

    asked: int = 0
    eligible: int = 0
    unknown: int = 0
    short: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    looked_at: int = 0
    stopped: str = ""


def covered(reader: Standing, *, first: date, last: date) -> list[Line]:
    """A line for each measure that was ever published, by title; none for who is no officer."""
    measures = (
        Measure.objects.exclude(state=Measure.State.PREPARED).select_related("reached").order_by("title", "pk")
        if reader.is_officer
        else ()
    )
    found = list(measures)
    told, unwanted = _counted(Push, "told_at", first, last), _counted(NotForUs, "said_at", first, last)
    states, amounts = _granted(first, last)
    return [
        _line(
            each,
            told.get(each.pk, 0),
            unwanted.get(each.pk, 0),
            states.get(each.pk, Counter()),
            amounts.get(each.pk, 0),
        )
        for each in found
    ]


def covered_measure(reader: Standing, measure: str, *, first: date, last: date) -> Line | None:
    """The line of one measure; None where there is none for the reader."""
    return next(
        (each for each in covered(reader, first=first, last=last) if str(each.measure.public_id) == measure), None
    )


def _line(measure: Measure, told: int, unwanted: int, states: Counter[str], amount: int) -> Line:
    return Line(
        measure=measure,
        reached=getattr(measure, "reached", None),
        told=told,
        not_for_us=unwanted,
        listed=states.total(),
        wanted=sum(states[each] for each in _SAID_YES),
        declined=states[GrantState.DECLINED],
        lapsed=states[GrantState.LAPSED],
        removed=states[GrantState.REMOVED],
        unfunded=states[GrantState.UNFUNDED],
        failed=states[GrantState.FAILED],
        paid=sum(states[each] for each in _PAID),
        amount=amount,
        claimed_back=states[GrantState.CLAWED_BACK] + states[GrantState.REPAID],
    )


def _counted(model: type[Push] | type[NotForUs], moment: str, first: date, last: date) -> dict[int, int]:
    rows = model._default_manager.filter(**_between(moment, first, last)).values("measure").annotate(count=Count("pk"))
    return {each["measure"]: each["count"] for each in rows}


def _granted(first: date, last: date) -> tuple[dict[int, Counter[str]], dict[int, int]]:
    """Measure -> how many grants of batches made then are in which state, and what was paid of them."""
    those = _grants(first, last)
    states: dict[int, Counter[str]] = {}
    for each in those.values("batch__measure", "state").annotate(count=Count("pk")):
        states.setdefault(each["batch__measure"], Counter())[each["state"]] = each["count"]
    paid = those.filter(state__in=_PAID).values("batch__measure").annotate(total=Sum("allocated"))
    return states, {each["batch__measure"]: each["total"] or 0 for each in paid}


def _grants(first: date, last: date) -> QuerySet[Grant]:
    return Grant.objects.filter(**_between("batch__made_at", first, last)).exclude(batch__state="cancelled")


def _between(moment: str, first: date, last: date) -> dict[str, datetime]:
    return {f"{moment}__gte": end_of_day(first) - timedelta(days=1), f"{moment}__lt": end_of_day(last)}


def reasons_of(measure: Measure, *, first: date, last: date) -> list[tuple[str, str, int]]:
    """Of those who did not want it or could not be paid: which way, in what words, how many; the most first."""
    found: Counter[tuple[str, str]] = Counter()
    those = _grants(first, last).filter(batch__measure=measure, state__in=(GrantState.DECLINED, GrantState.FAILED))
    for each in those.values("state", "reason").annotate(count=Count("pk")):
        found[each["state"], each["reason"]] += each["count"]
    unwanted = NotForUs.objects.filter(measure=measure, **_between("said_at", first, last))
    for reason, count in unwanted.values_list("reason").annotate(count=Count("pk")):
        found["not-for-us", reason] += count
    return [(way, reason, count) for (way, reason), count in found.most_common(MAX_REASONS)]


def reach_of(measure: Measure, *, at: datetime) -> Reach:
    """Asked of everybody now. Whoever shows it checks before that the reader is an officer."""
    try:
        found = matched_enterprises(str(measure.public_id), day=zone_date(at), known_at=at, at=at)
    except (MatchingError, UnknownPackError) as error:
        return Reach(stopped=say(error))
    if found.stopped is not None:
        return Reach(stopped=say(found.stopped))
    sentences = _sentences(found)
    short = {sentences.get(clause, clause): len(those) for clause, those in found.short.items()}
    return Reach(
        asked=found.rows,
        eligible=len(found.yes),
        unknown=len(found.unknown),
        short=dict(sorted(short.items(), key=lambda each: -each[1])),
        missing=_missing(found),
        looked_at=min(len(found.unknown), MAX_ASKED),
    )


def _sentences(found: Matching) -> dict[str, str]:
    """Clause -> the words it quotes from its document."""
    return {each.id: each.citation.quote or each.id for each in found.question.loaded.pack.document.clauses}


def _missing(found: Matching) -> dict[str, int]:
    """Datum -> of how many enterprises it is missing, of those for whom the measure is not known."""
    counted: Counter[str] = Counter()
    vocabulary = found.question.loaded.vocabulary
    for answer in answers_to(found.question, subjects_called(found.unknown[:MAX_ASKED])):
        leaves = [leaf for clause in answer.decision.clauses if clause.truth is Truth.UNKNOWN for leaf in clause.leaves]
        counted.update({term for leaf in leaves for term, _year in leaf.missing})
    names = {id: vocabulary.term(id) for id in counted}
    is_zh = language() == "zh"
    return {(names[id].chinese if is_zh else names[id].english): count for id, count in counted.most_common()}


def measure_called(reader: Standing, public_id: str) -> Measure | None:
    """For officers."""
    if not reader.is_officer:
        return None
    return Measure.objects.filter(public_id=as_uuid(public_id)).exclude(state=Measure.State.PREPARED).first()
