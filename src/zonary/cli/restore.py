"""``zonary restore``: put a backup back into an empty directory, or only look whether it could be."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from zonary.cli.backup import ending_in_order, read_secret, told_left_out
from zonary.cli.data_directory import open_django
from zonary.common.age import Identity, Passphrase
from zonary.common.clock import rfc3339
from zonary.common.language import _
from zonary.foundation.ledger.layout import DataDirectory
from zonary.proof.errors import Error

if TYPE_CHECKING:
    from zonary.config.backup.restoring import Restored


class RestoreCommandError(Error):
    """It was asked for in a way that cannot be."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("backup", metavar="FILE", help=_("a file made by zonary backup"))
    parser.add_argument("--data", metavar="DIR", default="./var", help=_("where to put it: a directory that is empty"))
    opener = parser.add_mutually_exclusive_group(required=True)
    opener.add_argument("--identity", metavar="FILE", help=_("secret key of age that opens it"))
    opener.add_argument(
        "--passphrase-file", metavar="FILE", help=_("passphrase that opens it, in the first line of FILE")
    )
    parser.add_argument("--check", action="store_true", help=_("only read and check all of it"))


def run(options: argparse.Namespace) -> int:
    """:raises Error: one sentence, when it cannot be put back; nothing was changed then."""
    os.umask(0o077)
    data = DataDirectory(Path(options.data).absolute())
    openers = _openers(options)
    open_django(data)
    from django.db import DatabaseError

    from zonary.config.backup.restoring import check_backup_file, restore_backup

    with ending_in_order():
        if options.check:
            manifest, files = check_backup_file(Path(options.backup), openers)
            made = rfc3339(manifest.made_at)
            print(_("The backup of {time} is whole: {files} files.", time=made, files=f"{files:,}"))
            return 0
        try:
            restored = restore_backup(Path(options.backup), openers, data)
        except DatabaseError as error:
            reason = str(error).strip().rstrip(".")
            raise RestoreCommandError("The database cannot be used: {reason}.", reason=reason) from None
    print("\n".join(_sentences(restored, data)))
    return 0


def _openers(options: argparse.Namespace) -> list[Identity | Passphrase]:
    if options.identity:
        return list(Identity.parse_file(read_secret(Path(options.identity))))
    return [Passphrase.parse_file(read_secret(Path(options.passphrase_file)))]


def _sentences(restored: Restored, data: DataDirectory) -> list[str]:
    manifest, path = restored.manifest, str(data.path)
    sentences = [
        _(
            "{path} is the zone as of {time}: {entries} entries of the log “{origin}”.",
            path=path,
            time=rfc3339(manifest.made_at),
            entries=f"{restored.size:,}",
            origin=manifest.logs[0].origin,
        ),
        *told_left_out(manifest.left_out),
    ]
    for folder in restored.rewritten:
        sentences.append(
            _("The published log {folder} was damaged in the backup; the server writes it anew.", folder=folder)
        )
    if "documents" not in manifest.left_out and os.environ.get("ZONARY_DOCUMENT_STORE"):
        sentences.append(
            _(
                "Documents are in {path}; ZONARY_DOCUMENT_STORE names another place. Copy them there, or leave that "
                "setting away.",
                path=str(data.path / "documents"),
            )
        )
    return [*sentences, *_standing(restored, path)]


def _standing(restored: Restored, path: str) -> list[str]:
    """Whether the log can go on from here, as far as it is known."""
    if restored.has_ended:
        return [
            _(
                "This log was shown with {shown} entries, so it cannot go on from {entries}: it has ended. Look for a "
                "newer backup first. If there is none, begin its successor: zonary keys succeed --abandon --data "
                "{path}",
                shown=restored.shown or 0,
                entries=restored.size,
                path=path,
            )
        ]
    start = _("Now start the server: zonary serve --data {path}", path=path)
    if restored.shown == restored.size:
        return [_("The last checkpoint this machine knows of the log is the one in the backup; it goes on."), start]
    if restored.manifest.at_rest:
        known = _("No server ran when it was made, and everything was published.")
    else:
        known = _("It was made while a server ran, which may have recorded more afterwards.")
    return [
        known,
        _(
            "Before you start it: if anybody was shown more than {entries} entries of this log (a kept checkpoint, a "
            "witness, a package), it has ended; begin its successor: zonary keys succeed --abandon --data {path}",
            entries=restored.size,
            path=path,
        ),
        start,
    ]
