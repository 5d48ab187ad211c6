"""Every read, the reader first: nobody sees another's records."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.proofs import log_keys, prove, published_checkpoint
from zonary.foundation.ledger.queries import Item, item_of
from zonary.proof.digests import Digests, HashName
from zonary.proof.package.build import Parts, begin, complete, token_stem
from zonary.services.evidence.events import digests_in
from zonary.services.evidence.models import EvidenceRecord, EvidenceTimestamps, Kind
from zonary.services.evidence.rules import Stage, seal_digest, stage_of

MAX_FOUND = 1000
"""Records of one digest that are listed, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the owner of a record can know about it now.

    ``size`` is that of the published checkpoint once it covers the record.
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


def find_receipt(reader: Actor, public_id: str) -> Receipt | None:
    """The receipt of one of the reader's own records."""
    return next(iter(receipts_of(EvidenceRecord.objects.filter(public_id=public_id, owner=reader.actor_id))), None)


def find_by_digest(reader: Actor, algorithm: HashName, digest: bytes) -> list[Receipt]:
    """The receipts of the reader's own records of ``digest``, newest first, at most ``MAX_FOUND``."""
    found = EvidenceRecord.objects.filter(owner=reader.actor_id, **{algorithm: digest})
    return receipts_of(found.order_by("-public_id")[:MAX_FOUND])


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
    proof = prove(receipt.generation, receipt.index)
    content = item_of(receipt.public_id)
    tokens = EvidenceTimestamps.objects.filter(record__public_id=receipt.public_id).first()
    if content is None or not content.body or tokens is None:
        return None
    sealed = seal_digest(digests_in(content.body), content.salt)
    parts = Parts(
        proof=proof,
        log_keys=log_keys(),
        package_token=bytes(tokens.package_token),
        plain_token=bytes(tokens.plain_token),
        plain_stem=token_stem(b"file"),
        authority_chain=settings.ZONARY_DATA.authority_chain.read_bytes(),
    )
    file = io.BytesIO()
    complete(begin(file, sealed.statement, sealed.manifest), sealed.statement, parts)
    return file.getvalue()


def receipts_of(records: Iterable[EvidenceRecord]) -> list[Receipt]:
    """The receipts of ``records``, in their order."""
    listed = list(records)
    places = {str(record.public_id): item_of(str(record.public_id)) for record in listed}
    published = published_checkpoint()
    size = published.size if published else 0
    return [_receipt(record, place, size) for record in listed if (place := places[str(record.public_id)])]


def _receipt(record: EvidenceRecord, place: Item, published: int) -> Receipt:
    stage = stage_of(index=place.index, published=published)
    return Receipt(
        public_id=place.public_id,
        kind=Kind(record.kind),
        digests=Digests(bytes(record.sha256), bytes(record.sm3)),
        leaf_class=place.leaf_class,
        leaf=place.leaf,
        stage=stage,
        generation=place.generation,
        index=place.index,
        size=published if stage is Stage.PUBLISHED else None,
        recorded_at=place.recorded_at,
    )
