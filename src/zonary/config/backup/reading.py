"""Reading a backup: every byte of it is opened, bounded and compared with what it has to be."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from zonary.common.age.keys import Opener
from zonary.common.age.reading import AgeReader
from zonary.config.backup.archive import Member, read_members
from zonary.config.backup.contents import (
    DUMP,
    MANIFEST,
    MAX_MANIFEST_BYTES,
    SQLITE,
    content_of,
    log_of,
    mode_of,
)
from zonary.config.backup.errors import BackupError
from zonary.config.backup.manifest import Manifest, parse_manifest

Take = Callable[[str, int, Iterator[bytes]], None]
"""Takes a file: its name, its mode, its bytes."""


@contextmanager
def opened_backup(path: Path, openers: Sequence[Opener]) -> Iterator[tuple[Manifest, Iterator[Member]]]:
    """The manifest, and the files after it.

    :raises BackupError: when it is no backup of ours.
    :raises AgeError: when none of ``openers`` opens it, or it is damaged.
    """
    with open(path, "rb") as file:
        members = read_members(_reader(file, openers))
        first = next(members, None)
        if first is None or first.name != MANIFEST or first.size > MAX_MANIFEST_BYTES:
            raise BackupError("What the file holds is no backup of Zonary.")
        yield parse_manifest(first.read()), members


def _reader(file: BinaryIO, openers: Sequence[Opener]) -> AgeReader:
    return AgeReader(file, openers)


def take_files(manifest: Manifest, members: Iterator[Member], take: Take) -> int:
    """Have ``take`` take every file of the backup; returns how many there were.

    :raises BackupError: when one does not belong there, or what is needed is missing.
    """
    database = SQLITE if manifest.database == "sqlite" else DUMP
    seen: set[str] = set()
    count = 0
    for member in members:
        mode = mode_of(member.name, member.size)
        if member.name in (SQLITE, DUMP) and member.name != database:
            raise BackupError("The backup holds “{name}”, which belongs in none.", name=member.name)
        if log_of(member.name) is None and content_of(member.name) is None:
            if member.name in seen:
                raise BackupError("The backup holds “{name}” twice.", name=member.name)
            seen.add(member.name)
        take(member.name, mode, _compared(member))
        count += 1
    if database not in seen or not any(name.startswith("keys/") for name in seen):
        raise BackupError("The backup is not whole: it lacks the database or the keys.")
    return count


def look_at(_name: str, _mode: int, pieces: Iterator[bytes]) -> None:
    """Takes nothing; reads all."""
    for _piece in pieces:
        pass


def write_below(folder: Path) -> Take:
    """Writes each file below ``folder``, which nobody else uses; nothing that is there is replaced."""

    def take(name: str, mode: int, pieces: Iterator[bytes]) -> None:
        path = folder / name
        path.parent.mkdir(mode=0o755 if log_of(name) else 0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            raise BackupError("The backup holds “{name}” twice.", name=name) from None
        with open(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
            os.fchmod(file.fileno(), mode)

    return take


def _compared(member: Member) -> Iterator[bytes]:
    """The bytes of ``member``; of a document's content, which is called by its digest, that is compared."""
    wanted = content_of(member.name)
    if wanted is None:
        yield from member.pieces
        return
    found = hashlib.sha256()
    for piece in member.pieces:
        found.update(piece)
        yield piece
    if found.digest() != wanted:
        raise BackupError("“{name}” in the backup has other bytes than those that came.", name=member.name)
