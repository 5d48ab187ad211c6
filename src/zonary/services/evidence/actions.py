"""Every write."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from zonary.common.clock import rfc3339
from zonary.common.ids import consecutive, consecutive_after
from zonary.foundation.documents.queries import quota
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.erasure import erase_body
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.queries import entries_by_key, item_of, items_at, items_of
from zonary.foundation.ledger.recording import action, record, record_draft, repeat
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence import digest_index
from zonary.services.evidence.events import (
    EvidenceDescribed,
    EvidenceErased,
    EvidencePublished,
    MaterialKept,
    evidence_registered,
)
from zonary.services.evidence.models import EvidenceMaterial, EvidenceRecord, EvidenceTimestamps, FurtherTimestamp
from zonary.services.evidence.queries import bytes_kept, record_of
from zonary.services.evidence.rules import KINDS, Description, Kind, Material, Registrations, content_in

_COMPARED = 500
"""Items of an earlier batch that are looked at together when it is repeated."""


class KeyReusedError(LedgerError):
    """An idempotency key came again with other content."""


class NoRoomError(LedgerError):
    """More than a holder may have kept here."""


class UnknownRecordError(LedgerError):
    """There is no such record, or it is another's."""


@dataclass(frozen=True, slots=True)
class Registered:
    """The answer to a registration, by columns and in its order.

    :param leaves: None for an item that was registered before under its own key.
    :param is_new: whether anything was recorded.
    """

    public_ids: Sequence[str]
    leaves: Sequence[bytes | None]
    is_new: bool


@action
def register_evidence(wanted: Registrations, *, by: Standing, at: datetime) -> Registered:
    """Register all, in order, or none.

    What has an idempotency key the actor has used before, with the same content, gives the earlier entry.

    :raises KeyReusedError: when a key comes again with other content; nothing is registered then.
    :raises NotAllowedError: when ``by`` may not act for whom they say, or no longer.
    """
    hold_standing(by, at=at)
    if wanted.key is not None:
        first = entries_by_key(by, [wanted.key]).get(wanted.key)
        if first is not None:
            repeat([first])
            return Registered(consecutive(first, len(wanted)), list(_repeated_leaves(wanted, first)), False)
    known = _known_keys(wanted, by)
    twins = _twins(wanted)
    if not known and not twins:
        recorded = record_draft(evidence_registered(wanted), by=by, at=at)
        return Registered(recorded.ids(), recorded.leaves, True)
    fresh = [n for n in range(len(wanted)) if n not in twins and wanted.keys.get(n) not in known]
    ids: dict[int, str] = {n: known[key] for n, key in wanted.keys.items() if key in known}
    leaves: dict[int, bytes] = {}
    if fresh:
        recorded = record_draft(evidence_registered(wanted.only(fresh)), by=by, at=at)
        ids.update(zip(fresh, recorded.ids(), strict=True))
        leaves.update(zip(fresh, recorded.leaves, strict=True))
    else:
        repeat(list(known.values()))
    positions = range(len(wanted))
    return Registered([ids[twins.get(n, n)] for n in positions], [leaves.get(n) for n in positions], bool(fresh))


def _repeated_leaves(wanted: Registrations, first: str) -> Iterator[bytes]:
    """The leaves of the entry that begins with ``first``, which was recorded under the key of ``wanted``.

    :raises KeyReusedError: unless it has the same items.
    """
    count = len(wanted)
    began, last, beyond = (item_of(consecutive_after(first, steps)) for steps in (0, count - 1, count))
    if began is None or began.position or last is None or last.entry != began.entry:
        raise _reused(wanted.key)
    if beyond is not None and beyond.entry == began.entry:
        raise _reused(wanted.key)
    for start in range(0, count, _COMPARED):
        positions = range(start, min(start + _COMPARED, count))
        for position, item in zip(positions, items_at([(began.entry, n) for n in positions]), strict=True):
            if content_in(item.leaf, item.body) != wanted.content(position):
                raise _reused(wanted.key)
            yield item.leaf


def _known_keys(wanted: Registrations, by: Standing) -> dict[str, str]:
    """Idempotency key -> entry, for keys of items used in earlier requests, all with the same content."""
    known = entries_by_key(by, set(wanted.keys.values())) if wanted.keys else {}
    if known:
        earlier = {item.public_id: content_in(item.leaf, item.body) for item in items_of(set(known.values()))}
        for position, key in wanted.keys.items():
            if key in known and earlier.get(known[key]) != wanted.content(position):
                raise _reused(key)
    return known


def _twins(wanted: Registrations) -> Mapping[int, int]:
    """Position -> position before it in the same request with the same key and content."""
    seen: dict[str, int] = {}
    twins: dict[int, int] = {}
    for position, key in sorted(wanted.keys.items()):
        first = seen.setdefault(key, position)
        if first != position:
            if wanted.content(first) != wanted.content(position):
                raise _reused(key)
            twins[position] = first
    return twins


def _reused(key: str | None) -> KeyReusedError:
    return KeyReusedError("The idempotency key “{key}” was used before for something else.", key=key or "")


@action
def register_described(wanted: Registrations, description: Description, *, by: Standing, at: datetime) -> Registered:
    """Register one piece of evidence, and keep what its holder calls it.

    :raises KeyReusedError: as :func:`register_evidence` does.
    """
    registered = register_evidence(wanted, by=by, at=at)
    if registered.is_new:
        describe_evidence(registered.public_ids[0], description, by=by, at=at)
    repeat(registered.public_ids)  # what is done here, the two inside have recorded
    return registered


@action
def describe_evidence(public_id: str, description: Description, *, by: Standing, at: datetime) -> EvidenceRecord:
    """Say what a piece of evidence is called, or call it something else.

    :raises UnknownRecordError: when ``by`` has no such record.
    """
    hold_standing(by, at=at)
    if record_of(by, public_id) is None:
        raise UnknownRecordError("There is no record {public_id} of yours.", public_id=public_id)
    described, _is_new = EvidenceRecord.objects.update_or_create(
        public_id=public_id,
        defaults=description.columns(),
        create_defaults={
            **description.columns(), "holder": by.holder, "registered_by": by.actor_id, "registered_at": at,
        },
    )  # fmt: skip
    record(EvidenceDescribed(description_sha256=description.sha256()), by=by, about=public_id, at=at)
    return described


@action
def keep_material(public_id: str, material: Material, *, by: Standing, at: datetime) -> EvidenceMaterial:
    """Keep what the statement of a record was made of. The same again changes nothing.

    :param material: looked at by :func:`~zonary.services.evidence.rules.read_material`.
    :raises UnknownRecordError: when ``by`` has no such record, or the server made its statement itself.
    :raises NoRoomError: when the holder has no room for it.
    """
    hold_standing(by, at=at)
    item = record_of(by, public_id)
    if item is None or KINDS[item.body[:1]] is not Kind.STATEMENT:
        raise UnknownRecordError("There is no record {public_id} of yours.", public_id=public_id)
    kept = EvidenceMaterial.objects.filter(public_id=public_id).first()
    if kept is not None:  # it has the same digests, so it is the same
        repeat([kept.entry])
        return kept
    size = len(material.manifest)
    if bytes_kept(by, at=at) + size > quota():
        raise NoRoomError("There is no room for a list of {size} bytes. Ask the zone for more, or keep it yourself.",
                          size=size)  # fmt: skip
    recorded = record(MaterialKept(size=size), by=by, about=public_id, at=at)
    return EvidenceMaterial.objects.create(
        public_id=public_id,
        holder=by.holder,
        statement=material.statement,
        manifest=zlib.compress(material.manifest),
        size=size,
        entry=recorded.public_id,
    )


@action
def erase_evidence(public_id: str, *, by: Standing, reason: str, at: datetime) -> None:
    """Erase the record, its tokens, and what its leaf was made of; the leaf, and the tree, stay.

    :param reason: becomes part of the ledger; never put into it what is being erased.
    :raises UnknownRecordError: when ``by`` has no such record.
    """
    hold_standing(by, at=at)
    item = record_of(by, public_id)
    if item is None:
        raise UnknownRecordError("There is no record {public_id} of yours.", public_id=public_id)
    EvidenceTimestamps.objects.filter(public_id=public_id).delete()
    FurtherTimestamp.objects.filter(public_id=public_id).delete()
    EvidenceMaterial.objects.filter(public_id=public_id).delete()
    EvidenceRecord.objects.filter(public_id=public_id).delete()
    digest_index.forget(item)
    erase_body(public_id, by=by, reason=reason, at=at)
    record(EvidenceErased(reason=reason), by=by, about=public_id, at=at)


@action
def tell_of_published(since: datetime | None, until: datetime, *, by: Actor, at: datetime) -> None:
    """Say that all evidence registered from ``since`` (None: the beginning) until before ``until`` is published.

    Its holders are told by that, each once; look first whether it is
    (:func:`~zonary.services.evidence.tasks.untold`).
    """
    first = "" if since is None else rfc3339(since)
    record(EvidencePublished(since=first, until=rfc3339(until)), by=by, at=at)
