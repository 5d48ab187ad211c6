"""``zonary seal``: hash files and folders here, register one statement about them, and write one package."""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import os
import shlex
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from zonary.cli.origin.asking import Origin, add_origin_arguments, origin_of
from zonary.cli.progress import Progress
from zonary.cli.sealing.client import Server
from zonary.cli.sealing.each import listed, seal_each
from zonary.cli.sealing.preparing import check_unchanged, prepare, prepared
from zonary.cli.sealing.walk import SourceError, walk
from zonary.cli.sealing.work import STATEMENT, Work, WorkError, open_work, parts_beside, work_path
from zonary.common.language import _
from zonary.proof.errors import Error
from zonary.proof.printable import printable

if TYPE_CHECKING:
    from zonary.cli.sealing.registering import Sealed

DEFAULT_SERVER = "http://127.0.0.1:8000"
SUFFIX = ".zonary"
_MAX_TOKEN_FILE = 16 * 1024
_NEEDED_LATER = (
    "http.client",
    "zonary.cli.trust_store",
    "zonary.cli.sealing.registering",
    "zonary.proof.package.build",
    "cryptography.x509",
    "zonary.proof.timestamp.verify",
    "zonary.proof.timestamp.certificates",
    "zonary.proof.timestamp.chain",
    "zonary.proof.timestamp.cms",
    "zonary.proof.timestamp.signer",
    "zonary.proof.package.timestamps",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
)
"""What registering imports when it gets there."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("paths", metavar="PATH", nargs="*", help=_("files and folders to seal; they stay on this machine"))
    add("--server", metavar="URL", help=_("the server; else $ZONARY_SERVER, else {url}", url=DEFAULT_SERVER))
    add("-o", "--output", metavar="OUT", help=_("the package to write; NAME.zonary by default"))
    help_token = _("file with the access token; else $ZONARY_TOKEN, else the one “zonary serve” stored")
    add("--token-file", metavar="FILE", help=help_token)
    help_exclude = _("leave out what has this name or, with a slash in it, this path; may be repeated")
    add("--exclude", metavar="GLOB", action="append", default=[], help=help_exclude)
    add("--each", action="store_true", help=_("a package for each PATH, into the folder OUT; go on if begun before"))
    add("--from", metavar="LIST", dest="listed", help=_("file with more paths, one a line; - is standard input"))
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help=_("finish an interrupted seal as it was begun"))
    again.add_argument("--restart", action="store_true", help=_("put an interrupted seal aside and begin anew"))
    add("-q", "--quiet", action="store_true", help=_("show no progress"))
    add_origin_arguments(parser)


def run(options: argparse.Namespace) -> int:
    gc.disable()  # a million small objects, none of them in a cycle: looking for cycles costs a tenth of the time
    try:
        return _run(options)
    except KeyboardInterrupt:
        words = _("Interrupted. Nothing is lost: type the same command again, and it goes on from there.")
        print(f"\nzonary: {words}", file=sys.stderr)
        return 130
    finally:
        gc.enable()


def _run(options: argparse.Namespace) -> int:
    given = [*options.paths, *(listed(options.listed) if options.listed else ())]
    if not given:
        raise SourceError("Say which files or folders to seal.")
    if not options.each:
        return _seal(argparse.Namespace(**{**vars(options), "paths": given}))
    return seal_each(options, given, SUFFIX, _seal)


def _seal(options: argparse.Namespace) -> int:
    paths, origin = [_absolute(path) for path in options.paths], origin_of(options)
    out = _output(options.output, paths)
    url = options.server or os.environ.get("ZONARY_SERVER") or DEFAULT_SERVER
    with contextlib.closing(Server(url, access_token(url, options.token_file))) as server:
        if not server.is_private:
            careful = _("Careful: {url} is not encrypted; others can read the access token on its way.", url=url)
            _note(careful, options)
        with _open_work(out, paths, server, options) as work:
            if out.exists():
                return _was_finished(work, out)
            _prepare(work, paths, out, options, origin.against(server))
            sealed = _register(work, server, out, options)
            work.remove()
    if options.each:
        print(_("Sealed: {out}", out=_shown(out)), flush=True)
    else:
        _tell(sealed, out, options)
    return 0


# --- what was asked ---------------------------------------------------------------------------------------------------


def _absolute(path: str) -> bytes:
    if not path:
        raise SourceError("There is no file or folder “{path}”.", path=path)
    return os.path.abspath(os.fsencode(path))


def _output(given: str | None, paths: list[bytes]) -> Path:
    name = os.fsdecode(os.path.basename(paths[0]) or b"root") + SUFFIX
    out = Path(os.path.abspath(given or name))
    if given and out.is_dir():
        out /= name
    if not out.parent.is_dir():
        raise Error("There is no folder {path} to put the package in.", path=_shown(out.parent))
    return out


def access_token(url: str, token_file: str | None) -> str:
    """The token to show the server at ``url``. :raises Error: when there is none."""
    if token_file is not None:
        with open(token_file, "rb") as file:
            token = file.read(_MAX_TOKEN_FILE).strip().decode("ascii", "replace")
    else:
        from zonary.cli.config_home import find_token

        token = os.environ.get("ZONARY_TOKEN", "").strip() or find_token(url) or ""
    if not token:
        raise Error(
            "There is no access token for {url}. Name a file that holds it with --token-file, or put it into "
            "ZONARY_TOKEN. (“zonary serve” stores it for the user who started it.)",
            url=url,
        )
    return token


# --- the steps --------------------------------------------------------------------------------------------------------


def _open_work(out: Path, paths: list[bytes], server: Server, options: argparse.Namespace) -> Work:
    begun = work_path(out).is_dir()
    if out.exists() and not begun:
        raise _exists(out)
    if options.resume and not begun:
        raise WorkError("There is no interrupted seal at {path} to resume.", path=_shown(work_path(out)))
    if not out.exists():
        server.reach()  # better to hear now than after hours of hashing that nobody is there
    return open_work(out, paths, options.exclude, restart=options.restart)


def _was_finished(work: Work, out: Path) -> int:
    """The package is there already: is it that of this very seal, stopped before it had tidied up?"""
    from zonary.proof.package import container as member

    try:
        with out.open("rb") as file:
            same = member.Container(file).read(member.STATEMENT) == work.read(STATEMENT)
    except (Error, OSError):
        same = False
    if not same:
        raise _exists(out)
    work.remove()
    print(_("The seal was finished already: {out}", out=_shown(out)))
    return 0


def _prepare(work: Work, paths: list[bytes], out: Path, options: argparse.Namespace, origin: Origin) -> None:
    left_out = [os.fsencode(out), *parts_beside(out)]
    if work.is_prepared:
        if not options.resume:
            check_unchanged(work, walk(paths, exclude=options.exclude, left_out=left_out))
        _note(_("Going on with the seal begun earlier ({path}).", path=_shown(work.path)), options)
        return
    before = origin.of_paths(paths)
    progress = Progress(quiet=options.quiet)
    importer = _importer(_NEEDED_LATER)
    try:
        prepare(work, paths, exclude=options.exclude, left_out=left_out, meter=progress, idle=importer,
                declared=before.declared)  # fmt: skip
    finally:
        progress.finish()


def _importer(modules: Iterable[str]) -> Callable[[], None]:
    """Imports one module at each call: while processes make the manifest, this one has nothing better to do."""
    left = iter(modules)

    def one_more() -> None:
        for module in left:
            importlib.import_module(module)
            break

    return one_more


def _register(work: Work, server: Server, out: Path, options: argparse.Namespace) -> Sealed:
    from zonary.cli import trust_store
    from zonary.cli.sealing.registering import Registration

    pinning = trust_store.pin(server.url, server.trust())
    if pinning.fresh:
        _note(
            _("The keys of {url} were seen for the first time and are trusted from now on (“zonary trust list”).",
              url=server.url), options)  # fmt: skip
    if pinning.learned:
        from zonary.cli.trust import learned_sentence

        _note(learned_sentence(server.url, pinning), options)
    return Registration(work, prepared(work), server, pinning.trust).finish(out)


# --- what is told -----------------------------------------------------------------------------------------------------


def _tell(sealed: Sealed, out: Path, options: argparse.Namespace) -> None:
    checkpoint, stamp = sealed.checkpoint.checkpoint, sealed.stamp
    print(_("Sealed: {out}", out=_shown(out)))
    print(_("  record     {record}", record=sealed.record))
    print(_("  log        entry {index} of {origin} ({size} entries)",
            index=sealed.index, origin=checkpoint.origin, size=checkpoint.size))  # fmt: skip
    print(_("  timestamp  {time} UTC, by {authority}",
            time=stamp.gen_time.strftime("%Y-%m-%d %H:%M:%S"), authority=stamp.authority))  # fmt: skip
    if stamp.development:
        print(_("             (a development authority: for trying out only, no evidence of time)"))
    print(_("A seal is not a patent application; it proves existence and integrity, not authorship or truth."))
    print(_("Keep the package: without the salts in it nobody can prove this seal. To check it, type:"))
    words = [shlex.quote(printable(os.fsencode(word))) for word in (_near(out), *options.paths)]
    print(f"  zonary verify {' '.join(words)}")


def _near(path: Path) -> str:
    """``path`` as one would type it here."""
    here = os.getcwd()
    return path.name if str(path.parent) == here else str(path)


def _shown(path: Path) -> str:
    return printable(os.fsencode(path))


def _note(sentence: str, options: argparse.Namespace) -> None:
    if not options.quiet:
        print(sentence, file=sys.stderr)


def _exists(out: Path) -> Error:
    return Error("{path} exists already and is not overwritten; choose another name with -o.", path=_shown(out))
