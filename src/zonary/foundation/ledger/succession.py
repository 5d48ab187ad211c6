"""Ending a log and beginning its successor, whose first entry names the last checkpoint of the one before.

Reading top to bottom is the order of things:

1. bring the log to its end: everything recorded is sequenced and published (not when it is abandoned);
2. write the successor's keys, and their endorsement by those of the log that ends;
3. in one transaction: the closed log's last checkpoint, the act that tells of it, and the successor's state, in which
   that act has index 0;
4. destroy the secrets of the log that ended.

A crash before 3 leaves the log as it was and keys nobody has used, which the next try takes. A crash after 3 leaves
secrets that the next start destroys (:func:`retire_predecessors`), which also publishes the successor.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.events import LogSucceeded
from zonary.foundation.ledger.kept import KeptCheckpoints
from zonary.foundation.ledger.keys import (
    KeyPlace,
    LogKeys,
    make_keys,
    open_keys,
    read_keys,
    read_pairs,
    retire_pair,
    stem_of,
)
from zonary.foundation.ledger.layout import DataDirectory, make_private_directory, write_durably
from zonary.foundation.ledger.leadership import lost
from zonary.foundation.ledger.logs import MAIN, Log
from zonary.foundation.ledger.models import ClosedLog, Entry, LogState
from zonary.foundation.ledger.proofs import published_checkpoint, second_store_of, store_of
from zonary.foundation.ledger.publishing import publish, publish_ended
from zonary.foundation.ledger.recording import Recorded, action, record
from zonary.foundation.ledger.second_keys import last_checkpoint, read_second_keys, retire_second_key
from zonary.foundation.ledger.second_tree import publish_ended_second_tree
from zonary.foundation.ledger.sequencing import tick
from zonary.foundation.ledger.sources import Batch, EntrySource
from zonary.foundation.ledger.storage import CHECKPOINT, Step, no_step
from zonary.proof import sm2
from zonary.proof.errors import Error
from zonary.proof.merkle import Frontier, leaf_hash
from zonary.proof.tlog.checkpoint import Checkpoint, open_checkpoint
from zonary.proof.tlog.endorsement import endorse
from zonary.proof.tlog.keys import ED25519, VerifierKey
from zonary.proof.tlog.notes import Note
from zonary.proof.tlog.tiles import MissingResource

_log = logging.getLogger("zonary.ledger")


class SuccessionError(LedgerError):
    """The log cannot be succeeded as asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """The data directory, who asks for the successor, and when.

    :ivar origin: the successor's name; a random one when None.
    :ivar known: verifier keys of the zone's logs that stand elsewhere than in ``keys/``: for when those are lost.
    """

    data: DataDirectory
    kept: KeptCheckpoints
    origin: str | None
    known: tuple[VerifierKey, ...]
    by: Actor
    at: datetime
    step: Step = no_step


@dataclass(frozen=True, slots=True)
class Succeeded:
    """What came of it; ``lost`` is how many entries were published, or kept, beyond what the database has."""

    generation: int
    origin: str
    predecessor: Checkpoint
    lost: int


@dataclass(frozen=True, slots=True)
class _Last:
    """The last checkpoint known of a log."""

    generation: int
    checkpoint: Checkpoint
    note: bytes


def finish(log: Log, at: datetime) -> None:
    """Sequence and publish all that waits in ``log``.

    :raises LedgerError: when it cannot go on, such as when an older database was put back.
    :raises OSError: when it cannot be published now.
    """
    publish(log, starting=True)
    while tick(log, at=at):
        publish(log)
    publish(log, starting=True)


def succeed(wanted: Succession, *, abandon: bool) -> Succeeded:
    """Close the zone's own log and begin its successor. The log has been finished, or is to be abandoned.

    :param abandon: it could not be finished: its keys are lost, or an older database was put back. Entries that were
        published and are not in the database are lost to this zone; those that have no index yet get one in the
        successor.
    :raises SuccessionError: for a name that a log of this zone has had.
    """
    state = LogState.objects.get(name=MAIN)
    _keep_verifiers(wanted, state)
    last = _last_known(wanted, state.generation, state.origin, bytes(state.note))
    generation, keys, skipped = _successor(wanted, state)
    wanted.step("successor keys written")
    _endorse(wanted.data, state.generation, generation, keys)
    wanted.step("successor endorsed")
    _begin(wanted, state, keys, generation, [last, *skipped], abandon=abandon)
    wanted.step("succession committed")
    retire_predecessors(wanted.data, generation)
    return Succeeded(generation, keys.origin, last.checkpoint, max(0, last.checkpoint.size - state.size))


def retire_predecessors(data: DataDirectory, generation: int) -> None:
    """Destroy the secrets of the logs before ``generation``, which have ended; their verifier keys stay."""
    closed = dict(ClosedLog.objects.filter(name=MAIN).values_list("generation", "origin"))
    for number in range(1, generation):
        for pair in read_pairs(data.keys, stem_of(MAIN, number)):
            # A key that this database does not know to have ended is another's, and none of our business.
            if pair.verifiers[0].name == closed.get(number) and not pair.place.is_retired:
                retire_pair(pair)
        open_keys(data.keys, stem_of(MAIN, number), origin=None)
        if number in closed:
            _retire_second_tree(data, number, closed[number])


def _retire_second_tree(data: DataDirectory, generation: int, origin: str) -> None:
    """Destroy the secrets of the second tree of a log that has ended, and keep the last checkpoint they signed."""
    stem = stem_of(MAIN, generation)
    if not sm2.available():
        return  # no key can be told from another here; a machine that has SM2 does it
    keys = read_second_keys(data.keys, stem, origin)
    if keys.signers:
        # Before the keys go: nothing could sign it again.
        with suppress(MissingResource):
            write_durably(last_checkpoint(data.keys, stem), second_store_of(MAIN, generation).read(CHECKPOINT))
    for key in keys.every:
        if key.place.secret().exists():
            retire_second_key(key)


def predecessors(data: DataDirectory) -> list[tuple[int, LogKeys]]:
    """Generation and keys of every log that has ended, the latest first."""
    numbers = ClosedLog.objects.filter(name=MAIN).order_by("-generation").values_list("generation", flat=True)
    found = ((number, read_keys(data.keys, stem_of(MAIN, number), origin=None)) for number in numbers)
    return [(number, keys) for number, keys in found if keys is not None]


def restore_predecessors(data: DataDirectory) -> None:
    """Write ended logs whose published form is lost anew from the database; a fault of one is told, not raised."""
    for closed in ClosedLog.objects.filter(name=MAIN):
        keys = read_keys(data.keys, stem_of(MAIN, closed.generation), origin=None)
        if keys is None:
            continue
        log = Log(name=MAIN, source=EntrySource(), store=store_of(MAIN, closed.generation), keys=keys)
        try:
            if published_checkpoint(MAIN, closed.generation) is None:
                publish_ended(log, closed.generation, bytes(closed.note))
                _log.warning("%s, which has ended, was not published any more; written anew", closed.origin)
            _restore_second_tree(data, closed)
        except (LedgerError, OSError) as error:
            _log.warning("%s, which has ended, cannot be published again: %s", closed.origin, error)


def _restore_second_tree(data: DataDirectory, closed: ClosedLog) -> None:
    last, store = last_checkpoint(data.keys, stem_of(MAIN, closed.generation)), second_store_of(MAIN, closed.generation)
    if not last.exists():
        return
    try:
        store.read(CHECKPOINT)
    except MissingResource:
        publish_ended_second_tree(store, EntrySource(), closed.generation, last.read_bytes())
        _log.warning("%s/sm3, which has ended, was not published any more; written anew", closed.origin)


def _keep_verifiers(wanted: Succession, state: LogState) -> None:
    """Where the keys of the log are lost, put what is known of them where retired keys are: old proofs need them."""
    stem = stem_of(MAIN, state.generation)
    if (wanted.data.keys / f"{stem}.skey").exists() or (wanted.data.keys / f"{stem}.vkey").exists():
        return
    make_private_directory(wanted.data.keys)
    numbers = {True: 0, False: 0}
    known = [key for key in wanted.known if key.name == state.origin]
    for key in sorted(known, key=lambda key: key.kind == ED25519):  # the file that makes a pair retired comes last
        post_quantum = key.kind != ED25519
        numbers[post_quantum] += 1
        place = KeyPlace(wanted.data.keys, stem, numbers[post_quantum])
        write_durably(place.public(post_quantum=post_quantum), key.encode().encode() + b"\n")


def _last_known(wanted: Succession, generation: int, origin: str, committed: bytes | None) -> _Last:
    """The largest checkpoint of the log ``origin`` that is committed, published, or kept; what readers saw goes first.

    :raises SuccessionError: when there is none.
    """
    keys = read_keys(wanted.data.keys, stem_of(MAIN, generation), origin=None)
    verifiers = {key for key in (*(keys.verifiers if keys else ()), *wanted.known) if key.name == origin}
    published = published_checkpoint(MAIN, generation)
    notes = [published.note if published else None, wanted.kept.last(origin), committed]
    found = [checkpoint for note in notes if note and (checkpoint := _checked(note, origin, verifiers))]
    if committed and not verifiers:
        # No key is known any more, nor ever will be: what the database says is all there is.
        found = [(Checkpoint.parse(Note.parse(committed).text), committed)]
    if not found:
        raise SuccessionError(
            "No checkpoint of the log “{origin}” is known that one of its keys signed.", origin=origin
        )
    best = max(found, key=lambda each: each[0].size)
    return _Last(generation, *best)


def _checked(note: bytes, origin: str, keys: Iterable[VerifierKey]) -> tuple[Checkpoint, bytes] | None:
    try:
        return open_checkpoint(note, keys, origin).checkpoint, note
    except Error:
        return None


def _successor(wanted: Succession, state: LogState) -> tuple[int, LogKeys, list[_Last]]:
    """Number and keys of the log that is to follow, and the last checkpoints of those numbers that are used already.

    A number is used when something of it was published or kept: the database was put back to before a succession.
    """
    skipped: list[_Last] = []
    generation = state.generation + 1
    while True:
        stem = stem_of(MAIN, generation)
        keys = open_keys(wanted.data.keys, stem, origin=None)
        origin = _origin_published(generation) or (keys.origin if keys and wanted.kept.last(keys.origin) else None)
        if origin is not None:
            skipped.append(_last_known(wanted, generation, origin, None))
        elif keys is None or (keys.signers and wanted.origin in (None, keys.origin)):
            _require_new_name(wanted.origin, state, skipped)
            return generation, keys or make_keys(wanted.data.keys, stem, origin=wanted.origin), skipped
        generation += 1


def _origin_published(generation: int) -> str | None:
    published = published_checkpoint(MAIN, generation)
    return published.checkpoint.origin if published else None


def _require_new_name(origin: str | None, state: LogState, skipped: list[_Last]) -> None:
    ended = set(ClosedLog.objects.filter(name=MAIN).values_list("origin", flat=True))
    if origin in ended | {state.origin} | {last.checkpoint.origin for last in skipped}:
        raise SuccessionError(
            "A log of this zone is or was called “{origin}”; its successor needs another name.", origin=str(origin)
        )


def _endorse(data: DataDirectory, ending: int, generation: int, keys: LogKeys) -> None:
    """Have the log that ends, and any between, endorse the first key of the successor, where keys are still there."""
    pairs = (pair for number in range(ending, generation) for pair in read_pairs(data.keys, stem_of(MAIN, number)))
    signers = [signer for pair in pairs for signer in pair.signers]
    if signers:
        place = KeyPlace(data.keys, stem_of(MAIN, generation), 1)
        write_durably(place.endorsement(), endorse(keys.verifiers[0], signers))


@action
def _begin(
    wanted: Succession, before: LogState, keys: LogKeys, generation: int, closed: list[_Last], *, abandon: bool
) -> None:
    log = Log(name=MAIN, source=EntrySource(), store=store_of(MAIN, generation), keys=keys)
    state = log.locked_state()
    if (state.generation, state.epoch, state.size) != (before.generation, before.epoch, before.size):
        raise lost(MAIN)
    ending = closed[0]
    for last in closed:
        ClosedLog.objects.create(
            name=MAIN,
            generation=last.generation,
            origin=last.checkpoint.origin,
            size=last.checkpoint.size,
            note=last.note,
            closed_at=wanted.at,
        )
    at = max(wanted.at, state.signed_at)
    event = LogSucceeded(
        origin=keys.origin,
        predecessor_origin=ending.checkpoint.origin,
        predecessor_size=ending.checkpoint.size,
        predecessor_root=base64.b64encode(ending.checkpoint.root).decode("ascii"),
        predecessor_checkpoint=Note.parse(ending.note).encode().decode("utf-8"),
        abandoned=abandon,
    )
    recorded = record(event, by=wanted.by, at=wanted.at)
    wanted.step("succession recorded")
    frontier = _place_first(recorded, generation)
    LogState.objects.filter(name=MAIN).update(
        generation=generation,
        origin=keys.origin,
        size=frontier.size,
        root=frontier.root(),
        frontier=frontier.encode(),
        note=log.sign(frontier, at),
        signed_at=at,
        epoch=state.epoch + 1,
        leader="",
        leader_until=None,
    )
    wanted.step("succession about to commit")


def _place_first(recorded: Recorded, generation: int) -> Frontier:
    """Give the act index 0 of the successor, before anything else that waits."""
    entry = Entry.objects.values_list("id", flat=True).get(public_id=recorded.public_id)
    batch = Batch(0, [leaf_hash(recorded.leaf)], [(entry, 1)])
    EntrySource().place(batch, generation)
    return Frontier.empty().extend(batch.hashes)
