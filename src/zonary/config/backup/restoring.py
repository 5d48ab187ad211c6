"""Putting a backup back into an empty directory. Reading top to bottom is the order of things:

1. all is read, opened and checked into a folder beside the wanted one;
2. the database is opened for reading: it is whole, of this release or an earlier one, and its log is that of the keys;
3. the published log is derived again from its entries; one that is damaged is left out, for the server writes it anew;
4. a dump is put into the empty PostgreSQL database, in one transaction, and whoever led when it was made leads no more;
5. the folder gets its name.

A crash before 5 leaves that folder, which the next try removes; a crash between 4 and 5 also a full database, which
the next try refuses, as the first start of a server without its keys does.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from zonary.common.age.keys import Opener
from zonary.config.backup.contents import DUMP, SQLITE
from zonary.config.backup.databases import load_dump, open_read_only, require_empty_postgresql, require_whole
from zonary.config.backup.errors import BackupError
from zonary.config.backup.last import LastBackup, note_backup
from zonary.config.backup.manifest import Manifest
from zonary.config.backup.reading import look_at, opened_backup, take_files, write_below
from zonary.foundation.ledger.kept import KeptCheckpoints
from zonary.foundation.ledger.keys import read_keys, stem_of
from zonary.foundation.ledger.layout import DataDirectory, make_private_directory, sync_directory
from zonary.foundation.ledger.leadership import release_all
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.proofs import store_of
from zonary.foundation.ledger.queries import log_status
from zonary.foundation.ledger.storage import CHECKPOINT, DirectoryStore
from zonary.proof.errors import Error
from zonary.proof.tlog.checkpoint import Checkpoint
from zonary.proof.tlog.fsck import check_log
from zonary.proof.tlog.keys import VerifierKey
from zonary.proof.tlog.notes import Note
from zonary.proof.trust import parse_trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came of it.

    :ivar shown: entries of the largest checkpoint of this log that this machine knows; None when it knows none.
    :ivar rewritten: folders of published logs that were damaged in the backup.
    """

    manifest: Manifest
    files: int
    shown: int | None
    rewritten: tuple[str, ...]

    @property
    def size(self) -> int:
        return self.manifest.logs[0].size

    @property
    def has_ended(self) -> bool:
        """Whether readers were shown more than the backup has, so that this log cannot go on from it."""
        return self.shown is not None and self.shown > self.size


def check_backup_file(path: Path, openers: Sequence[Opener]) -> tuple[Manifest, int]:
    """Read all of it; its manifest, and how many files it has."""
    with opened_backup(path, openers) as (manifest, members):
        return manifest, take_files(manifest, members, look_at)


def restore_backup(path: Path, openers: Sequence[Opener], data: DataDirectory) -> Restored:
    """:raises BackupError: when it cannot be put back; ``data`` is then as it was.

    :raises AgeError: when none of ``openers`` opens the file, or it is damaged.
    """
    _require_empty(data.path)
    with _staging(data.path) as staged:
        with opened_backup(path, openers) as (manifest, members):
            _require_fitting(manifest)
            files = take_files(manifest, members, write_below(staged.path))
        _require_own_log(manifest, staged)
        rewritten = _check_published(staged)
        shown = _shown(manifest)
        note = LastBackup(made_at=manifest.made_at, entries=manifest.logs[0].size, path=str(path))
        note_backup(staged, note)
        if manifest.database == "postgresql":
            load_dump(staged.path / DUMP)
            (staged.path / DUMP).unlink()
            _require_log_of(manifest, "PostgreSQL")
            release_all()
        connection.close()
        os.sync()
        staged.path.replace(data.path)
        sync_directory(data.path.parent)
    return Restored(manifest=manifest, files=files, shown=shown, rewritten=rewritten)


def _require_empty(path: Path) -> None:
    if path.is_symlink() or (path.exists() and (not path.is_dir() or any(path.iterdir()))):
        raise BackupError(
            "{path} is not empty, and nothing is put over what is there. Name another directory with --data.",
            path=str(path),
        )
    path.parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def _staging(path: Path) -> Iterator[DataDirectory]:
    """A private folder beside ``path``, which is gone again unless it was given that name."""
    staged = path.with_name(f".{path.name}.restoring")
    descriptor = os.open(path.parent / f".{path.name}.restoring.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(staged)  # what a crash left
        make_private_directory(staged)
        try:
            yield DataDirectory(staged)
        finally:
            connection.close()
            _remove(staged)
            (path.parent / f".{path.name}.restoring.lock").unlink(missing_ok=True)
    except BlockingIOError:
        raise BackupError("Something is being restored into {path} already.", path=str(path)) from None
    finally:
        os.close(descriptor)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _require_fitting(manifest: Manifest) -> None:
    """The database of the settings is of the same kind and empty, and this release knows the tables."""
    here = "sqlite" if connection.vendor == "sqlite" else "postgresql"
    if manifest.database != here:
        if here == "sqlite":
            raise BackupError(
                "This is the backup of a zone on PostgreSQL. Make an empty database, and name it in "
                "ZONARY_DATABASE_URL."
            )
        raise BackupError(
            "This is the backup of a zone on SQLite, and ZONARY_DATABASE_URL names a PostgreSQL database. Leave that "
            "setting away."
        )
    known = set(MigrationLoader(None).disk_migrations)
    had = {(application, name) for application, names in manifest.migrations.items() for name in names}
    if had - known:
        raise BackupError(
            "This backup was made by a later release of Zonary ({release}) than this one. Install that one first.",
            release=manifest.release or "?",
        )
    if here == "postgresql":
        require_empty_postgresql()


def _require_own_log(manifest: Manifest, staged: DataDirectory) -> None:
    """Keys and, where it can be read already, database are of the log that the manifest names."""
    if manifest.database == "sqlite":
        require_whole(staged.path / SQLITE)
        open_read_only(staged.path / SQLITE)
        _require_log_of(manifest, SQLITE)
    keys = read_keys(staged.keys, stem_of(MAIN, _generation(manifest)), origin=None)
    if keys is None or keys.origin != manifest.logs[0].origin:
        raise BackupError("The keys in the backup are not those of its log “{origin}”.", origin=manifest.logs[0].origin)


def _require_log_of(manifest: Manifest, name: str) -> None:
    try:
        status = log_status(MAIN)
    except DatabaseError as error:
        raise BackupError("{name} in the backup cannot be read: {reason}", name=name, reason=str(error)) from None
    saved = manifest.logs[0]
    if status is None or (status.origin, status.size) != (saved.origin, saved.size):
        raise BackupError("{name} in the backup is not the database its manifest tells of.", name=name)


def _check_published(staged: DataDirectory) -> tuple[str, ...]:
    """Derive every log again from its entries; names of those that were damaged, which are removed."""
    keys = [log.key for log in parse_trust(staged.trust.read_bytes()).logs] if staged.trust.exists() else []
    if staged.open_log_vkey.exists():
        keys.append(VerifierKey.parse(staged.open_log_vkey.read_text("ascii").strip()))
    damaged = []
    for folder in sorted(path for path in staged.path.iterdir() if (path / "tile").is_dir()):
        try:
            check_log(DirectoryStore(folder).read, keys)
        except Error:
            damaged.append(folder.name)
            shutil.rmtree(folder)
    return tuple(damaged)


def _shown(manifest: Manifest) -> int | None:
    """The largest checkpoint of the saved log that is kept on this machine, or in the store of the settings."""
    kept = KeptCheckpoints(settings.ZONARY_KEPT).last(manifest.logs[0].origin)
    notes = [kept] if kept is not None else []
    if settings.ZONARY_STORE:
        with suppress(Error, OSError):  # nothing there, or out of reach: the first start looks again
            notes.append(store_of(MAIN, _generation(manifest)).read(CHECKPOINT))
    sizes = []
    for note in notes:
        try:
            checkpoint = Checkpoint.parse(Note.parse(note).text)
        except Error:
            continue
        if checkpoint.origin == manifest.logs[0].origin:
            sizes.append(checkpoint.size)
    return max(sizes, default=None)


def _generation(manifest: Manifest) -> int:
    return int(manifest.logs[0].folder.removeprefix("log").removeprefix("-") or 1)
