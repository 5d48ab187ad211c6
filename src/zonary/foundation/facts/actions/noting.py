"""That facts about many enterprises were read in one act, such as a list of decisions: each of them sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from zonary.common.ids import new_id
from zonary.foundation.facts.models import Fact, Reading, ReadingFact
from zonary.foundation.facts.rules import MAX_TEXT, read_purposes
from zonary.foundation.ledger.recording import action, repeat
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing

_AT_ONCE = 500


@action
def note_readings(
    read: Mapping[Organization, Sequence[str]],
    *,
    purpose: str,
    occasion: str,
    entry: str,
    by: Standing,
    at: datetime,
) -> None:
    """Have a reading stand with each enterprise whose facts were read; ``entry`` is the act that says so.

    :param read: enterprise -> public ids of the facts read. What is no fact of it is passed over.
    :param entry: the act's public id, recorded in the outer action; it is the evidence of these rows, too.
    """
    repeat([entry])
    organization = Organization.objects.get(public_id=by.organisation)
    readings = [
        Reading(
            public_id=new_id(at),
            subject=subject,
            reader=by.actor_id,
            organization=organization,
            purpose=read_purposes([purpose])[0],
            occasion=occasion[:MAX_TEXT],
            read_at=at,
            entry=entry,
        )
        for subject in read
    ]
    Reading.objects.bulk_create(readings, batch_size=_AT_ONCE)
    wanted = [as_uuid(fact) for facts in read.values() for fact in facts]
    known: dict[str, tuple[int, int]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Fact.objects.filter(public_id__in=wanted[start : start + _AT_ONCE])
        known |= {str(name): (pk, subject) for name, pk, subject in rows.values_list("public_id", "pk", "subject_id")}
    ReadingFact.objects.bulk_create(
        (
            ReadingFact(reading=reading, fact_id=known[fact][0])
            for reading, facts in zip(readings, read.values(), strict=True)
            for fact in dict.fromkeys(facts)
            if fact in known and known[fact][1] == reading.subject_id
        ),
        batch_size=_AT_ONCE,
    )
