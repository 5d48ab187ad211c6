"""Leaves published at fixed times and in round numbers, so that nobody reads a rhythm from the log (ADR 0024).

At the beginning of each slot what was recorded before it is placed, filled up with padding: of each class as many
leaves as the power of two times ``leaves`` that holds what waits, at least once, also when nothing waits. Acts come
first, then evidence, and within a class rows lie in an order drawn by lot: all are of one size and look random, so a
reader can tell neither which are padding nor how many; nor can who holds the receipt of one tell it of the others.

A padding act is an act of the system like any other, which its receipt could prove. Padding evidence commits to 32
random bytes, kept as its salt.

A crash between padding and placing leaves padding waiting like everything else: the next batch takes it in.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from zonary.foundation.ledger.act_batches import record_each
from zonary.foundation.ledger.actors import SYSTEM
from zonary.foundation.ledger.events import LogPadded
from zonary.foundation.ledger.logs import Log
from zonary.foundation.ledger.models import Entry, Pending
from zonary.foundation.ledger.packing import unpack
from zonary.foundation.ledger.recording import Draft, Recorded, action, record_draft
from zonary.foundation.ledger.rows import fetch, table
from zonary.foundation.ledger.sequencing import MAX_BATCH, tick
from zonary.foundation.ledger.sources import Batch, EntrySource
from zonary.proof.digests import digests_of
from zonary.proof.leaf import ACT, EVIDENCE, encode_leaf
from zonary.proof.merkle import leaf_hashes

PADDING = "ledger.padding"
"""The kind of entry that is padding of class evidence."""
_ROWS = 256
"""Rows of padding of a class at most: more leaves share rows, for a burst that nothing hides anyway."""
_READ = 500


@dataclass(frozen=True, slots=True)
class Batching:
    """How the log is published.

    :param seconds: length of a slot; slots begin at whole multiples of it since 1970.
    :param leaves: of each class, of which every batch has as many, or a power of two times as many.
    """

    seconds: int
    leaves: int

    def slot(self, at: datetime) -> int:
        return int(at.timestamp()) // self.seconds

    def rounded(self, waiting: int) -> int:
        """Leaves of each class in a batch, where ``waiting`` wait of the class of which most do."""
        size = self.leaves
        while size < waiting:
            size *= 2
        return size


def batching() -> Batching | None:
    """How the operator wants the zone's own log to be published; None: at once."""
    wanted: tuple[int, int] | None = settings.ZONARY_BATCH
    return None if wanted is None else Batching(*wanted)


def release(log: Log, plan: Batching, *, at: datetime) -> int:
    """Give all that waits now its place, filled up; returns how many leaves that were. To be published in one go."""
    waiting = fetch(
        f"SELECT e.id, e.leaf_class, e.count FROM {table(Pending)} p JOIN {table(Entry)} e ON e.id = p.entry_id",  # noqa: S608
        [],
    )
    counts = {ACT: 0, EVIDENCE: 0}
    for _entry, leaf_class, count in waiting:
        counts[leaf_class] = counts.get(leaf_class, 0) + count
    size = plan.rounded(max(counts.values()))
    missing = {leaf_class: size - count for leaf_class, count in counts.items()}
    classes = [(leaf_class, entry) for entry, leaf_class, _count in waiting]
    if any(missing.values()):
        classes += pad_log(missing, at=at)
    chosen = replace(log, source=_Chosen(_drawn(classes)))
    taken = 0
    while placed := tick(chosen, at=at, limit=MAX_BATCH):
        taken += placed
    return taken


@action
def pad_log(missing: dict[str, int], *, at: datetime) -> list[tuple[str, int]]:
    """Record so many leaves of each class that say nothing; class and id of each entry."""
    made: list[tuple[str, Recorded]] = []
    for leaf_class, count in missing.items():
        for some in _shares(count):
            recorded = (
                record_each([LogPadded()] * some, by=SYSTEM, at=at)
                if leaf_class == ACT
                else record_draft(_evidence(leaf_class, some), by=SYSTEM, at=at)
            )
            made.append((leaf_class, recorded))
    rows = Entry.objects.filter(public_id__in=[each.public_id for _, each in made]).values_list("public_id", "pk")
    ids = {str(public_id): entry for public_id, entry in rows}
    return [(leaf_class, ids[each.public_id]) for leaf_class, each in made]


def _shares(count: int) -> Iterator[int]:
    """``count`` in at most ``_ROWS`` rows; one leaf each as long as that is enough."""
    share = -(-count // _ROWS)
    while count > 0:
        yield min(share, count)
        count -= share


def _evidence(leaf_class: str, count: int) -> Draft:
    salts = [os.urandom(32) for _ in range(count)]
    return Draft(
        kind=PADDING,
        version=1,
        leaf_class=leaf_class,
        leaves=[encode_leaf(leaf_class, digests_of(salt)) for salt in salts],
        bodies=[b"padding"] * count,
        salts=salts,
    )


def _drawn(entries: Iterable[tuple[str, int]]) -> list[int]:
    """Ids of entries by class, of one class in an order drawn by lot."""
    lot = random.SystemRandom()
    return [entry for _class, _lot, entry in sorted((leaf_class, lot.random(), entry) for leaf_class, entry in entries)]


class _Chosen(EntrySource):
    """These entries alone, in this order; what was recorded meanwhile waits for the next slot."""

    def __init__(self, order: list[int]) -> None:
        self._order = order

    def take(self, size: int, limit: int) -> Batch:
        # Asked anew in each transaction: after one that was undone the same rows come again.
        waiting = {entry for (entry,) in fetch(f"SELECT entry_id FROM {table(Pending)}", [])}  # noqa: S608
        left = [entry for entry in self._order if entry in waiting]
        batch = Batch(size, [], [])
        for start in range(0, len(left), _READ):
            if len(batch.hashes) >= limit:
                break
            chunk = left[start : start + _READ]
            rows = Entry.objects.filter(pk__in=chunk).values_list("pk", "count", "leaves")
            found = {entry: (count, leaves) for entry, count, leaves in rows}
            for entry in chunk:
                if len(batch.hashes) >= limit:
                    break
                count, leaves = found[entry]
                batch.hashes.extend(leaf_hashes(unpack(bytes(leaves), count)))
                batch.entries.append((entry, count))
        return batch
