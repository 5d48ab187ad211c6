"""``zonary backup``: one encrypted file with the whole zone in it, while the server runs or not."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from zonary.cli.data_directory import InUseError, locked, open_django
from zonary.common.age import Identity, Passphrase, Recipient
from zonary.common.clock import now, rfc3339
from zonary.common.language import _
from zonary.foundation.ledger.layout import DataDirectory, write_durably
from zonary.proof.errors import Error

if TYPE_CHECKING:
    from zonary.config.backup.making import Made

MAX_PASSPHRASE_BYTES = 64 * 1024


class BackupCommandError(Error):
    """It was asked for in a way that cannot be."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", default="./var", help=_("data directory of the server"))
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--to", metavar="FILE", help=_("the file to write, or a folder for a file called by the time"))
    wanted.add_argument(
        "--make-key", metavar="FILE", help=_("make a key for backups instead, and show its public part")
    )
    parser.add_argument(
        "--recipient", metavar="AGE1…", action="append", default=[], help=_("public key of age; may be repeated")
    )
    parser.add_argument(
        "--passphrase-file", metavar="FILE", help=_("encrypt with the passphrase in the first line of FILE")
    )
    parser.add_argument(
        "--with-stores", action="store_true", help=_("take what lies in object stores too, not only on disk")
    )


def run(options: argparse.Namespace) -> int:
    """:raises Error: one sentence, when it cannot be made; then no file of that name was made."""
    os.umask(0o077)
    if options.make_key:
        return _make_key(Path(options.make_key))
    data = DataDirectory(Path(options.data).absolute())
    if not data.keys.is_dir():
        raise BackupCommandError(
            "{path} holds no server's data. Name the data directory with --data; the first zonary serve makes it.",
            path=str(data.path),
        )
    locks = _locks(options)
    at = now.last_trusted()
    target = Path(options.to).absolute()
    if target.is_dir():
        target /= f"zonary-{at:%Y%m%dT%H%M%SZ}.backup.age"
    if target.exists():
        raise BackupCommandError("{path} exists already. Name another file with --to.", path=str(target))
    open_django(data)
    from django.db import DatabaseError

    from zonary.config.backup.making import Wanted, make_backup

    with ending_in_order(), _at_rest(data) as at_rest:
        wanted = Wanted(data=data, target=target, locks=locks, at=at, at_rest=at_rest, with_stores=options.with_stores)
        try:
            made = make_backup(wanted)
        except DatabaseError as error:
            reason = str(error).strip().rstrip(".")
            raise BackupCommandError("The database cannot be used: {reason}.", reason=reason) from None
    _tell(made, target)
    return 0


def _make_key(path: Path) -> int:
    identity = Identity(secrets.token_bytes(32))
    try:
        write_durably(path, f"# {identity.recipient}\n{identity.encode()}\n".encode("ascii"), replace=False)
    except FileExistsError:
        raise BackupCommandError("{path} exists already, and keys are never replaced.", path=str(path)) from None
    print(
        _(
            "The key is in {path}. Lock it away, not on this machine: without it no backup can be opened.",
            path=str(path),
        )
    )
    print(_("Backups are encrypted to its public part: --recipient {recipient}", recipient=str(identity.recipient)))
    return 0


def _locks(options: argparse.Namespace) -> list[Recipient | Passphrase]:
    if bool(options.recipient) == bool(options.passphrase_file):
        raise BackupCommandError(
            "Say who can open the backup: --recipient with a public key of age, or --passphrase-file. A key is made by "
            "zonary backup --make-key FILE."
        )
    if options.passphrase_file:
        return [Passphrase.parse_file(read_secret(Path(options.passphrase_file)))]
    return [Recipient.parse(recipient) for recipient in options.recipient]


def read_secret(path: Path) -> str:
    """A passphrase or key in a file that nobody else can read.

    :raises Error: when others can, or it holds no text.
    """
    with open(path, "rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise BackupCommandError("Others may read {path}. Type: chmod 600 {path}", path=str(path))
        data = file.read(MAX_PASSPHRASE_BYTES)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise BackupCommandError("{path} holds no text.", path=str(path)) from None


@contextmanager
def _at_rest(data: DataDirectory) -> Iterator[bool]:
    """Whether no server uses the directory; then none can begin to meanwhile."""
    from django.db import connection

    try:
        with locked(data):
            yield connection.vendor == "sqlite"  # on PostgreSQL another machine may serve
            return
    except InUseError:
        pass
    yield False


@contextmanager
def ending_in_order() -> Iterator[None]:
    """A request to end is taken like Ctrl-C: what was half made is removed first."""

    def interrupt(*_signal: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(made: Made, target: Path) -> None:
    manifest = made.manifest
    print(
        _(
            "{path}: {files} files, {size} bytes, read back and found as written.",
            path=str(target),
            files=f"{made.files:,}",
            size=f"{made.size:,}",
        )
    )
    print(
        _(
            "It holds the zone as of {time}: {entries} entries of the log, the keys, {documents} contents of "
            "documents.",
            time=rfc3339(manifest.made_at),
            entries=f"{manifest.logs[0].size:,}",
            documents=f"{made.documents:,}",
        )
    )
    for sentence in told_left_out(manifest.left_out):
        print(sentence)
    if made.missing:
        print(
            _("{count} contents of documents were not in the store; ask the doctor.", count=made.missing),
            file=sys.stderr,
        )


def told_left_out(names: tuple[str, ...]) -> list[str]:
    """What the backup does not hold, in sentences."""
    sentences = {
        "published-log": _("Not in it: the published log, which lies in an object store. It can be written anew."),
        "documents": _(
            "Not in it: the documents, which lie in an object store. Have the store keep copies, or add --with-stores."
        ),
    }
    always = _("Not in it: settings, uploads that had not arrived whole, and mails in files.")
    return [*(sentences[name] for name in names if name in sentences), always]
