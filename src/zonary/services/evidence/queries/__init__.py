"""Every read, the reader first: nobody sees another's records."""

from __future__ import annotations

import functools
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db.models import QuerySet, Sum

from zonary.common.clock import end_of_day
from zonary.common.ids import first_id_at
from zonary.common.pagination import DEFAULT_LIMIT, MAX_LIMIT, Page, make_cursor, paginate, read_cursor
from zonary.foundation.documents.queries import bytes_held
from zonary.foundation.ledger.actors import Actor, holder_of
from zonary.foundation.ledger.authority import OWN
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.proofs import keys_on, prove, prove_in_second_tree, published_checkpoint
from zonary.foundation.ledger.queries import Item, item_of, items_of, places_of
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.proof.digests import Digests, HashName, digest_from_hex
from zonary.proof.errors import MalformedError
from zonary.proof.manifest import DigestLeaf, Manifest, parse_manifest
from zonary.proof.package.build import Parts, begin, complete
from zonary.proof.package.stems import token_stem
from zonary.proof.stages import Stage, stage_of
from zonary.proof.statement import Statement, decode_statement
from zonary.services.evidence import digest_index
from zonary.services.evidence.events import EVIDENCE_REGISTERED
from zonary.services.evidence.models import EvidenceMaterial, EvidenceRecord, EvidenceTimestamps, FurtherTimestamp
from zonary.services.evidence.rules import (
    KINDS,
    Kind,
    Material,
    Notice,
    content_in,
    declared_in,
    digests_in,
    notices_of,
    seal_digest,
)
from zonary.services.evidence.tokens import Stamped, further_of, refuse_unless_erased, stamped

MAX_FOUND = 1000
"""Records of one digest that are listed, newest first."""
LOOKED_THROUGH = 10_000
"""Titles in which words are looked for at one time."""
_ORDER = "-public_id"
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the owner of a record can know about it now.

    ``size`` is that of the published checkpoint once it covers the record, in the log of ``generation``. ``subject`` is
    what the holder says it is about, or empty; ``account`` and ``organisation`` are who registered it, and for whom.
    ``has_package``: whether its package can be made here; it can where the statement was made or is kept here.
    ``is_one_file``: whether it is known to be of one file and not of a folder. ``stamped``: how many authorities have
    signed; None where the zone has but its own.
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
    account: str
    organisation: str
    has_package: bool
    subject: str = ""
    is_one_file: bool = False
    stamped: Stamped | None = None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What has to be said wherever this is shown."""
        return notices_of(self.subject)


def record_of(reader: Actor, public_id: str) -> Item | None:
    """One of the reader's own records as the ledger has it; None also once it was erased, and for what is no id."""
    item = item_of(public_id) if str(as_uuid(public_id)) == public_id else None
    if item is None or item.kind != EVIDENCE_REGISTERED or item.holder != holder_of(reader) or not item.body:
        return None
    return item


def find_receipt(reader: Actor, public_id: str) -> Receipt | None:
    """The receipt of one of the reader's own records."""
    item = record_of(reader, public_id)
    return None if item is None else receipts_of([item])[0]


FindAlso = Callable[[Actor, HashName, bytes], Sequence[str]]
"""Of a reader, an algorithm and a digest: public ids of the reader's own records."""
_find_also: dict[str, FindAlso] = {}


def find_also(name: str, finder: FindAlso) -> None:
    """Have ``finder`` asked as well when records of a digest are looked for: for files in statements of more."""
    _find_also[name] = finder


def find_by_digest(reader: Actor, algorithm: HashName, digest: bytes) -> list[Receipt]:
    """The receipts of the reader's own records of ``digest``, newest first, at most ``MAX_FOUND``."""
    found = list(islice(digest_index.find(holder_of(reader), algorithm, digest), MAX_FOUND))
    also = {each for finder in _find_also.values() for each in finder(reader, algorithm, digest)}
    if also:
        found += [each for each in items_of(also) if each.body and each.holder == holder_of(reader)]
        found = sorted(found, key=lambda item: item.public_id, reverse=True)[:MAX_FOUND]
    return receipts_of(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of the holder's records are asked for.

    :param words: all of them stand in the title, in whatever order.
    :param since: the first day on which it was recorded, in the zone; ``until`` the last.
    :param among: public ids, such as those of a dossier; None: all.
    """

    words: tuple[str, ...] = ()
    subject: str = ""
    since: date | None = None
    until: date | None = None
    among: frozenset[str] | None = None

    def __bool__(self) -> bool:
        return any((self.words, self.subject, self.since, self.until, self.among is not None))


EVERYTHING = Wanted()


def described(
    reader: Standing, wanted: Wanted = EVERYTHING, *, cursor: str = "", limit: int = DEFAULT_LIMIT
) -> Page[EvidenceRecord]:
    """The holder's records that have a title, newest first.

    Words are looked for in ``LOOKED_THROUGH`` records at a time, so that a page may be empty and yet have one after it.

    :raises Problem: 422 when the cursor is not one of this list.
    """
    rows = _wanted(reader, wanted)
    if not wanted.words:
        return paginate(rows, _ORDER, cursor=cursor, limit=limit)
    listed = f"{EvidenceRecord._meta.label_lower} {_ORDER}"
    ahead = rows.filter(public_id__lt=read_cursor(cursor, listed, 1)[0]) if cursor else rows
    last = ahead.order_by(_ORDER).values_list("public_id", flat=True)[LOOKED_THROUGH - 1 : LOOKED_THROUGH].first()
    if last is not None:
        rows = rows.filter(public_id__gte=last)
    for word in wanted.words:
        rows = rows.filter(title__icontains=word)
    page = paginate(rows, _ORDER, cursor=cursor, limit=limit)
    if page.next or last is None:
        return page
    return Page(page.items, make_cursor([str(last)], listed))


def _wanted(reader: Standing, wanted: Wanted) -> QuerySet[EvidenceRecord]:
    """All but the words. Ids begin with the time at which they were made, so that a day is a range of them."""
    rows = EvidenceRecord.objects.filter(holder=reader.holder)
    if wanted.subject:
        rows = rows.filter(subject=wanted.subject)
    if wanted.since is not None:
        rows = rows.filter(public_id__gte=first_id_at(_after(wanted.since) - timedelta(days=1)))
    if wanted.until is not None:
        rows = rows.filter(public_id__lt=first_id_at(_after(wanted.until)))
    return rows if wanted.among is None else rows.filter(public_id__in=wanted.among)


def _after(day: date) -> datetime:
    """The end of ``day``, brought into a time in which ids are made."""
    return end_of_day(min(max(day, _FIRST_DAY), _LAST_DAY))


def every_described(reader: Standing, wanted: Wanted, *, limit: int) -> Iterator[tuple[EvidenceRecord, Stage]]:
    """At most ``limit`` of them with how far each has come, newest first, looked up as they are taken away."""
    cursor = ""
    while limit > 0:
        page = described(reader, wanted, cursor=cursor, limit=min(limit, MAX_LIMIT))
        stages = stages_of(page.items)
        yield from ((each, stages.get(str(each.public_id), Stage.RECORDED)) for each in page)
        limit, cursor = limit - len(page.items), page.next
        if not cursor:
            return


def description_of(reader: Standing, public_id: str) -> EvidenceRecord | None:
    """What the holder calls a record of theirs."""
    return EvidenceRecord.objects.filter(holder=reader.holder, public_id=as_uuid(public_id)).first()


def stages_of(records: Iterable[EvidenceRecord | FurtherTimestamp]) -> dict[str, Stage]:
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
    """The package of a record whose statement is here, or None when there is nothing to make it of.

    Its tokens must have been made: see :func:`zonary.services.evidence.tasks.stamp_evidence`.

    :raises NotPublishedError: when no published checkpoint covers it yet.
    """
    parts, material = parts_of(receipt), _material_of(receipt)
    if parts is None or material is None:
        return None
    file = io.BytesIO()
    complete(begin(file, material.statement, material.manifest), material.statement, parts)
    return file.getvalue()


def parts_of(receipt: Receipt) -> Parts | None:
    """What goes into the package of a record beside statement and manifest; None when it was erased.

    Its tokens must have been made: see :func:`zonary.services.evidence.tasks.stamp_evidence`.

    :raises NotPublishedError: when no published checkpoint covers it yet.
    """
    proof = proof_of(receipt)
    tokens = EvidenceTimestamps.objects.filter(public_id=receipt.public_id).first()
    if tokens is None:
        refuse_unless_erased(receipt.public_id)
        return None
    return Parts(
        proof=proof,
        log_keys=keys_on(proof),
        second=prove_in_second_tree(receipt.generation, receipt.index),
        package_token=bytes(tokens.package_token),
        plain_token=bytes(tokens.plain_token),
        plain_stem=token_stem(b"file" if receipt.is_one_file else None),
        authority_chain=bytes(tokens.chain) or OWN.chain(settings.ZONARY_DATA).read_bytes(),
        further=further_of(receipt.public_id),
    )


def statement_of(receipt: Receipt) -> Statement | None:
    """The statement of a record, where it is here; None also once it was erased."""
    if receipt.kind is Kind.DIGEST:
        material = _material_of(receipt)
        return None if material is None else decode_statement(material.statement)
    kept = EvidenceMaterial.objects.filter(public_id=receipt.public_id).values_list("statement", flat=True).first()
    return None if kept is None else decode_statement(bytes(kept))


def _material_of(receipt: Receipt) -> Material | None:
    """What the package of a record is made of, where it is here."""
    if receipt.kind is Kind.DIGEST:
        item = item_of(receipt.public_id)
        return (
            None if item is None or not item.body else seal_digest(receipt.digests, item.salt, declared_in(item.body))
        )
    kept = EvidenceMaterial.objects.filter(public_id=receipt.public_id).first()
    return None if kept is None else Material(bytes(kept.statement), zlib.decompress(bytes(kept.manifest)))


def list_of(receipt: Receipt) -> Manifest | None:
    """The list of the files of a record, where it is here."""
    material = _material_of(receipt)
    return None if material is None else parse_manifest(material.manifest)


def only_file_of(public_id: str) -> Digests | None:
    """The digests of the one file that the kept statement of a record is over; None for a folder's, or none kept."""
    kept = EvidenceMaterial.objects.filter(public_id=public_id, size__lt=_ONE_LINE).first()
    leaves = () if kept is None else parse_manifest(zlib.decompress(bytes(kept.manifest))).leaves
    if len(leaves) != 1 or not isinstance(leaves[0], DigestLeaf):
        return None
    return Digests.from_hex(leaves[0].sha256, leaves[0].sm3)


_count_also: dict[str, Callable[[Standing], int]] = {}


def count_also(name: str, bytes_of: Callable[[Standing], int]) -> None:
    """Have what ``bytes_of`` says of a reader's holder count towards what they keep here."""
    _count_also[name] = bytes_of


def bytes_kept(reader: Standing, *, at: datetime) -> int:
    """What the reader's holder has here, of documents, of lists of files, and of what else is counted."""
    lists = EvidenceMaterial.objects.filter(holder=reader.holder).aggregate(all=Sum("size"))
    also = sum(bytes_of(reader) for bytes_of in _count_also.values())
    return bytes_held(reader.holder, at=at) + int(lists["all"] or 0) + also


def receipts_of(items: Iterable[Item]) -> list[Receipt]:
    """The receipts of ``items``, in their order."""
    size_of = functools.cache(_published_size)  # one look for all of them, so that they agree
    listed = list(items)
    said = EvidenceRecord.objects.filter(public_id__in=[each.public_id for each in listed]).exclude(subject="")
    subjects = {str(public_id): subject for public_id, subject in said.values_list("public_id", "subject")}
    kept, signed = _kept(listed), stamped([each.public_id for each in listed])
    return [_receipt(each, size_of, subjects.get(each.public_id, ""), kept, signed) for each in listed]


_ONE_LINE = 1024  # a manifest of one line has fewer bytes; that of a folder has 256 lines and more


def _kept(items: Iterable[Item]) -> Mapping[str, int]:
    """Those of ``items`` whose statement is not made by a digest alone and is kept here -> bytes of the manifest."""
    statements = [item.public_id for item in items if KINDS.get(item.body[:1]) is Kind.STATEMENT]
    if not statements:
        return {}
    kept = EvidenceMaterial.objects.filter(public_id__in=statements).values_list("public_id", "size")
    return {str(public_id): size for public_id, size in kept}


def _published_size(generation: int | None) -> int:
    """What is published of that log; 0 while its store cannot say, because a stage only ever promises too little."""
    try:
        published = published_checkpoint(MAIN, generation)
    except OSError:
        return 0
    return published.size if published else 0


def _receipt(
    item: Item,
    size_of: Callable[[int | None], int],
    subject: str,
    kept: Mapping[str, int],
    signed: Mapping[str, Stamped],
) -> Receipt:
    content, manifest, size = content_in(item.leaf, item.body), kept.get(item.public_id, 0), size_of(item.generation)
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
        account=item.actor,
        organisation=item.organisation,
        has_package=KINDS[content[:1]] is Kind.DIGEST or bool(manifest),
        subject=subject,
        is_one_file=KINDS[content[:1]] is Kind.DIGEST or 0 < manifest < _ONE_LINE,
        stamped=signed.get(item.public_id),
    )
