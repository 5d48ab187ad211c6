"""What a rule pack may know about one enterprise: its facts, as of a day, as known at a moment, for one purpose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet

from zonary.engines.clauses.snapshots import Key, Snapshot
from zonary.foundation.facts.models import Consent, Fact
from zonary.foundation.facts.queries import is_in_force
from zonary.foundation.facts.rules import permits, read_purposes
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.rules.loaded import LoadedPack
from zonary.foundation.rules.permissions import UnknownPackError
from zonary.foundation.rules.stated import Answerable, Stated

POLICY = "policy"
FIELDS = (
    "indicator", "value", "number", "valid_from", "valid_until", "recorded_at", "source_kind", "source", "public_id",
    "use_limit", "consent_id", "replaced_at", "retracted_at",
)  # fmt: skip


def snapshot_of(
    enterprise: str,
    loaded: LoadedPack,
    *,
    day: date,
    known_at: datetime,
    purpose: str = POLICY,
    at: datetime | None = None,
) -> Snapshot:
    """The facts about an enterprise that answer terms of the pack.

    What rests on a consent that is withdrawn or over is not read, whenever it was known: a decision is repeated from
    the snapshot that was kept with it, not from the facts.

    :param enterprise: its public id.
    :param day: the day asked about, in the zone's calendar.
    :param known_at: only facts recorded by then count, and only what ended them by then.
    :param purpose: one of the dictionary's.
    :param at: the present, where ``known_at`` is past: whether consents go on is asked then.
    :raises UnknownPackError: when there is no such enterprise.
    :raises WrongFactError: for a purpose the dictionary does not have.
    """
    read_purposes([purpose])
    if not Organization.objects.filter(public_id=as_uuid(enterprise)).exists():
        raise UnknownPackError("There is no such enterprise.")
    answerable = Answerable(loaded.vocabulary)
    rows = standing_rows(answerable.terms, known_at).filter(subject__public_id=as_uuid(enterprise))
    allowed = Allowed(purpose, at or known_at)
    facts = stated_rows(rows.values_list(*FIELDS), allowed)
    return answerable.snapshot(enterprise, facts, day=day, known_at=known_at).checked(loaded.vocabulary)


def facts_used(snapshot: Snapshot, keys: frozenset[Key] | None = None) -> tuple[str, ...]:
    """Public ids of the facts in a snapshot, or of those under ``keys``, each once: what a reading names."""
    found = {datum.reference for key, datum in snapshot.data.items() if keys is None or key in keys}
    return tuple(sorted(found - {""}))


class Allowed:
    """Whether facts may be read for a purpose at a moment. Consents are read once, when needed."""

    def __init__(self, purpose: str, at: datetime) -> None:
        self._purpose, self._at = purpose, at
        self._consents: dict[int, bool] | None = None

    def __call__(self, use_limit: list[str], consent: int | None) -> bool:
        return permits(self._purpose, use_limit) and (consent is None or self._is_consented(consent))

    def _is_consented(self, consent: int) -> bool:
        if self._consents is None:
            self._consents = {
                each.pk: is_in_force(each, at=self._at) and permits(self._purpose, each.purposes)
                for each in Consent.objects.only("pk", "purposes", "until", "withdrawn_at").iterator()
            }
        return self._consents.get(consent, False)


def standing_rows(terms: Any, known_at: datetime) -> QuerySet[Fact]:
    """Facts of these indicators that were recorded by ``known_at``, with what ended each beside them."""
    known = Fact.objects.filter(indicator__in=list(terms), recorded_at__lte=known_at)
    return known.annotate(replaced_at=F("successor__recorded_at"), retracted_at=F("retraction__retracted_at"))


def stated_rows(rows: Any, allowed: Allowed) -> Iterator[Stated]:
    """Rows of :data:`FIELDS` as the engine's input; the order does not matter."""
    for row in rows:
        *said, public_id, use_limit, consent, replaced_at, retracted_at = row
        ends = [each for each in (replaced_at, retracted_at) if each is not None]
        indicator, value, number, valid_from, valid_until, recorded_at, source_kind, source = said
        yield Stated(
            indicator=indicator,
            value=value,
            number=number,
            valid_from=valid_from,
            valid_until=valid_until,
            recorded_at=recorded_at,
            ended_at=min(ends) if ends else None,
            source_kind=source_kind,
            source=source,
            public_id=str(public_id),
            is_permitted=allowed(use_limit, consent),
        )
