"""What Git says of the work tree that sealed files lie in, asked so that nothing a repository brings along is run.

A folder that is sealed may come from anywhere, its ``.git/config`` with it. Everything in there that names a program is
switched off for these calls: hooks, file system monitors, filters, transports. No lock is taken and no index written.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import threading
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit, urlunsplit

from zonary.proof.canonical import Json
from zonary.proof.origin import MAX_REPOSITORIES, MAX_TAGS, readable

QUICK_SECONDS, STATUS_SECONDS = 10.0, 60.0
"""How long Git may take for a plain question, and for looking through a work tree."""
_OFF = (
    ("core.fsmonitor", "false"), ("core.hooksPath", os.devnull), ("protocol.allow", "never"),
    ("core.untrackedCache", "false"), ("submodule.recurse", "false"), ("core.quotePath", "false"),
)  # fmt: skip
_MAX_ANSWER = 1024 * 1024
_PIECE = 64 * 1024
_UNTRACKED, _CHANGED, _SUBMODULE_MODE = b"?", (b"1", b"u"), b"160000 "

_LIKE_SCP = re.compile(r"(?:[^@:/]+@)?([A-Za-z0-9.-]+):([^@:]+)")


class _SilentError(Exception):
    """Git is not there, refuses, or takes too long: then it says nothing, and nothing is recorded."""


def environment() -> dict[str, str]:
    """The variables Git is called with: those of this process, but none by which Git would read another repository."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_ALLOW_PROTOCOL": "none",  # before whatever the repository itself allows
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def look(paths: Sequence[bytes], *, with_remote: bool = False) -> list[Json]:
    """What Git says of each work tree or bare repository that ``paths`` lie in, in the order of the paths.

    :param with_remote: whether the address of its remote is wanted, without whatever could be a password in it.
    """
    found: dict[bytes, list[bytes]] = {}
    for path in paths:
        real = os.path.realpath(path)
        with contextlib.suppress(_SilentError):
            found.setdefault(_top(real), []).append(real)
    facts: list[Json] = []
    for top, inside in list(found.items())[:MAX_REPOSITORIES]:
        with contextlib.suppress(_SilentError):
            facts.append(_Repository(top).facts(inside, with_remote=with_remote))
    return facts


def of_commit(top: bytes, commit: str, *, with_remote: bool = False) -> list[Json]:
    """What there is to say of a commit that is sealed itself."""
    repository = _Repository(os.path.realpath(top))
    facts: dict[str, Json] = {"commit": commit, "scope": "commit"}
    with contextlib.suppress(_SilentError):
        facts |= repository.tags(commit) | (repository.remote() if with_remote else {})
    return [facts]


def address_without_secrets(address: str) -> str:
    """The address of a remote without user, password, query and fragment; empty for one on this machine."""
    if not address.isprintable():
        return ""
    if "://" in address:
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return ""
        if parts.scheme not in ("http", "https", "ssh", "git") or not host or "@" in parts.path:
            return ""
        host = f"[{host}]" if ":" in host else host
        return readable(urlunsplit((parts.scheme, host if port is None else f"{host}:{port}", parts.path, "", "")))
    # A path on this machine says more of its user than of the files.
    like_scp = _LIKE_SCP.fullmatch(address)
    return readable(f"{like_scp[1]}:{like_scp[2]}") if like_scp else ""


def _top(path: bytes) -> bytes:
    """The work tree, or the bare repository, that ``path`` lies in."""
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    repository = _Repository(folder)
    if repository.ask("rev-parse", "--is-inside-work-tree") == b"true":
        return os.path.realpath(repository.ask("rev-parse", "--show-toplevel"))
    if repository.ask("rev-parse", "--is-bare-repository") == b"true":
        return os.path.realpath(repository.ask("rev-parse", "--absolute-git-dir"))
    raise _SilentError


class _Repository:
    def __init__(self, top: bytes) -> None:
        self._top = top

    def facts(self, inside: Sequence[bytes], *, with_remote: bool) -> dict[str, Json]:
        """What there is to say when ``inside``, real paths, are sealed."""
        commit = self.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}", may_fail=True).decode("ascii", "replace")
        facts: dict[str, Json] = {"commit": commit} if commit else {}
        branch = self.ask("symbolic-ref", "--quiet", "--short", "HEAD", may_fail=True)
        if branch:
            facts["branch"] = readable(branch.decode("utf-8", "replace"))
        if commit:
            facts |= self.tags(commit)
        if self.ask("rev-parse", "--is-bare-repository") == b"true":
            facts["scope"] = "repository"
        else:
            facts["scope"] = "whole" if self._top in inside else "part"
            with contextlib.suppress(_SilentError):
                facts |= self._state(has_commit=bool(commit))
        return facts | (self.remote() if with_remote else {})

    def tags(self, commit: str) -> dict[str, Json]:
        """The tags that name this very commit."""
        form = "--format=%(refname:strip=2)"
        said = self.ask("for-each-ref", f"--count={MAX_TAGS}", f"--points-at={commit}", form, "refs/tags")
        tags: list[Json] = [readable(line.decode("utf-8", "replace")) for line in said.splitlines()]
        return {"tags": tags} if tags else {}

    def remote(self) -> dict[str, Json]:
        """The address of ``origin``."""
        said = self.ask("config", "--get", "remote.origin.url", may_fail=True).decode("utf-8", "replace")
        address = address_without_secrets(said)
        return {"repository": address} if address else {}

    def _state(self, *, has_commit: bool) -> dict[str, Json]:
        """How the whole work tree differs from the commit; what is inside submodules is not looked at."""
        filters = self._filters()
        arguments = ["status", "--porcelain=v2", "-z", "--untracked-files=all", "--ignored=no", "--no-renames"]
        changed = untracked = 0
        for line in self._lines([*arguments, "--ignore-submodules=dirty"], filters, seconds=STATUS_SECONDS):
            changed += line[:1] in _CHANGED
            untracked += line[:1] == _UNTRACKED
        facts: dict[str, Json] = {
            "clean": has_commit and not changed and not untracked, "changed": changed, "untracked": untracked,
        }  # fmt: skip
        listed = self._lines(["ls-files", "--stage", "-z"], (), seconds=STATUS_SECONDS)
        submodules = sum(line.startswith(_SUBMODULE_MODE) for line in listed)
        return facts | ({"submodules": submodules} if submodules else {})

    def _filters(self) -> list[tuple[str, str]]:
        """Settings that switch off each filter the configuration names: Git would run it on files it has to compare."""
        said = self.ask("config", "--name-only", "-z", "--get-regexp", r"^filter\.", may_fail=True)
        names = {name.rpartition(b".")[0] for name in said.split(b"\0") if name.count(b".") > 1}
        if any(b"=" in name for name in names):
            raise _SilentError  # a setting of that name cannot be given from outside
        return [
            (f"{os.fsdecode(name)}.{setting}", value)
            for name in sorted(names)
            for setting, value in (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false"))
        ]

    # --- calling ------------------------------------------------------------------------------------------------------

    def ask(self, *arguments: str, may_fail: bool = False) -> bytes:
        """What Git answers, without the end of its last line. :raises _SilentError: when it does not."""
        try:
            done = subprocess.run(  # noqa: S603  # nosec B603
                self._command(arguments), env=environment(), stdin=subprocess.DEVNULL, capture_output=True,
                check=False, timeout=QUICK_SECONDS,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _SilentError from error
        if len(done.stdout) > _MAX_ANSWER or (done.returncode and not may_fail):
            raise _SilentError
        return b"" if done.returncode else done.stdout.rstrip(b"\n")

    def _lines(self, arguments: Sequence[str], more: Sequence[tuple[str, str]], *, seconds: float) -> Iterator[bytes]:
        """What Git lists, one item after the other, however much it is. To be read to its end."""
        try:
            process = subprocess.Popen(  # noqa: S603  # nosec B603
                self._command(arguments, more), env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
        except OSError as error:
            raise _SilentError from error
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            rest = b""
            while piece := process.stdout.read(_PIECE) if process.stdout else b"":
                *items, rest = (rest + piece).split(b"\0")
                yield from items
            ended = process.wait()
        finally:
            timer.cancel()
            timer.join()  # who seals may fork afterwards
        if process.stdout is not None:
            process.stdout.close()
        if ended:
            raise _SilentError

    def _command(self, arguments: Sequence[str], more: Sequence[tuple[str, str]] = ()) -> list[bytes]:
        settings = [os.fsencode(part) for name, value in (*_OFF, *more) for part in ("-c", f"{name}={value}")]
        return [b"git", b"--no-pager", b"-C", self._top, *settings, *(os.fsencode(each) for each in arguments)]
