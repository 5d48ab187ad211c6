"""Which records have a digest: an index derived from the ledger, outside every registration.

A record of the index has 16 bytes: a tag, which follows from owner and digest; and where the item stands, its entry and
its position there; 8 bytes each. The owner is the organisation it was registered for, else the person or program; tags
from before there were organisations are still right. Every item has two.

The records of some ten thousand items that follow each other in the log are sorted and kept as the pages of one run.
Runs are merged once, sixteen into a large one, so nothing is written more than twice however much there is. A search
looks at a page of each run, and reads what is in no run yet from the ledger itself. Everything found is compared with
the item as the ledger has it: a result is right whatever stands in the index.

Whoever changes the index locks its one row in ``DigestIndex`` first, and looks again at what it is about to change.
After a crash at any moment a run is there whole, or nobody reads it and :func:`advance` takes it up again. All rows may
be deleted; they are then made anew.
"""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.db import transaction
from django.db.models import F, QuerySet

from zonary.foundation.ledger.places import place_of, split_place
from zonary.foundation.ledger.queries import Item, PlacedEntry, items_at, last_place, placed_after, unplaced
from zonary.foundation.ledger.rows import fetch, insert, table
from zonary.proof.digests import DIGEST_SIZE, HashName
from zonary.services.evidence.events import EVIDENCE_REGISTERED
from zonary.services.evidence.models import DigestIndex, DigestPage, DigestRun
from zonary.services.evidence.rules import PAIR_SIZE, content_in, digests_in, pairs_in

_TAG_SIZE = 8
_RECORD_SIZE = 16
_POSITION_BITS = 16
_PROBED = 16
"""Candidates compared with the ledger together; each may stand in a large entry."""
_DROPPED = 500
"""Pages deleted in one transaction."""
_READ_PAGES = 8
"""Pages of each run held at one time while runs are merged."""
_ALL = 1 << 62
_PAIR = ("sha256", "sm3")
_State = DigestRun.State


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large things become.

    :param run: leaves of the log that a run covers, a batch more or less.
    :param merged: runs that are merged into one.
    :param page: records of a page; 240 fit into a page of the database with what goes with them.
    """

    run: int = 65_536
    merged: int = 16
    page: int = 240


_SIZES = Sizes()


class _Tagger:
    """Makes the tags of one owner: the first half of a digest, enciphered with AES under a key of the owner's, cut.

    Whoever lacks the secret can neither test a guess nor make tags fall together. Who registers digests that share
    their first half can, and slows only searches of their own. One call enciphers thousands.
    """

    def __init__(self, secret: bytes, owner: str) -> None:
        key = hashlib.blake2b(owner.encode("utf-8"), digest_size=16, key=secret).digest()
        # ECB: a block stands for itself alone, which is what a tag is to be.
        self._cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305

    def tags(self, digests: bytes) -> list[bytes]:
        """A tag for each 32 bytes of ``digests``."""
        blocks = self._cipher.encryptor().update(digests)
        return [blocks[start : start + _TAG_SIZE] for start in range(0, len(blocks), DIGEST_SIZE)]


def _packed(entry: int, position: int) -> bytes:
    return (entry << _POSITION_BITS | position).to_bytes(_RECORD_SIZE - _TAG_SIZE, "big")


def _unpacked(record: bytes) -> tuple[int, int]:
    place = int.from_bytes(record[_TAG_SIZE:], "big")
    return place >> _POSITION_BITS, place & (1 << _POSITION_BITS) - 1


def _records(data: bytes) -> list[bytes]:
    return [data[start : start + _RECORD_SIZE] for start in range(0, len(data), _RECORD_SIZE)]


# --- searching --------------------------------------------------------------------------------------------------------


def find(owner: str, algorithm: HashName, digest: bytes) -> Iterator[Item]:
    """The owner's items that were registered with ``digest`` and are not erased, newest first."""
    candidates = _candidates(owner, algorithm, digest)
    for start in range(0, len(candidates), _PROBED):
        for item in items_at(candidates[start : start + _PROBED]):
            is_theirs = item.kind == EVIDENCE_REGISTERED and item.holder == owner
            if is_theirs and _has(item.leaf, item.body, algorithm, digest):
                yield item


def _has(leaf: bytes, body: bytes, algorithm: HashName, digest: bytes) -> bool:
    content = content_in(leaf, body)
    return bool(content) and getattr(digests_in(content), algorithm) == digest


def _candidates(owner: str, algorithm: HashName, digest: bytes) -> list[tuple[int, int]]:
    """Entry and position of all that may have the digest, newest first."""
    while True:
        runs = list(_ready().order_by("-until").values_list("id", "until"))
        found = set(_unindexed(owner, algorithm, digest, runs[0][1] if runs else -1))
        if runs:
            tagger = _Tagger(bytes(DigestIndex.objects.get().secret), owner)
            (wanted,) = tagger.tags(digest)
            found.update(chain.from_iterable(_in_run(run, wanted) for run, _ in runs))
        # A merge may have retired runs since they were listed, and their pages be gone. Then once more. New ones do no
        # harm: what they hold was read from the ledger.
        if _ready().filter(id__in=[run for run, _ in runs]).count() == len(runs):
            return sorted(found, reverse=True)


def _unindexed(owner: str, algorithm: HashName, digest: bytes, indexed: int) -> Iterator[tuple[int, int]]:
    # What waits for its place is read first: if it gets it meanwhile it is met twice, and never missed.
    for entry in chain(unplaced(EVIDENCE_REGISTERED), placed_after(EVIDENCE_REGISTERED, indexed, _ALL)):
        if entry.holder != owner:
            continue
        for position, (leaf, body) in enumerate(zip(entry.leaves, entry.bodies, strict=True)):
            if (digest in leaf or digest in body) and _has(leaf, body, algorithm, digest):
                yield entry.entry, position


def _in_run(run: int, wanted: bytes) -> Iterator[tuple[int, int]]:
    """Places of the records of ``run`` with the tag ``wanted``."""
    pages = f"SELECT first, data FROM {table(DigestPage)} WHERE run_id = %s AND first"  # noqa: S608
    rows = fetch(f"{pages} <= %s ORDER BY first DESC LIMIT 1", [run, wanted + b"\xff" * (_RECORD_SIZE - _TAG_SIZE)])
    # Page by page from the last that can hold it, because nearly always that is the only one.
    while rows:
        first, data = map(bytes, rows[0])
        if wanted in data:
            yield from (_unpacked(record) for record in _records(data) if record.startswith(wanted))
        if first[:_TAG_SIZE] < wanted:
            return
        rows = fetch(f"{pages} < %s ORDER BY first DESC LIMIT 1", [run, first])


def _ready() -> QuerySet[DigestRun]:
    return DigestRun.objects.filter(state=_State.READY)


def _pages_of(run: int) -> QuerySet[DigestPage]:
    return DigestPage.objects.filter(run_id=run)


# --- erasing ----------------------------------------------------------------------------------------------------------


def forget(item: Item) -> None:
    """Take what points to ``item`` out of the index; in the transaction that erases it, and before that is done."""
    secret = _locked()
    # Whoever is reading for a run may have read this item, and must read again.
    DigestRun.objects.filter(state=_State.BUILDING).update(erasures=F("erasures") + 1)
    if item.generation is None or item.index is None:
        return
    place = place_of(item.generation, item.index - item.position)
    tags = _Tagger(secret, item.holder).tags(content_in(item.leaf, item.body)[1 : 1 + PAIR_SIZE])
    where = _packed(item.entry, item.position)
    for run in DigestRun.objects.filter(after__lt=place, until__gte=place):
        for tag in tags:
            _remove(run.id, tag + where)


def _remove(run: int, record: bytes) -> None:
    page = _pages_of(run).filter(first__lte=record).order_by("-first").first()
    if page is None:
        return
    kept = [each for each in _records(bytes(page.data)) if each != record]
    if kept:
        page.data = b"".join(kept)
        page.save(update_fields=["data"])
    else:
        page.delete()


def _locked() -> bytes:
    """The secret of the index, which nobody else changes until the present transaction ends."""
    DigestIndex.objects.get_or_create(id=1, defaults={"secret": os.urandom(32)})
    return bytes(DigestIndex.objects.select_for_update().get(id=1).secret)


# --- building ---------------------------------------------------------------------------------------------------------


def advance(sizes: Sizes = _SIZES) -> int:
    """Do one piece of the work there is: delete pages of a retired run, merge some pages, or build one run.

    Each is done in a fraction of a second and a few megabytes; to be called again until there is nothing left, then
    from time to time, outside any transaction. Two callers at one time only hinder each other.

    :returns: a number above 0, or 0 when there was nothing to do.
    """
    return _drop() or _merge(sizes) or _build(sizes)


def _drop() -> int:
    retired = DigestRun.objects.filter(state=_State.RETIRED).values_list("id", flat=True).first()
    if retired is None:
        return 0
    with transaction.atomic():
        _locked()
        pages = list(_pages_of(retired).values_list("id", flat=True)[:_DROPPED])
        DigestPage.objects.filter(id__in=pages).delete()
        if not pages:
            DigestRun.objects.filter(id=retired).delete()
    return len(pages) or 1


def _build(sizes: Sizes) -> int:
    """Build the next run from the ledger: first announced, then read, then written."""
    last = last_place()
    if not _is_due(last, sizes):
        return 0
    with transaction.atomic():
        secret = _locked()
        after = _indexed()
        if not _is_due(last, sizes):
            return 0
        # From here on whoever erases something leaves word of it in this row.
        run, _ = DigestRun.objects.get_or_create(
            level=0, after=after, defaults={"state": _State.BUILDING, "until": after, "entries": 0}
        )
    until, entries, pages = _read(secret, after, last, sizes)
    with transaction.atomic():
        _locked()
        unchanged = DigestRun.objects.filter(id=run.id, state=_State.BUILDING, erasures=run.erasures)
        if unchanged.update(state=_State.READY, until=until, entries=entries):
            _write(run.id, pages)
    return entries or 1


def _indexed() -> int:
    """The place up to which everything is in a run that is ready; -1 at the beginning."""
    until = _ready().order_by("-until").values_list("until", flat=True).first()
    return -1 if until is None else until


def _is_due(last: int, sizes: Sizes) -> bool:
    """Whether enough was placed for a run; what a log that has ended left behind is always enough."""
    after = _indexed()
    if after >= last:
        return False
    ended = after >= 0 and split_place(after)[0] != split_place(last)[0]
    return ended or split_place(last)[1] - (split_place(after)[1] if after >= 0 else -1) >= sizes.run


def _read(secret: bytes, after: int, last: int, sizes: Sizes) -> tuple[int, int, list[bytes]]:
    """The next run: the place it goes up to, its number of items, and its pages."""
    shelves: list[list[bytes]] = [[] for _ in range(256)]  # by first byte: many short sorts hold up other threads less
    until, entries = last, 0
    for entry in placed_after(EVIDENCE_REGISTERED, after, sizes.run):
        if entry.place > last:
            break
        _shelve(entry, _Tagger(secret, entry.holder), shelves)
        entries += len(entry.leaves)
        if entries >= sizes.run:
            until = entry.place
            break
    return until, entries, _paged(chain.from_iterable(map(sorted, shelves)), sizes)


def _shelve(entry: PlacedEntry, tagger: _Tagger, shelves: list[list[bytes]]) -> None:
    """Put two records for each item of ``entry`` that is not erased onto the shelves."""
    pairs = pairs_in(entry.leaves, entry.bodies)
    places = [_packed(entry.entry, position) for position, pair in enumerate(pairs) if pair]
    for tag, place in zip(tagger.tags(b"".join(pairs)), [place for place in places for _ in _PAIR], strict=True):
        shelves[tag[0]].append(tag + place)


def _paged(records: Iterable[bytes], sizes: Sizes) -> list[bytes]:
    data, size = b"".join(records), _RECORD_SIZE * sizes.page
    return [data[start : start + size] for start in range(0, len(data), size)]


def _write(run: int, pages: list[bytes]) -> None:
    insert(DigestPage, ("run_id", "first", "data"), [(run, page[:_RECORD_SIZE], page) for page in pages])


def _merge(sizes: Sizes) -> int:
    """Copy the next pages of runs that are merged: first read, then written with how far that has come."""
    merging = DigestRun.objects.filter(state=_State.BUILDING, level=1)
    run = merging.first() or _begin_merge(sizes)
    if run is None:
        return 0
    sources = _ready().filter(level=0, after__gte=run.after, until__lte=run.until)
    records = _next_records(list(sources.values_list("id", flat=True)), bytes(run.cursor))
    with transaction.atomic():
        _locked()
        unchanged = merging.filter(id=run.id, erasures=run.erasures, cursor=run.cursor)
        if records and unchanged.update(cursor=records[-1]):
            _write(run.id, _paged(records, sizes))
        elif not records and unchanged.update(state=_State.READY):
            sources.update(state=_State.RETIRED)
    return len(records) or 1


def _begin_merge(sizes: Sizes) -> DigestRun | None:
    small = _ready().filter(level=0).order_by("after")
    if small.count() < sizes.merged:
        return None
    with transaction.atomic():
        _locked()
        runs = list(small[: sizes.merged])
        if len(runs) < sizes.merged:
            return None
        run, _ = DigestRun.objects.get_or_create(
            level=1,
            after=runs[0].after,
            defaults={
                "state": _State.BUILDING,
                "until": runs[-1].until,
                "entries": sum(each.entries for each in runs),
            },
        )
    return run


def _next_records(runs: list[int], cursor: bytes) -> list[bytes]:
    """The records of ``runs`` that come after ``cursor``, in order, as far as a few pages of each tell."""
    pages = table(DigestPage)
    query = (
        f"SELECT data FROM {pages} WHERE run_id = %s AND first >= COALESCE("  # noqa: S608
        f"(SELECT first FROM {pages} WHERE run_id = %s AND first <= %s ORDER BY first DESC LIMIT 1), %s) "
        f"ORDER BY first LIMIT {_READ_PAGES}"
    )
    found: list[bytes] = []
    ends: list[bytes] = []
    for run in runs:
        rows = fetch(query, [run, run, cursor, cursor])
        records = _records(b"".join([bytes(data) for (data,) in rows]))
        found += records
        if len(rows) == _READ_PAGES:
            ends.append(records[-1])  # there may be more of this run beyond
    found.sort()
    return found[bisect_right(found, cursor) : bisect_right(found, min(ends)) if ends else None]
