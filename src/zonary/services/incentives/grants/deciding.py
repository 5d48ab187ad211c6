"""How a batch asks the rules: the one place where grants call on matching. Each asking is an act of its own there.

What an enterprise states of itself does not count here: money follows from the answer without anybody looking.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from zonary.common.clock import zone_date
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants.models import AutomaticBatch, Grant
from zonary.services.incentives.matching.actions.deciding import decide_measures
from zonary.services.incentives.matching.models import StoredDecision
from zonary.services.incentives.matching.queries import matched_enterprises
from zonary.services.incentives.matching.rules import MAX_DECIDED, Occasion
from zonary.services.incentives.measures.models import Measure


def eligible(measure: Measure, *, day: date, by: Standing, at: datetime) -> list[StoredDecision]:
    """A kept decision for everybody for whom the measure is a yes as of ``day``, as known now.

    :raises MatchingError: when the rules in force have no such item.
    """
    public_id = str(measure.public_id)
    found = matched_enterprises(public_id, day=day, known_at=at, at=at, own_word=False)
    decided = _decided(
        public_id, sorted(found.yes), found.question.loaded.release, Occasion.LIST, day, at, by=by, at=at
    )
    return [each for each in decided if each.truth == StoredDecision.Truth.YES]


def decided_now(measure: Measure, enterprise: str, *, by: Standing, at: datetime) -> StoredDecision:
    """A kept decision for one enterprise, as of today."""
    day, public_id = zone_date(at), str(measure.public_id)
    (decided,) = decide_measures(
        public_id, [enterprise], day=day, known_at=at, occasion=Occasion.CLAIMED, own_word=False, by=by, at=at
    )
    return decided


def decided_anew(
    batch: AutomaticBatch, grants: Sequence[Grant], *, by: Standing, at: datetime
) -> dict[int, StoredDecision]:
    """By primary key of the enterprise: decided by the same release as of the same day, with what is known now."""
    names = [str(each.subject.public_id) for each in grants]
    measure, release = str(batch.measure.public_id), str(batch.release)
    decided = _decided(measure, names, release, Occasion.ANEW, batch.day, at, by=by, at=at)
    return {each.subject_id: each for each in decided}


def _decided(
    measure: str,
    subjects: Sequence[str],
    release: str,
    occasion: str,
    day: date,
    known_at: datetime,
    *,
    by: Standing,
    at: datetime,
) -> Iterator[StoredDecision]:
    for start in range(0, len(subjects), MAX_DECIDED):
        some = subjects[start : start + MAX_DECIDED]
        yield from decide_measures(
            measure,
            some,
            day=day,
            known_at=known_at,
            occasion=occasion,
            release=release,
            own_word=False,
            by=by,
            at=at,
        )
