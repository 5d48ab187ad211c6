"""What a measure comes to for enterprises: from the release that decides and the facts that may be read, no act yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from zonary.engines.clauses.bundles import amount_of
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.decisions import Decision, decide
from zonary.engines.clauses.interpreter.records import digest, record
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.snapshots import Snapshot
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.rules.loaded import LoadedPack, loaded_release, pack_in_force
from zonary.foundation.rules.snapshots import FIELDS, POLICY, Allowed, standing_rows, stated_rows
from zonary.foundation.rules.stated import Answerable, Stated
from zonary.proof.errors import Error
from zonary.services.incentives.matching.models import Promise
from zonary.services.incentives.matching.rules import Given
from zonary.services.incentives.measures.models import Measure

_AT_ONCE = 500
"""Enterprises whose facts are read by one query."""


class UnknownAnswerError(Error):
    """There is no such measure, enterprise, decision or promise, or it is not theirs to see."""


class MatchingError(Error):
    """This cannot be decided, promised or said now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A measure as of a day, as known at a moment, under one release.

    :ivar own_word: whether what the enterprise states of itself counts. Where money follows from the answer without
        anybody looking, it does not.
    """

    measure: Measure
    loaded: LoadedPack
    day: date
    known_at: datetime
    own_word: bool = True

    @property
    def item(self) -> str:
        return self.measure.item


@dataclass(frozen=True)
class Answered:
    """What it comes to for one enterprise, before anybody keeps it.

    :ivar amount: in fen; None when nothing is paid, or it is not known.
    """

    question: Question
    subject: Organization
    decision: Decision
    asking: Asking

    @cached_property
    def record(self) -> bytes:
        return record(self.decision, self.asking.vocabulary)

    @cached_property
    def digest(self) -> str:
        return digest(self.record)

    @cached_property
    def amount(self) -> int | None:
        return amount_of(self.decision, self.asking)

    @property
    def truth(self) -> str:
        """As ``StoredDecision.Truth``."""
        truth = self.decision.truth
        return "stopped" if truth is None else {Truth.YES: "yes", Truth.NO: "no", Truth.UNKNOWN: "unknown"}[truth]


def facts_read(decision: Decision) -> list[str]:
    """Public ids of the facts the clauses of a decision read, each once."""
    data = decision.snapshot.data
    keys = [key for clause in decision.clauses for leaf in clause.leaves for key in leaf.read]
    return [each for each in dict.fromkeys(data[key].reference for key in keys) if each]


def question_of(
    measure: str | Measure,
    *,
    day: date,
    known_at: datetime,
    at: datetime,
    release: str = "",
    own_word: bool = True,
) -> Question:
    """What is to be asked.

    :param release: public id of one; empty: the release of its pack that is in force at ``at``.
    :raises UnknownAnswerError: when there is no such measure, or nobody may see it yet.
    :raises MatchingError: when the release does not have the measure's item.
    """
    found = measure if isinstance(measure, Measure) else _measure(measure)
    loaded = loaded_release(release) if release else pack_in_force(found.pack, at=at)
    if loaded.pack_id != found.pack or found.item not in loaded.plan.items:
        raise MatchingError("The rules in force have no item “{item}” any more. End this measure.", item=found.item)
    return Question(measure=found, loaded=loaded, day=day, known_at=known_at, own_word=own_word)


def _measure(public_id: str) -> Measure:
    found = Measure.objects.filter(public_id=as_uuid(public_id)).exclude(state=Measure.State.PREPARED).first()
    if found is None:
        raise UnknownAnswerError("There is no such measure.")
    return found


def subjects_called(public_ids: Sequence[str]) -> list[Organization]:
    """The organisations, in the order they are named.

    :raises UnknownAnswerError: when one is not there.
    """
    wanted = [as_uuid(each) for each in public_ids]
    found: dict[object, Organization] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Organization.objects.filter(public_id__in=wanted[start : start + _AT_ONCE])
        found |= {each.public_id: each for each in rows.exclude(kind=Organization.Kind.ZONE_AUTHORITY)}
    missing = next((str(each) for each in wanted if each not in found), None)
    if missing is not None:
        raise UnknownAnswerError("There is no enterprise {public_id}.", public_id=missing)
    return [found[each] for each in wanted]


def answers_to(asked: Question, subjects: Sequence[Organization]) -> Iterator[Answered]:
    """One for each enterprise, in their order. Two queries for each five hundred of them.

    Where the item is not in force on the day, the answer needs no data, and none are read.
    """
    item = asked.loaded.plan[asked.item].item
    is_in_force = item.first <= asked.day and (item.last is None or asked.day <= item.last)
    for start in range(0, len(subjects), _AT_ONCE):
        some = subjects[start : start + _AT_ONCE]
        promised = _promised(asked, some)
        snapshots = _snapshots(asked, some) if is_in_force else _without_data(asked, some)
        for subject in some:
            asking = Asking(asked.loaded.setting, snapshots[subject.pk])
            yield answered(asked, subject, asking, promised.get(subject.pk, frozenset()))


def _snapshots(asked: Question, subjects: Sequence[Organization]) -> Mapping[int, Snapshot]:
    return snapshots_of(subjects, asked.loaded, day=asked.day, known_at=asked.known_at, own_word=asked.own_word)


def _without_data(asked: Question, subjects: Sequence[Organization]) -> Mapping[int, Snapshot]:
    return {each.pk: Snapshot(str(each.public_id), asked.day, asked.known_at, {}) for each in subjects}


def answered(asked: Question, subject: Organization, asking: Asking, promised: frozenset[str]) -> Answered:
    """With what several measures of one pack ask alike found once: hold one ``asking`` for an enterprise."""
    decision = decide(asked.loaded.plan, asked.item, asking, version=asked.loaded.digest, promised=promised)
    return Answered(asked, subject, decision, asking)


def snapshots_of(
    subjects: Sequence[Organization], loaded: LoadedPack, *, day: date, known_at: datetime, own_word: bool = True
) -> Mapping[int, Snapshot]:
    """What :func:`~zonary.foundation.rules.snapshots.snapshot_of` says of each, by primary key, in one query."""
    answerable = Answerable(loaded.vocabulary)
    rows = standing_rows(answerable.terms, known_at, own_word=own_word).filter(
        subject__in=[each.pk for each in subjects]
    )
    allowed = Allowed(POLICY, known_at)
    stated: dict[int, list[Stated]] = {each.pk: [] for each in subjects}
    for *row, subject in rows.values_list(*FIELDS, "subject_id"):
        stated[subject].extend(stated_rows([tuple(row)], allowed))
    return {
        each.pk: answerable.snapshot(str(each.public_id), stated[each.pk], day=day, known_at=known_at)
        for each in subjects
    }


def _promised(asked: Question, subjects: Sequence[Organization]) -> dict[int, frozenset[str]]:
    rows = Promise.objects.filter(measure=asked.measure, subject__in=[each.pk for each in subjects])
    return promised_clauses(rows, asked.known_at).get(asked.measure.pk, {})


def promised_clauses(promises: Iterable[Promise], known_at: datetime) -> dict[int, dict[int, frozenset[str]]]:
    """Measure -> enterprise -> clauses whose promise counts as known at ``known_at``, by primary keys."""
    found: dict[int, dict[int, set[str]]] = {}
    for each in promises:
        broken_at = each.checked_at if each.state == Promise.State.BROKEN else None
        if Given(each.clause, each.promised_at, broken_at).counts(known_at):
            found.setdefault(each.measure_id, {}).setdefault(each.subject_id, set()).add(each.clause)
    return {measure: {subject: frozenset(clauses) for subject, clauses in of.items()} for measure, of in found.items()}
