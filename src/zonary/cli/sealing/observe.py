"""Files on disk as the verifier compares them with a manifest."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice

from zonary.cli.progress import Progress
from zonary.cli.sealing.hashing import CHUNK_FILES, RECORD, Meter, files_among, hash_files
from zonary.cli.sealing.walk import Found, target_of, walk
from zonary.cli.sealing.workers import Workers, cores
from zonary.proof.digests import Digests
from zonary.proof.package.files import ObservedFile


def observe_paths(
    paths: Sequence[bytes],
    *,
    leave_out: bytes | None = None,
    names_wanted: Collection[bytes] | None = None,
    exclude: Sequence[str] = (),
) -> Iterator[ObservedFile]:
    """Everything under ``paths``, files with their digests, in no particular order.

    :param leave_out: a path that is passed over where it turns up: the package itself.
    :param names_wanted: only what goes by one of these names is read.
    :raises SourceError: when something cannot be read, or changes while it is.
    """
    progress = Progress()
    found = walk(paths, exclude=exclude, left_out=[leave_out] if leave_out is not None else [])
    if names_wanted is not None:
        found = (one for one in found if one.name in names_wanted)
    # Among a hundred thousand leaves and files the search for cycles takes a second, and finds none.
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield from observe(found, progress)
    finally:
        progress.finish()
        if collecting:
            gc.enable()


def observe(found: Iterable[Found], meter: Meter) -> Iterator[ObservedFile]:
    """What was ``found``, files with their digests, in no particular order."""
    waiting = iter(found)
    first = list(islice(waiting, CHUNK_FILES + 1))
    others: list[Found] = []
    # A few files are read before a second process would be ready.
    with Workers(cores() if len(first) > CHUNK_FILES else 0) as workers:
        for hashed in hash_files(files_among(chain(first, waiting), others), workers, meter):
            for one, (size, _, _, sha256, sm3) in zip(hashed.found, RECORD.iter_unpack(hashed.records), strict=True):
                yield ObservedFile(name=one.name, path=one.path, kind="file", size=size, digests=Digests(sha256, sm3))
    for one in others:
        yield ObservedFile(name=one.name, path=one.path, kind=one.kind, target=target_of(one))
