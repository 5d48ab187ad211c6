"""``zonary fsck``: re-derive a log from its entries and say which byte is wrong, if any."""

from __future__ import annotations

import argparse
import base64
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from zonary.cli.log_reader import directory_reader, url_reader
from zonary.cli.verify import read_trusts
from zonary.common.language import _, say
from zonary.proof.errors import Error, MalformedError, UntrustedError, VerificationError
from zonary.proof.tlog.fsck import CHECKPOINT_PATH, FsckError, FsckReport, check_log
from zonary.proof.tlog.keys import SM2, VerifierKey
from zonary.proof.tlog.leftovers import check_leftovers
from zonary.proof.tlog.sm2 import second_origin
from zonary.proof.tlog.tiles import MissingResource, ReadTile

DEFAULT_DATA = "./var"
_LOG_FOLDER = re.compile(r"(?:open)?log(?:-[2-9]|-[1-9][0-9]+)?")
"""A server's logs: those that have ended too, which keep the folders they had."""
_OWN_KEYS = ("trust.txt", "openlog.vkey")
"""Where a server keeps the verifier keys of its own logs; whoever may write there may write the log too."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--data", metavar="DIR", help=_("data directory of a server, or any directory with a log in it"))
    place.add_argument("--url", metavar="URL", help=_("any C2SP tlog-tiles log, by the URL above its checkpoint"))
    parser.add_argument("--key", metavar="VKEY", action="append", default=[], help=_("verifier key of the log"))
    parser.add_argument("--trust", metavar="FILE", action="append", default=[], help=_("trust file with the log's key"))


def run(options: argparse.Namespace) -> int:
    keys = [VerifierKey.parse(key) for key in options.key]
    if options.url:
        return _check(options.url, url_reader(options.url), keys or _trusted(options.trust))
    data = Path(options.data or DEFAULT_DATA)
    if not data.is_dir():
        raise Error("There is no directory {path}.", path=str(data))
    if (data / "checkpoint").is_file():
        return _check(str(data), directory_reader(data), keys or _trusted(options.trust), data)
    folders = (path for path in data.iterdir() if _LOG_FOLDER.fullmatch(path.name))
    logs = sorted(path for path in folders if (path / "checkpoint").is_file())
    if not logs:
        raise Error("{path} holds no log: there is neither checkpoint nor log/checkpoint in it.", path=str(data))
    own = [str(data / name) for name in _OWN_KEYS if (data / name).is_file()]
    return max(_check(str(log), directory_reader(log), keys or _trusted(options.trust or own), log) for log in logs)


def _partials(directory: Path) -> Iterator[str]:
    """Every partial tile and bundle in the log's directory."""
    for found in sorted((directory / "tile").rglob("*.p/*")):
        if not found.name.startswith("."):  # a write that a crash cut short, before it got its name
            yield found.relative_to(directory).as_posix()


def _trusted(files: list[str]) -> list[VerifierKey]:
    trusts = read_trusts(files)
    return [key for trust in trusts for key in (*trust.log_keys, *(w.key for w in trust.witnesses))]


def _check(name: str, read: ReadTile, keys: list[VerifierKey], directory: Path | None = None) -> int:
    try:
        report = check_log(read, keys, on_progress=_progress if sys.stderr.isatty() else None)
        leftovers = check_leftovers(_partials(directory), report.size, read) if directory else 0
    except UntrustedError as error:
        _end_progress()
        print(f"{name}: {say(error)}")
        print(_("Result: not checked; name the log's key with --key or --trust."))
        return 2
    except (VerificationError, MalformedError) as error:
        if isinstance(error, FsckError) and error.path == CHECKPOINT_PATH and error.offset is None:
            raise Error(
                "There is no log at {name}: it has no checkpoint. A server of ours has its log under /log.", name=name
            ) from error
        _end_progress()
        print(f"{name}: {say(error)}")
        print(_("Result: NOT VERIFIED"))
        return 1
    _end_progress()
    _describe(name, report, leftovers)
    mine = [key for key in keys if key.kind == SM2 and key.name == second_origin(report.origin)]
    # Logs of others are not asked for what only ours have.
    return _check_second(name, read, mine, report.size) if mine or directory else 0


def _check_second(name: str, read: ReadTile, keys: list[VerifierKey], size: int) -> int:
    """The second tree over the same entries, where there is one and its key was named."""

    def second(path: str) -> bytes:
        return read(path if path.startswith("tile/entries/") else f"sm3/{path}")

    try:
        second(CHECKPOINT_PATH)
    except MissingResource:
        if not (keys and size):
            return 0
        # Whoever takes the checkpoint away must not pass for one who never had such a tree.
        print(_("{name}: there is no second tree (SM3), though its key was named.", name=name))
        print(_("Result: the second tree was not checked."))
        return 2
    if not keys:
        print(
            "  " + _("There is a second tree too (SM3); none of the keys you named is its own, so it was not checked.")
        )
        return 0
    try:
        report = check_log(second, keys, on_progress=_progress if sys.stderr.isatty() else None, algorithm="sm3")
    except (VerificationError, MalformedError) as error:
        _end_progress()
        print(_("{name}, second tree (SM3): {reason}", name=name, reason=say(error)))
        print(_("Result: NOT VERIFIED"))
        return 1
    _end_progress()
    _describe(name, report, 0)
    return 0


def _progress(done: int, size: int) -> None:
    print(f"\r{done:,} / {size:,}", end="", file=sys.stderr, flush=True)


def _end_progress() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _describe(name: str, report: FsckReport, leftovers: int) -> None:
    print(_("{name}: log “{origin}”", name=name, origin=report.origin))
    print("  " + _("{size} entries, root {root}", size=report.size, root=base64.b64encode(report.root).decode()))
    print(
        "  "
        + _(
            "{entries} entries, {tiles} tiles and {bundles} bundles re-derived; {signatures} signatures verified",
            entries=report.entries,
            tiles=report.tiles,
            bundles=report.bundles,
            signatures=report.signatures,
        )
    )
    if leftovers:
        print("  " + _("{count} partial tiles and bundles of earlier sizes checked", count=leftovers))
    if report.unknown:
        print("  " + _("{count} signatures are by keys you did not name and were passed over", count=report.unknown))
    print(_("Result: VERIFIED"))
