"""Every read, the reader first: nobody sees another's records."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.conf import settings

from zonary.common.pagination import DEFAULT_LIMIT, Page, paginate
from zonary.foundation.ledger.actors import Actor, holder_of
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.proofs import keys_on, prove, published_checkpoint
from zonary.foundation.ledger.queries import Item, item_of, places_of
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.proof.digests import Digests, HashName, digest_from_hex
from zonary.proof.errors import MalformedError
from zonary.proof.package.build import Parts, begin, complete, token_stem
from zonary.proof.stages import Stage, stage_of
from zonary.services.evidence import digest_index
from zonary.services.evidence.events import EVIDENCE_REGISTERED
from zonary.services.evidence.models import EvidenceRecord, EvidenceTimestamps
from zonary.services.evidence.rules import KINDS, Kind, content_in, digests_in, seal_digest

MAX_FOUND = 1000
"""Records of one digest that are listed, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the owner of a record can know about it now.

    ``size`` is that of the published checkpoint once it covers the record, in the log of ``generation``.
    """

    public_id: str
    kind: Kind
    digests: Digests
    leaf_class: str
    leaf: bytes
    stage: Stage
    generation: int | None
    index: int | None
    size: int | None
    recorded_at: datetime


def record_of(reader: Actor, public_id: str) -> Item | None:
    """One of the reader's own records as the ledger has it; None also once it was erased."""
    item = item_of(public_id)
    if item is None or item.kind != EVIDENCE_REGISTERED or item.holder != holder_of(reader) or not item.body:
        return None
    return item


def find_receipt(reader: Actor, public_id: str) -> Receipt | None:
    """The receipt of one of the reader's own records."""
    item = record_of(reader, public_id)
    return None if item is None else receipts_of([item])[0]


def find_by_digest(reader: Actor, algorithm: HashName, digest: bytes) -> list[Receipt]:
    """The receipts of the reader's own records of ``digest``, newest first, at most ``MAX_FOUND``."""
    return receipts_of(islice(digest_index.find(holder_of(reader), algorithm, digest), MAX_FOUND))


def described(reader: Standing, *, cursor: str = "", limit: int = DEFAULT_LIMIT) -> Page[EvidenceRecord]:
    """The holder's records that have a title, newest first.

    :raises Problem: 422 when the cursor is not one of this list.
    """
    return paginate(EvidenceRecord.objects.filter(holder=reader.holder), "-public_id", cursor=cursor, limit=limit)


def description_of(reader: Standing, public_id: str) -> EvidenceRecord | None:
    """What the holder calls a record of theirs."""
    return EvidenceRecord.objects.filter(holder=reader.holder, public_id=as_uuid(public_id)).first()


def stages_of(records: Iterable[EvidenceRecord]) -> dict[str, Stage]:
    """Public id -> how far each has come."""
    size_of = functools.cache(_published_size)
    places = places_of([str(each.public_id) for each in records])
    return {
        public_id: stage_of(index=place[1] if place else None, published=size_of(place[0]) if place else 0)
        for public_id, place in places.items()
    }


def find_by_either(reader: Standing, digest: str) -> list[Receipt]:
    """The receipts of the reader's own records of a digest in hexadecimal, SHA-256 or SM3; none for what is none."""
    try:
        wanted = digest_from_hex(digest, "SHA-256")
    except MalformedError:
        return []
    return find_by_digest(reader, "sha256", wanted) or find_by_digest(reader, "sm3", wanted)


def proof_of(receipt: Receipt) -> bytes:
    """The ``.tlog-proof`` of a record.

    :raises NotPublishedError: when no published checkpoint covers it yet.
    """
    return prove(receipt.generation, receipt.index)


def package_of(receipt: Receipt) -> bytes | None:
    """The package of a record whose statement the server made, or None when there is nothing to make it of.

    Its tokens must have been made: see :func:`zonary.services.evidence.tasks.stamp_evidence`.

    :raises NotPublishedError: when no published checkpoint covers it yet.
    """
    proof = proof_of(receipt)
    item = item_of(receipt.public_id)
    tokens = EvidenceTimestamps.objects.filter(public_id=receipt.public_id).first()
    if item is None or not item.body or tokens is None:
        return None
    sealed = seal_digest(receipt.digests, item.salt)
    parts = Parts(
        proof=proof,
        log_keys=keys_on(proof),
        package_token=bytes(tokens.package_token),
        plain_token=bytes(tokens.plain_token),
        plain_stem=token_stem(b"file"),
        authority_chain=settings.ZONARY_DATA.authority_chain.read_bytes(),
    )
    file = io.BytesIO()
    complete(begin(file, sealed.statement, sealed.manifest), sealed.statement, parts)
    return file.getvalue()


def receipts_of(items: Iterable[Item]) -> list[Receipt]:
    """The receipts of ``items``, in their order."""
    size_of = functools.cache(_published_size)  # one look for all of them, so that they agree
    return [_receipt(item, size_of) for item in items]


def _published_size(generation: int | None) -> int:
    """What is published of that log; 0 while its store cannot say, because a stage only ever promises too little."""
    try:
        published = published_checkpoint(MAIN, generation)
    except OSError:
        return 0
    return published.size if published else 0


def _receipt(item: Item, size_of: Callable[[int | None], int]) -> Receipt:
    content = content_in(item.leaf, item.body)
    size = size_of(item.generation)
    stage = stage_of(index=item.index, published=size)
    return Receipt(
        public_id=item.public_id,
        kind=KINDS[content[:1]],
        digests=digests_in(content),
        leaf_class=item.leaf_class,
        leaf=item.leaf,
        stage=stage,
        generation=item.generation,
        index=item.index,
        size=size if stage is Stage.PUBLISHED else None,
        recorded_at=item.recorded_at,
    )
