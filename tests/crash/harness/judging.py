"""What must hold after any fault, looked at from outside: by readers of the published log and by those who were told.

:func:`judge` starts the ledger again without faults, as a restarted server does, and then compares.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests.crash.harness.ledger_work import read_told
from tests.crash.harness.places import LOGS, Place

from zonary.proof.digests import HashName
from zonary.proof.errors import Error
from zonary.proof.merkle import HASH_SIZE, leaf_hash, root_of
from zonary.proof.tlog.checkpoint import Checkpoint
from zonary.proof.tlog.fsck import check_log
from zonary.proof.tlog.notes import Note
from zonary.proof.tlog.tiles import (
    TILE_WIDTH,
    MissingResource,
    TilePath,
    decode_bundle,
    encode_bundle,
    entries_path,
    parse_tile_path,
)


@dataclass(frozen=True)
class Verdict:
    """What was found; ``faults`` is empty when all holds."""

    acknowledged: int
    entries: int
    faults: list[str]


def checkpoint_of(note: bytes) -> Checkpoint:
    return Checkpoint.parse(Note.parse(note).text)


def judge(place: Place, *, finished: bool) -> Verdict:
    """Look at what readers see now, start again, and compare that with everything that was told and seen.

    :param finished: nothing may have been left for the restart to publish.
    """
    acknowledged = entries = 0
    faults: list[str] = []
    for name in LOGS:
        log = place.log(name)
        before = {tree: dict(objects_of(store)) for tree, store in _trees(log)}
        kept_before = log.last_kept()
        try:
            _restart(log)
            report = check_log(log.store.read, log.keys.verifiers, origin=log.keys.origin)
            leaves = leaves_of(log.store.read, report.size)
            _check_second(log, report.size)
        except (Error, OSError) as error:
            faults.append(f"{name}: after the restart: {type(error).__name__}: {error}")
            continue
        kept = kept_before.checkpoint if kept_before else None
        if kept and (kept.size > report.size or root_at(leaves, kept.size) != kept.root):
            faults.append(f"{name}: the kept checkpoint is no beginning of the log")
        told = [each for each in read_told(place.told) if each.get("log") == name]
        faults += [f"{name}: {fault}" for fault in _of_told(told, leaves)]
        for tree, store in _trees(log):
            after = dict(objects_of(store))
            if finished and before[tree].get("checkpoint") != after.get("checkpoint"):
                faults.append(f"{name}, {tree}: something was published only after the restart")
            faults += [f"{name}, {tree}: {fault}" for fault in _of_objects(before[tree], after, leaves, tree)]
        acknowledged += sum(len(each["leaves"]) for each in told if each["what"] == "acknowledged")
        entries += report.size
    return Verdict(acknowledged, entries, faults)


def _trees(log: Any) -> Iterator[tuple[HashName, Any]]:
    """The digest each tree of ``log`` is made with, and where it is published."""
    yield "sha256", log.store
    if log.second is not None:
        yield "sm3", log.second.store


def _check_second(log: Any, size: int) -> None:
    """:raises Error: unless the second tree, where there is one, is whole and as long as the log."""
    if log.second is None or size == 0:
        return  # of an empty log there is no second tree yet

    def read(path: str) -> bytes:
        data: bytes = (log.store if path.startswith("tile/entries/") else log.second.store).read(path)
        return data

    found = check_log(read, log.second.keys.verifiers, origin=log.second.origin, algorithm="sm3").size
    if found != size:
        raise Error("The second tree has {found} entries, the log {size}.", found=found, size=size)


def _restart(log: Any) -> None:
    """What a server does with ``log`` when it starts, until nothing is left to do."""
    from zonary.common.clock import now
    from zonary.foundation.ledger.outgrown import Sweeper
    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.sequencer import start_up
    from zonary.foundation.ledger.sequencing import tick

    start_up(log, now)
    # Epoch 0 is nobody's once a sequencer has led; this one takes the lead, whatever lease is left.
    log = _leading(log)
    while tick(log, at=now()):
        pass
    size = publish(log)
    for _tree, store in _trees(log):
        sweeper = Sweeper(store)
        sweeper.published(size)
        while sweeper.work():
            pass


def _leading(log: Any) -> Any:
    from dataclasses import replace

    from zonary.foundation.ledger.leadership import claim

    return replace(log, epoch=claim(log.name, "restarted", alone=True))


def _of_told(told: list[dict[str, Any]], leaves: list[bytes]) -> Iterator[str]:
    present = {leaf.decode(): index for index, leaf in enumerate(leaves)}
    if len(present) != len(leaves):
        yield "a leaf stands in the log twice"
    sent = {leaf for each in told if each["what"] == "sent" for leaf in each["leaves"]}
    if strangers := present.keys() - sent:
        yield f"{len(strangers)} leaves stand in the log that nobody sent"
    last = -1
    for each in told:
        if each["what"] == "acknowledged":
            places = [present.get(leaf) for leaf in each["leaves"]]
            if None in places:
                yield f"{places.count(None)} acknowledged entries are missing"
            elif places != list(range(places[0], places[0] + len(places))) or places[0] <= last:
                yield "acknowledged entries are not in the order of their acknowledgement"
            elif each["first"] not in (None, places[0]):
                yield f"index {each['first']} was acknowledged, but the leaf stands at {places[0]}"
            else:
                last = places[-1]
        elif each["what"] == "shown":
            shown = checkpoint_of(base64.b64decode(each["note"]))
            if shown.size > len(leaves) or root_at(leaves, shown.size, each["tree"]) != shown.root:
                yield f"a checkpoint of {shown.size} entries was shown that is no beginning of the log ({each['tree']})"


def _of_objects(
    before: Mapping[str, bytes], after: Mapping[str, bytes], leaves: list[bytes], tree: HashName
) -> Iterator[str]:
    """Everything a reader could have fetched, before the restart and after it, is whole."""
    for when, objects in (("before", before), ("after", after)):
        for path, data in objects.items():
            if path == "checkpoint":
                shown = checkpoint_of(data)
                if shown.size > len(leaves) or root_at(leaves, shown.size, tree) != shown.root:
                    yield f"{when} the restart: the checkpoint is no beginning of the log"
                    continue
                yield from (f"{when} the restart: {fault}" for fault in _missing(objects, shown.size, tree))
            elif data != expected_object(path, leaves, tree):
                yield f"{when} the restart: {path} is not whole, or not of this log"


def _missing(objects: Mapping[str, bytes], size: int, tree: HashName) -> Iterator[str]:
    """What the checkpoint of ``size`` promises and nobody can fetch; entries are kept by the first tree alone."""
    level = 0
    lowest = {None, 0} if tree == "sha256" else {0}
    while size >> 8 * level:
        whole, width = divmod(size >> 8 * level, TILE_WIDTH)
        tiles = [TilePath(kind, index) for kind in (lowest if level == 0 else {level}) for index in range(whole)]
        if width:
            tiles += [TilePath(kind, whole, width) for kind in (lowest if level == 0 else {level})]
        for tile in tiles:
            # A partial tile that has grown full since may be gone.
            if str(tile) not in objects and str(TilePath(tile.level, tile.index)) not in objects:
                yield f"{tile} is missing, which the checkpoint of {size} promises"
        level += 1


def expected_object(path: str, leaves: list[bytes], algorithm: HashName = "sha256") -> bytes | None:
    """What ``path`` holds in this tree of a log of ``leaves``; None when it is no path of a tile of it."""
    try:
        tile = parse_tile_path(path)
    except Error:
        return None
    span = TILE_WIDTH ** (tile.level or 0)
    start, end = tile.index * TILE_WIDTH * span, (tile.index * TILE_WIDTH + tile.width) * span
    if end > len(leaves):
        return None
    if tile.level is None:
        return encode_bundle(leaves[start:end]) if algorithm == "sha256" else None
    hashes = [leaf_hash(leaf, algorithm) for leaf in leaves[start:end]]
    tiles = [root_of(hashes[at : at + span], algorithm) for at in range(0, len(hashes), span)]
    assert all(len(each) == HASH_SIZE for each in tiles)
    return b"".join(tiles)


def objects_of(store: Any) -> Iterator[tuple[str, bytes]]:
    """Every object that a web server in front of the store would hand out."""
    for path in ("checkpoint", *store.paths("tile")):
        try:
            yield path, _patiently(store.read, path)
        except MissingResource:
            assert path == "checkpoint", path


def _patiently(read: Callable[[str], bytes], path: str) -> bytes:
    """``read(path)``, again when the server of the objects leaves a request unanswered."""
    for _ in range(2):
        with suppress(OSError):
            return read(path)
    return read(path)


def leaves_of(read: Any, size: int) -> list[bytes]:
    """All leaves of a log of ``size``."""
    leaves: list[bytes] = []
    for index in range(-(-size // TILE_WIDTH)):
        width = min(TILE_WIDTH, size - index * TILE_WIDTH)
        leaves += decode_bundle(read(entries_path(index, width)), width)
    return leaves


def root_at(leaves: list[bytes], size: int, algorithm: HashName = "sha256") -> bytes:
    """The root of the first ``size`` leaves."""
    return root_of([leaf_hash(leaf, algorithm) for leaf in leaves[:size]], algorithm)
