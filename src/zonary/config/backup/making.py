"""Making a backup. Reading top to bottom is the order of things:

1. keys and other small files are read;
2. checkpoint and right edge of each published log are read;
3. the database is copied, or dumped, as of one moment, which is not before that of 2;
4. all is written, encrypted, into a file beside the wanted one, with the full tiles and the documents that the copied
   database names: both are never changed;
5. the keys are read again: had they changed, they would not belong to the database;
6. the file is read back from disk, opened, and compared with what was written;
7. it gets its name.

A crash before 7 leaves a file that ends in ``.new`` and the folder ``.backup`` in the data directory, both readable
by their owner alone; the next backup removes them.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from zonary.common.age.keys import Lock
from zonary.common.age.reading import AgeReader
from zonary.common.age.writing import AgeWriter
from zonary.config.backup.archive import PIECE_BYTES, ArchiveWriter
from zonary.config.backup.contents import DUMP, MANIFEST, PUBLIC_FILES, RENEWED, SQLITE, mode_of
from zonary.config.backup.databases import snapshot
from zonary.config.backup.errors import BackupError
from zonary.config.backup.last import LastBackup, note_backup
from zonary.config.backup.manifest import FORMAT, Manifest, SavedLog
from zonary.config.backup.published import PublishedLog, published_log
from zonary.foundation.documents.contents import contents
from zonary.foundation.documents.contents.protocol import content_path
from zonary.foundation.documents.kept_contents import kept_contents
from zonary.foundation.ledger.layout import DataDirectory, make_private_directory, sync_directory
from zonary.foundation.ledger.layout import log_folder as folder_of
from zonary.foundation.ledger.logs import MAIN, OPEN
from zonary.foundation.ledger.proofs import present_generation
from zonary.foundation.ledger.queries import log_status
from zonary.foundation.ledger.succession import predecessors

_FOLDER = ".backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be made: ``at_rest`` when no server runs, ``with_stores`` to take what lies in object stores too."""

    data: DataDirectory
    target: Path
    locks: Sequence[Lock]
    at: datetime
    at_rest: bool
    with_stores: bool = False


@dataclass(slots=True)
class Made:
    """What came of it; ``missing`` are documents' contents that the store did not have."""

    manifest: Manifest
    size: int = 0
    files: int = 0
    documents: int = 0
    missing: int = field(default=0)


def make_backup(wanted: Wanted) -> Made:
    """:raises BackupError: when it cannot be made; then there is no file of that name, or the one there was before.

    :raises OSError: the same, when the disk is full or a store out of reach.
    """
    with _alone(wanted.data) as folder:
        keys = _small_files(wanted.data)
        left_out, logs = _published(wanted)
        with snapshot(wanted.data, folder) as database:
            made = Made(_manifest(wanted, left_out, logs))
            staged = wanted.target.with_name(f".{wanted.target.name}.new")
            try:
                digest, file_key = _write(wanted, staged, made, keys, logs, database)
                if _small_files(wanted.data) != keys:
                    raise BackupError("The keys were changed meanwhile. Make the backup again.")
                _read_back(staged, digest, file_key)
                made.size = staged.stat().st_size
                _name(staged, wanted.target)
            finally:
                staged.unlink(missing_ok=True)
        note_backup(wanted.data, LastBackup(made_at=wanted.at, entries=_entries(made), path=str(wanted.target)))
    return made


def _entries(made: Made) -> int:
    return made.manifest.logs[0].size


@contextmanager
def _alone(data: DataDirectory) -> Iterator[Path]:
    """A private folder for the copy of the database; of backups of one directory, one is made at a time."""
    descriptor = os.open(data.path / "backup.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    folder = data.path / _FOLDER
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)  # what a crash left
        make_private_directory(folder)
        try:
            yield folder
        finally:
            connection.close()
            shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        raise BackupError("Another backup of {path} is being made.", path=str(data.path)) from None
    finally:
        os.close(descriptor)


def _small_files(data: DataDirectory) -> dict[str, bytes]:
    """Keys, token, and what readers are shown of both."""
    names = sorted(path.name for path in data.keys.iterdir()) if data.keys.is_dir() else []
    found: dict[str, bytes] = {}
    for name in (*(f"keys/{name}" for name in names if not name.startswith(".")), "token", *PUBLIC_FILES):
        path = data.path / name
        if path.is_file() and name not in RENEWED:
            found[name] = path.read_bytes()
            mode_of(name, len(found[name]))
    if not any(name.endswith((".skey", ".vkey")) for name in found):
        raise BackupError("{path} holds no keys yet; the first zonary serve makes them.", path=str(data.keys))
    return found


def _published(wanted: Wanted) -> tuple[list[str], list[PublishedLog]]:
    """Names of what is left out, and every log as it is published now."""
    if "://" in settings.ZONARY_STORE and not wanted.with_stores:
        return ["published-log"], []
    numbers = [(MAIN, present_generation(MAIN)), *((MAIN, number) for number, _keys in predecessors(wanted.data))]
    if log_status(OPEN) is not None:
        numbers.append((OPEN, present_generation(OPEN)))
    return [], [log for name, number in numbers if (log := published_log(name, number)) is not None]


def _manifest(wanted: Wanted, left_out: list[str], logs: list[PublishedLog]) -> Manifest:
    if "://" in settings.ZONARY_DOCUMENT_STORE and not wanted.with_stores:
        left_out = [*left_out, "documents"]
    status = log_status(MAIN)
    if status is None:
        raise BackupError("{path} holds no log yet. Start the server once: zonary serve", path=str(wanted.data.path))
    saved = [SavedLog(origin=status.origin, folder=folder_of(MAIN, present_generation(MAIN)), size=status.size)]
    if (opened := log_status(OPEN)) is not None:
        saved.append(SavedLog(origin=opened.origin, folder=folder_of(OPEN, present_generation(OPEN)), size=opened.size))
    shown = max((log.size for log in logs if log.folder == saved[0].folder), default=status.size)
    migrations: dict[str, tuple[str, ...]] = {}
    for application, name in sorted(MigrationRecorder(connection).applied_migrations()):
        migrations[application] = (*migrations.get(application, ()), name)
    return Manifest(
        format=FORMAT,
        made_at=wanted.at,
        release=release(),
        database="sqlite" if connection.vendor == "sqlite" else "postgresql",
        logs=tuple(saved),
        at_rest=wanted.at_rest and not status.pending and shown == status.size,
        left_out=tuple(left_out),
        migrations=migrations,
    )


def release() -> str:
    try:
        return version("zonary")
    except PackageNotFoundError:
        return ""


def _write(
    wanted: Wanted, staged: Path, made: Made, keys: dict[str, bytes], logs: list[PublishedLog], database: Path
) -> tuple[bytes, bytes]:
    """The digest of what is in ``staged`` under its encryption, and the key of that."""
    staged.unlink(missing_ok=True)
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        sink = _Digested(AgeWriter(file, wanted.locks))
        archive = ArchiveWriter(sink)
        manifest = made.manifest.encode()
        archive.add(MANIFEST, len(manifest), [manifest])
        for name, data in keys.items():
            archive.add(name, len(data), [data])
        archive.add(DUMP if database.name == DUMP else SQLITE, database.stat().st_size, _pieces(database))
        for log in logs:
            for name, data in log.files():
                archive.add(name, len(data), [data])
        if "documents" not in made.manifest.left_out:
            _add_documents(archive, made)
        archive.finish()
        sink.age.finish()
        file.flush()
        os.fsync(file.fileno())
        made.files = archive.files
    return sink.digest.digest(), sink.age.file_key


def _add_documents(archive: ArchiveWriter, made: Made) -> None:
    store = contents()
    for sha256, size in kept_contents():
        if not store.has(sha256, size):
            made.missing += 1  # erased since the database was copied, or lost; the doctor tells which are
            continue
        archive.add(f"documents/{content_path(sha256)}", size, store.read(sha256, 0, size))
        made.documents += 1


class _Digested:
    """Passes on what is written, and remembers its digest."""

    def __init__(self, age: AgeWriter) -> None:
        self.age = age
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.digest.update(data)
        self.age.write(data)


def _pieces(path: Path) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def _read_back(staged: Path, digest: bytes, file_key: bytes) -> None:
    """:raises BackupError: unless the disk gives what was written."""
    found = hashlib.sha256()
    with open(staged, "rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # from the disk, not from memory
        reader = AgeReader(file, file_key=file_key)
        while piece := reader.read(PIECE_BYTES):
            found.update(piece)
    if found.digest() != digest:
        raise BackupError("The disk gives back other bytes than were written to {path}.", path=str(staged))


def _name(staged: Path, target: Path) -> None:
    try:
        os.link(staged, target)
    except FileExistsError:
        raise BackupError("{path} exists already. Name another file with --to.", path=str(target)) from None
    except OSError:  # a file system without links
        if target.exists():
            raise BackupError("{path} exists already. Name another file with --to.", path=str(target)) from None
        staged.replace(target)
    with suppress(OSError):
        sync_directory(target.parent)
