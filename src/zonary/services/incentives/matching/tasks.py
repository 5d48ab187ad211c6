"""What finds enterprises by itself: looked for when facts, rules, measures or the day are others than at the last look.

What has been seen is kept in memory alone. Started anew, everything is looked at once; whoever was told stays told,
because the rows say so, and the database refuses a second one. A crash in the middle leaves whole batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, TypeAlias

from django.db.models import Count, Max

from zonary.common.clock import zone_date
from zonary.foundation.facts.models import Consent, Fact, Retraction
from zonary.foundation.organizations.models import Organization
from zonary.foundation.rules.models import PackRelease
from zonary.foundation.rules.permissions import UnknownPackError
from zonary.services.incentives.matching.models import NotForUs, Promise, Push, Reached
from zonary.services.incentives.matching.queries import (
    MatchingError,
    UnknownAnswerError,
    matchings,
    question_of,
    results_of,
)
from zonary.services.incentives.measures.models import Measure

AT_ONCE: Final = 100
"""Benefits told in one act, but all of one enterprise: a server beside it is held up no longer than by any other."""
FEW: Final = 200
"""Enterprises whose facts changed that are looked at one by one; more of them are looked at with all others."""


Seen: TypeAlias = tuple[date, int, tuple[object, ...]]
"""The day, the last fact, and the ends of all else that decides; equal to the last look's, there is nothing to do."""


def seen_now(at: datetime) -> Seen:
    """Six cheap queries: the ends of tables."""
    published = Measure.objects.filter(state=Measure.State.PUBLISHED)
    ends = (
        *Retraction.objects.aggregate(Max("pk")).values(),
        *PackRelease.objects.aggregate(Max("pk")).values(),
        *Consent.objects.aggregate(Max("pk"), Max("withdrawn_at")).values(),
        *published.aggregate(Count("pk"), Max("published_at")).values(),
        *Promise.objects.aggregate(Max("pk"), Max("checked_at")).values(),
    )
    return zone_date(at), Fact.objects.aggregate(last=Max("pk"))["last"] or 0, ends


@dataclass(slots=True)
class Finder:
    """Remembers what was seen, and what is left to be told of it."""

    seen: Seen | None = None
    _left: list[tuple[str, list[str]]] = field(default_factory=list)

    def work(self, tell: Callable[[Sequence[tuple[str, Sequence[str]]]], object], *, at: datetime) -> bool:
        """Tell some enterprises of all they have, about :data:`AT_ONCE` benefits; whether there may be more.

        :param tell: :func:`~zonary.services.incentives.matching.actions.tell_of_benefits` with who acts, and when.
        """
        if not self._left and not self._look(at):
            return False
        some: dict[str, list[str]] = {}
        count = 0
        while self._left and count < AT_ONCE:
            subject, measures = self._left.pop(0)
            count += len(measures)
            for measure in measures:
                some.setdefault(measure, []).append(subject)
        # Told, decided otherwise or ended meanwhile, or by another server: there is nothing to tell, and others go on.
        with suppress(MatchingError, UnknownAnswerError, UnknownPackError):
            tell(list(some.items()))
        return True

    def _look(self, at: datetime) -> bool:
        """Whether somebody has something new."""
        seen, before = seen_now(at), self.seen
        if seen == before:
            return False
        changed = self._changed(before, seen) if before else None
        found = _of_few(changed, at) if changed is not None else _of_all(at)
        having: dict[str, list[str]] = {}
        for measure, names in found:
            for name in names:
                having.setdefault(name, []).append(measure)
        self._left = list(having.items())
        self.seen = seen  # only now: what went wrong above is looked for again
        return bool(self._left)

    def _changed(self, before: Seen, now: Seen) -> list[Organization] | None:
        """Whose facts are new, when nothing else is and they are few."""
        if (before[0], before[2]) != (now[0], now[2]):
            return None
        since = Fact.objects.filter(pk__gt=before[1], pk__lte=now[1]).values("subject")
        found = list(Organization.objects.filter(pk__in=since, kind=Organization.Kind.ENTERPRISE)[: FEW + 1])
        return found if len(found) <= FEW else None


def _of_few(subjects: Sequence[Organization], at: datetime) -> Iterator[tuple[str, list[str]]]:
    measures = _published()
    found: dict[str, list[str]] = {}
    for subject in subjects:
        for answer in results_of(subject, measures, at=at):
            if answer.truth == "yes":
                found.setdefault(str(answer.question.measure.public_id), []).append(str(subject.public_id))
    for measure in measures:
        yield str(measure.public_id), _untold(measure, found.get(str(measure.public_id), []))


def _of_all(at: datetime) -> Iterator[tuple[str, list[str]]]:
    asked = []
    for measure in _published():
        with suppress(MatchingError, UnknownPackError):  # its rules are not released, or no longer have it
            asked.append(question_of(measure, day=zone_date(at), known_at=at, at=at))
    for found in matchings(asked):
        measure = found.question.measure
        if found.stopped is None:
            counts = {"as_of": at, "asked": found.rows, "eligible": len(found.yes)}
            Reached.objects.update_or_create(measure=measure, defaults=counts)
        yield str(measure.public_id), _untold(measure, list(found.yes))


def _published() -> list[Measure]:
    return list(Measure.objects.filter(state=Measure.State.PUBLISHED).order_by("pk"))


def _untold(measure: Measure, names: list[str]) -> list[str]:
    """Without those who were told, or said it is not for them."""
    if not names:
        return names
    over = Push.objects.filter(measure=measure).values_list("subject__public_id", flat=True)
    unwanted = NotForUs.objects.filter(measure=measure).values_list("subject__public_id", flat=True)
    gone = set(map(str, over)) | set(map(str, unwanted))
    return [each for each in names if each not in gone]
