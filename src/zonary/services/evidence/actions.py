"""Every write."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.erasure import erase_body
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.queries import entries_by_key
from zonary.foundation.ledger.recording import Draft, action, record, record_draft, repeat
from zonary.foundation.ledger.rows import identifier, insert
from zonary.proof.digests import Digests
from zonary.services.evidence.events import EvidenceErased, evidence_registered
from zonary.services.evidence.models import EvidenceRecord, EvidenceTimestamps, Kind
from zonary.services.evidence.rules import SALTS_SIZE

_RECORD_COLUMNS = ("public_id", "owner", "kind", "sha256", "sm3")


@dataclass(frozen=True, slots=True)
class Registration:
    """What is asked for: which digests, of what, and under which key a repetition is recognised."""

    kind: Kind
    digests: Digests
    idempotency_key: str | None = None


class KeyReusedError(LedgerError):
    """An idempotency key came again with other content."""


class UnknownRecordError(LedgerError):
    """There is no such record, or it is another's."""


@dataclass(frozen=True, slots=True)
class Registered:
    """One registration's answer: the entry, and whether it was made just now or earlier under the same key."""

    public_id: str
    is_new: bool
    leaf: bytes | None
    """The leaf, when it was made just now."""


@action
def register_evidence(registrations: Sequence[Registration], *, by: Actor, at: datetime) -> list[Registered]:
    """Register all, in order, or none.

    A registration whose idempotency key the actor has used before, with the same content, gives the earlier entry.

    :raises KeyReusedError: when a key comes again with other content; nothing is registered then.
    """
    known = _known_keys(registrations, by)
    fresh = _first_of_each_key(registrations, known)
    recorded = dict(zip(fresh, _record(list(fresh.values()), by, at), strict=True)) if fresh else {}
    if not recorded:
        repeat(list(known.values()))
    by_key = {fresh[n].idempotency_key: public_id for n, (public_id, _) in recorded.items()}
    return [
        Registered(recorded[number][0], True, recorded[number][1])
        if number in recorded
        else Registered(known.get(wanted.idempotency_key or "") or by_key[wanted.idempotency_key], False, None)
        for number, wanted in enumerate(registrations)
    ]


def _known_keys(registrations: Sequence[Registration], by: Actor) -> dict[str, str]:
    """Idempotency key -> entry, for keys used in earlier requests, all with the same content."""
    keys = {r.idempotency_key: r for r in registrations if r.idempotency_key is not None}
    known = entries_by_key(by, keys) if keys else {}
    if known:
        records = EvidenceRecord.objects.in_bulk(list(known.values()))
        by_id = {str(public_id): record for public_id, record in records.items()}
        for key, public_id in known.items():
            earlier = by_id.get(public_id)
            if earlier is None or _content(keys[key]) != (earlier.kind, bytes(earlier.sha256), bytes(earlier.sm3)):
                raise _reused(key)
    return known


def _first_of_each_key(registrations: Sequence[Registration], known: dict[str, str]) -> dict[int, Registration]:
    """Position -> registration, for those to be recorded now."""
    fresh: dict[int, Registration] = {}
    seen: dict[str, Registration] = {}
    for number, wanted in enumerate(registrations):
        key = wanted.idempotency_key
        if key is not None:
            twin = seen.setdefault(key, wanted)
            if twin is not wanted:
                if _content(twin) != _content(wanted):
                    raise _reused(key)
                continue
            if key in known:
                continue
        fresh[number] = wanted
    return fresh


def _content(wanted: Registration) -> tuple[str, bytes, bytes]:
    return wanted.kind.value, wanted.digests.sha256, wanted.digests.sm3


def _reused(key: str) -> KeyReusedError:
    return KeyReusedError("The idempotency key “{key}” was used before for something else.", key=key)


def _record(registrations: Sequence[Registration], by: Actor, at: datetime) -> list[tuple[str, bytes]]:
    """Public id and leaf of each."""
    draft = _draft(registrations)
    recorded = record_draft(draft, by=by, at=at)
    ids = recorded.ids()
    insert(
        EvidenceRecord,
        _RECORD_COLUMNS,
        (
            (identifier(name), by.actor_id, wanted.kind.value, wanted.digests.sha256, wanted.digests.sm3)
            for name, wanted in zip(ids, registrations, strict=True)
        ),
    )
    return list(zip(ids, draft.leaves, strict=True))


def _draft(registrations: Sequence[Registration]) -> Draft:
    salts = os.urandom(SALTS_SIZE * len(registrations))
    return evidence_registered(
        [(wanted.kind, wanted.digests) for wanted in registrations],
        [salts[n * SALTS_SIZE : (n + 1) * SALTS_SIZE] for n in range(len(registrations))],
        {n: wanted.idempotency_key for n, wanted in enumerate(registrations) if wanted.idempotency_key is not None},
    )


@action
def erase_evidence(public_id: str, *, by: Actor, reason: str, at: datetime) -> None:
    """Erase the record, its tokens, and what its leaf was made of; the leaf, and the tree, stay.

    :param reason: becomes part of the ledger; never put into it what is being erased.
    :raises UnknownRecordError: when ``by`` has no such record.
    """
    mine = EvidenceRecord.objects.filter(public_id=public_id, owner=by.actor_id)
    EvidenceTimestamps.objects.filter(record__in=mine).delete()
    if not mine.delete()[0]:
        raise UnknownRecordError("There is no record {public_id} of yours.", public_id=public_id)
    erase_body(public_id, by=by, reason=reason, at=at)
    record(EvidenceErased(reason=reason), by=by, about=public_id, at=at)
