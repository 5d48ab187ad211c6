"""``zonary watch``: the command."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import sys
import time
from pathlib import Path

from zonary.cli.config_home import state_directory
from zonary.cli.durable import open_regular
from zonary.cli.main import complain, system_says
from zonary.cli.origin.asking import add_origin_arguments, origin_of
from zonary.cli.sealing.client import Server
from zonary.cli.sealing.registering import Sealed
from zonary.cli.sealing.seal import DEFAULT_SERVER, access_token
from zonary.cli.trust_store import Pinning
from zonary.cli.watching.agent import Agent, Problem
from zonary.cli.watching.folder import TEMPORARY, WatchedFolder, file_digests
from zonary.cli.watching.journal import Batch, Journal, find_package
from zonary.cli.watching.keeping import lock, refuse_inside
from zonary.cli.watching.packages import Packages, files_of
from zonary.cli.watching.repository import WatchedRepository, is_repository
from zonary.common.language import _, say
from zonary.proof.errors import Error
from zonary.proof.printable import printable

SETTLE_SECONDS, EVERY_SECONDS = 10.0, 5.0
_LEAST_SECONDS = 0.2
"""File systems note times more coarsely than they change."""
_ONCE_FACTOR, _ONCE_SECONDS = 3, 30.0
"""``--once`` waits so many times the settling time for what is still being written, and so long at most; the next run
looks at it again."""
_SAID_AGAIN_SECONDS = 600.0
_JOURNAL = "journal"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", metavar="DIR", help=_("the folder or Git repository to watch"))
    add("-o", "--output", metavar="FOLDER", help=_("where the packages go; not inside DIR"))
    add("--server", metavar="URL", help=_("the server; else $ZONARY_SERVER, else {url}", url=DEFAULT_SERVER))
    help_token = _("file with the access token; else $ZONARY_TOKEN, else the one “zonary serve” stored")
    add("--token-file", metavar="FILE", help=help_token)
    add("--only-new", action="store_true", help=_("leave alone what is there at the first start"))
    add("--once", action="store_true", help=_("seal what is there to be sealed, and end"))
    help_settle = _("how long a file must have stayed as it is; {seconds} by default", seconds=f"{SETTLE_SECONDS:g}")
    add("--settle", metavar="SECONDS", type=float, default=SETTLE_SECONDS, help=help_settle)
    help_every = _("how often to look; {seconds} by default", seconds=f"{EVERY_SECONDS:g}")
    add("--every", metavar="SECONDS", type=float, default=EVERY_SECONDS, help=help_every)
    help_exclude = _("leave out what has this name or, with a slash in it, this path; may be repeated")
    add("--exclude", metavar="GLOB", action="append", default=[], help=help_exclude)
    add("--temporary", action="store_true", help=_("do not leave out the usual names of temporary files"))
    help_ref = _("of a repository: seal the commits of this branch or ref; may be repeated; all branches by default")
    add("--ref", metavar="REF", action="append", default=[], help=help_ref)
    add("--files", action="store_true", help=_("watch a repository as a folder of files"))
    help_find = _("say which package holds this file, or commit, and end")
    add("--find", metavar="FILE", help=help_find)
    add("--state", metavar="FOLDER", help=_("where the agent keeps its journal; in your home by default"))
    add("-q", "--quiet", action="store_true", help=_("say only what goes wrong"))
    add_origin_arguments(parser)


def run(options: argparse.Namespace) -> int:
    try:
        return _run(options)
    except KeyboardInterrupt:
        words = _("Stopped. Nothing is lost: type the same command again, and it goes on from there.")
        print(f"\nzonary: {words}", file=sys.stderr)
        return 130


def _run(options: argparse.Namespace) -> int:
    top = Path(os.path.realpath(options.folder))
    if not top.is_dir():
        raise Error("There is no folder {path}.", path=_shown(top))
    if min(options.settle, options.every) < _LEAST_SECONDS:
        raise Error("--settle and --every take at least {seconds} seconds.", seconds=str(_LEAST_SECONDS))
    commits = is_repository(top) and not options.files
    subject = {"folder": os.fsdecode(top), "kind": "commits" if commits else "files"}
    state = _state(options, top, subject["kind"])
    if options.find:
        return _find(options.find, top, state / _JOURNAL, subject)
    out = _output(options, top)
    refuse_inside(state, top)
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    voice = _Voice(quiet=options.quiet)
    with lock(top, state):
        agent = _agent(options, top, out, Journal(state / _JOURNAL, subject), voice)
        return _work(agent, options, voice)


def _work(agent: Agent, options: argparse.Namespace, voice: _Voice) -> int:
    voice.says(_("Watching {path}; packages go to {out}.", path=_shown(agent.packages.top), out=_shown(agent.out)))
    agent.start(only_new=options.only_new)
    if not options.once:
        agent.run(every=options.every)
    done = agent.run_once(patience=min(_ONCE_FACTOR * options.settle, _ONCE_SECONDS))
    if agent.source.unsettled:
        left = agent.source.unsettled
        voice.says(_("{count} files are still being written; the next run looks at them again.", count=left))
    return 0 if done and not voice.problems else 2


# --- what was asked ---------------------------------------------------------------------------------------------------


def _output(options: argparse.Namespace, top: Path) -> Path:
    if not options.output:
        raise Error("Say with -o where the packages are to go; it must not be inside {path}.", path=_shown(top))
    out = Path(os.path.realpath(options.output))
    if not out.is_dir():
        raise Error("There is no folder {path} to put the package in.", path=_shown(out))
    refuse_inside(out, top)
    return out


def _state(options: argparse.Namespace, top: Path, kind: str) -> Path:
    """One folder for each folder that is watched, whoever the server is: moving it must not have all sealed again."""
    if options.state:
        return Path(os.path.realpath(options.state))
    known_by = hashlib.sha256(f"{kind}\0".encode() + os.fsencode(top)).hexdigest()
    return state_directory() / "watch" / known_by[:16]


def _agent(options: argparse.Namespace, top: Path, out: Path, journal: Journal, voice: _Voice) -> Agent:
    stem, origin = _stem(top), origin_of(options)
    url = options.server or os.environ.get("ZONARY_SERVER") or DEFAULT_SERVER

    def connect() -> Server:
        return Server(url, access_token(url, options.token_file))  # read anew: tokens are renewed

    with contextlib.closing(connect()) as server:
        if not server.is_private:
            voice.says(_("Careful: {url} is not encrypted; others can read the access token on its way.", url=url))
    if is_repository(top) and not options.files:
        repository = WatchedRepository(top, refs=[_full(ref) for ref in options.ref] or ["refs/heads/"])
        packages = Packages(top, repository.gather, connect, voice.pinned, origin)
        return Agent(repository, journal, packages, out, stem, voice, one_by_one=True)
    if options.ref:
        raise Error("--ref is for Git repositories, and {path} is watched as a folder of files.", path=_shown(top))
    exclude = (*options.exclude, *(() if options.temporary else TEMPORARY))
    folder = WatchedFolder(top, settle=options.settle, exclude=exclude, tell=voice.problem)
    return Agent(folder, journal, Packages(top, files_of, connect, voice.pinned, origin), out, stem, voice)


def _stem(top: Path) -> str:
    """How the packages of ``top`` are called: like it, as far as that is fit for any file system."""
    words = "".join(c if c.isalnum() or c in "-_." else "-" for c in printable(os.fsencode(top.name)))
    return words.strip("-.")[:40] or "watched"


def _full(ref: str) -> str:
    return ref if ref.startswith("refs/") else f"refs/heads/{ref}"


def _find(wanted: str, top: Path, journal: Path, subject: dict[str, str]) -> int:
    if subject["kind"] == "commits":
        identity = WatchedRepository(top, refs=[]).resolve(wanted)
    else:
        with open_regular(wanted) as file:
            identity = file_digests(file)
    package = find_package(journal, subject, identity)
    if package is None:
        print(_("No package of this folder holds {name} as it is now.", name=printable(os.fsencode(wanted))))
        return 1
    print(_shown(package))
    return 0


# --- what is told -----------------------------------------------------------------------------------------------------


class _Voice:
    """Tells the user what happens: packages on standard output, all else on standard error.

    :ivar problems: how many were told.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._said: dict[str, float] = {}
        self.problems = 0

    def says(self, sentence: str) -> None:
        if not self._quiet:
            print(sentence, file=sys.stderr, flush=True)

    def sealed(self, batch: Batch, sealed: Sealed | None) -> None:
        self._said.clear()
        if self._quiet:
            return
        out, first = _shown(batch.package), batch.items[0]
        if not first.digests:
            print(_("Sealed commit {id}: {out}", id=first.name.decode("ascii"), out=out), flush=True)
        else:
            print(_("Sealed {count} files: {out}", count=len(batch.items), out=out), flush=True)

    def problem(self, problem: Problem) -> None:
        """Tell it; the same again only after some time."""
        self.problems += 1
        sentence = say(problem) if isinstance(problem, Error) else system_says(problem)
        now = time.monotonic()
        if now - self._said.get(sentence, -_SAID_AGAIN_SECONDS) >= _SAID_AGAIN_SECONDS:
            self._said[sentence] = now
            complain(sentence)

    def pinned(self, url: str, pinning: Pinning) -> None:
        if pinning.fresh:
            seen = "The keys of {url} were seen for the first time and are trusted from now on (“zonary trust list”)."
            self.says(_(seen, url=url))
        if pinning.learned:
            from zonary.cli.trust import learned_sentence

            self.says(learned_sentence(url, pinning))


def _shown(path: Path) -> str:
    return printable(os.fsencode(path))
