"""From paths to a manifest and a statement on disk: all of a seal that needs no server."""

from __future__ import annotations

import contextlib
import os
import time
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from zonary.cli.sealing.hashing import Meter, files_among, hash_files
from zonary.cli.sealing.journal import Journal, first_changed, read_journal
from zonary.cli.sealing.trees import Contents, tree_order, write_manifest
from zonary.cli.sealing.walk import Found, target_of, walk
from zonary.cli.sealing.work import JOURNAL, MANIFEST, STATEMENT, Work, WorkError
from zonary.cli.sealing.workers import Workers, cores
from zonary.proof.canonical import Json
from zonary.proof.errors import MalformedError
from zonary.proof.printable import printable

Declared: TypeAlias = "Callable[[], Mapping[str, Json]]"

_WORTH_KEEPING_SECONDS = 5.0
"""An attempt that fails sooner leaves nothing behind: what it hashed is soon hashed again."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A seal whose manifest and statement are on disk.

    :ivar single: name and SHA-256 of the file, when a single file is sealed.
    """

    statement: bytes
    manifest: Path
    single: tuple[bytes, bytes] | None


def prepare(
    work: Work,
    paths: Sequence[bytes],
    *,
    exclude: Sequence[str],
    left_out: Iterable[bytes],
    meter: Meter,
    idle: Callable[[], None] | None = None,
    declared: Declared = dict,
) -> None:
    """Hash everything under ``paths``, and put manifest and statement into ``work``.

    Hashing that an earlier attempt finished is not done again. On an error nothing is left that looks finished.

    :param idle: called now and then while threads or other processes do the work.
    :param declared: what the statement declares; asked when everything is read.
    :raises SourceError: when something cannot be read, changes while it is read, or cannot be sealed.
    :raises MalformedError: when there is too much for one seal.
    """
    # A folder of one file is padded like any folder; only a file by itself is sealed as a tree of one leaf.
    folder = len(paths) > 1 or os.path.isdir(paths[0])
    started = time.monotonic()
    with Journal(work / JOURNAL) as journal:
        try:
            found = walk(paths, exclude=exclude, left_out=left_out)
            contents, order = _hash(found, journal, meter, idle, folder=folder)
            write_prepared(work, contents, order, before_naming=journal.sync, idle=idle, declared=declared())
        except BaseException:
            if not journal.known and time.monotonic() - started < _WORTH_KEEPING_SECONDS:
                with contextlib.suppress(OSError):
                    work.remove()
            raise


def _hash(
    found: Iterator[Found], journal: Journal, meter: Meter, idle: Callable[[], None] | None, *, folder: bool
) -> tuple[Contents, array[int]]:
    names: list[bytes] = []
    records = bytearray()
    others: list[Found] = []
    order: array[int] = array("Q")

    def walked(files: int) -> None:
        order.extend(tree_order(files + len(others), folder=folder))

    # The processes start before anything else starts a thread.
    with Workers(cores() if folder else 0) as workers:
        files = files_among(found, others)
        for hashed in hash_files(files, workers, meter, known=journal.known, walked=walked, idle=idle):
            names += [one.name for one in hashed.found]
            records += hashed.records
            journal.add(hashed)
    return Contents(names, records, [(one.kind, one.name, target_of(one)) for one in others]), order


def write_prepared(
    work: Work,
    contents: Contents,
    order: Sequence[int],
    *,
    before_naming: Callable[[], None] | None = None,
    idle: Callable[[], None] | None = None,
    declared: Mapping[str, Json] | None = None,
) -> None:
    """Put the manifest over ``contents``, in ``order``, and a statement of it into ``work``, durably.

    :param before_naming: makes durable what the manifest was made from; called before the manifest has its name.
    """
    from zonary.proof.statement import SALT_SIZE, Statement

    with work.replacing(MANIFEST) as file:
        roots = write_manifest(contents, order, file, idle=idle)
        file.flush()
        os.fsync(file.fileno())
    if before_naming is not None:
        before_naming()
    work.publish(MANIFEST)
    with work.replacing(STATEMENT) as file:
        file.write(Statement(manifest=roots, salt=os.urandom(SALT_SIZE), declared=declared or {}).encode())
        file.flush()
        os.fsync(file.fileno())
    # The statement gets its name last: once it is there, all the salts are on the disk.
    work.publish(STATEMENT)
    work.sync()


def prepared(work: Work) -> Prepared:
    """The seal prepared in ``work``, by this process or an earlier one.

    :raises WorkError: when what is there was damaged since.
    """
    statement, manifest = work.read(STATEMENT), work / MANIFEST
    try:
        if statement is None:
            raise FileNotFoundError
        return Prepared(statement, manifest, _single(manifest))
    except (FileNotFoundError, MalformedError) as error:
        raise WorkError(
            "{path} cannot be read. Type --restart to put it aside and begin anew.", path=str(work.path)
        ) from error


def _single(manifest: Path) -> tuple[bytes, bytes] | None:
    from zonary.proof.manifest import MAX_LINE_BYTES, FileLeaf, decode_leaf_line

    with manifest.open("rb") as file:
        line = file.readline(MAX_LINE_BYTES + 1)
        if file.read(1):
            return None
    leaf = decode_leaf_line(line.removesuffix(b"\n"))
    return (leaf.name_bytes, bytes.fromhex(leaf.sha256)) if isinstance(leaf, FileLeaf) else None


def check_unchanged(work: Work, found: Iterable[Found]) -> None:
    """Hold what is there now (``found``), by name, size and time, against what ``work`` was prepared from.

    :raises WorkError: naming a difference; the seal of the earlier content can still be finished.
    """
    known, _ = read_journal(work / JOURNAL)
    now = {one.name: one for one in found}
    sealed = _names(work / MANIFEST)
    added = next((one.path for name, one in now.items() if name not in sealed), None)
    gone = next((name for name in sealed if name not in now), None)
    unread = next((one.path for one in now.values() if one.kind == "file" and one.path not in known), None)
    changed = added or gone or unread or first_changed(known)
    if changed is not None:
        raise WorkError(
            "“{path}” has changed since an earlier, unfinished seal read it. Type --resume to finish that seal, of the "
            "earlier content, or --restart to put it aside ({work}) and seal what is there now.",
            path=printable(changed),
            work=str(work.path),
        )


def _names(manifest: Path) -> Collection[bytes]:
    from zonary.proof.manifest import parse_manifest

    try:
        return parse_manifest(manifest.read_bytes()).named().keys()
    except (OSError, MalformedError) as error:
        raise WorkError(
            "{path} cannot be read. Type --restart to put it aside and begin anew.", path=str(manifest.parent)
        ) from error
