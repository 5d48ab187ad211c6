"""A Git repository that is watched: which commits are new, and what is in one (``docs/guide/en/watch.md``).

Only Git's plumbing is used, which reads objects and runs nothing a repository brings along: no hook, filter or
attribute has a say in what is sealed. Objects count as they are, also where the repository names replacements.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from zonary.cli.origin.git import environment
from zonary.cli.sealing.hashing import RECORD
from zonary.cli.sealing.trees import Contents, Other
from zonary.cli.watching.journal import Item, Journal
from zonary.proof.errors import Error
from zonary.proof.manifest import MAX_NAME_BYTES, is_valid_name

COMMIT, ENTRIES, TREE = b"commit", b"entries", b"tree/"
"""Names in the manifest: the commit object, the listing of its tree, and what is in the tree."""
_PIECE = 1024 * 1024
_MAX_KEPT = 500_000
"""Blobs whose digests are remembered, so that a commit costs what is new in it."""
_LINK, _SUBMODULE = b"120000", b"commit"


class GitError(Error):
    """Git is not there, or refused."""


class GoneError(Error):
    """A commit was taken out of the repository before it could be sealed."""


class WatchedRepository:
    """The repository at ``top``, bare or with a work tree.

    :param refs: prefixes or patterns of full names of refs, as ``git for-each-ref`` takes them.
    """

    def __init__(self, top: Path, *, refs: Sequence[str]) -> None:
        self._top = top
        self._refs = list(refs)
        self._digests: dict[bytes, bytes] = {}
        self._tips: list[bytes] = []
        self.unsettled = 0

    def look(self, journal: Journal) -> None:
        """Note in ``journal`` every commit the refs lead to and that is not known yet, parents before children.

        :raises GitError: when Git refuses.
        """
        tips = self._read_tips()
        if tips != self._tips:
            journal.hold(self._new_commits(tips, journal))
            self._tips = tips

    def note_there(self, journal: Journal) -> None:
        """Note where the refs are now as something that is not to be sealed, and neither is what they lead to."""
        journal.note_there(_items(self._read_tips()))

    def hold_there(self, journal: Journal) -> None:
        """Hold what is there now: where the refs are, and not all that ever led there."""
        journal.hold(_items(self._read_tips()))

    def gather(self, items: Sequence[Item]) -> Contents:
        """What the manifest of one commit lists.

        :raises GoneError: when the commit is not there any more.
        :raises GitError: when Git refuses.
        """
        (item,) = items
        id_ = item.name.decode("ascii")
        self._git("rev-parse", "--git-dir")
        if not self._has(id_):
            raise GoneError("The commit {id} is not in the repository any more, and cannot be sealed.", id=id_)
        listing = self._git("ls-tree", "-r", "-z", "--full-tree", id_)
        commit = self._git("cat-file", "commit", id_)
        files = {COMMIT: _record(commit), ENTRIES: _record(listing)}
        links: dict[bytes, bytes] = {}
        with self._objects() as read:
            for entry in filter(None, listing.split(b"\0")):
                kind, _, path = entry.partition(b"\t")
                mode, type_, blob = kind.split(b" ")
                name = TREE + path
                if type_ == _SUBMODULE or not is_valid_name(name):
                    continue  # a commit elsewhere, or no name a folder can have: "entries" says what it is
                if mode != _LINK:
                    files[name] = self._record_of(blob, read)
                elif _is_target(target := read(blob)):
                    links[name] = target
        others: list[Other] = [("symlink", name, target) for name, target in links.items() if name not in files]
        return Contents(list(files), b"".join(files.values()), others)

    def resolve(self, wanted: str) -> bytes:
        """The id of the commit somebody names. :raises GitError: when there is none."""
        return self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{wanted}^{{commit}}").strip()

    # --- commits ------------------------------------------------------------------------------------------------------

    def _read_tips(self) -> list[bytes]:
        form = "--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname)"
        tips = []
        for line in self._git("for-each-ref", form, "--", *self._refs).splitlines():
            words = line.split()
            tips += [id_ for type_, id_ in zip(words[::2], words[1::2], strict=True) if type_ == b"commit"]
        return sorted(set(tips))

    def _new_commits(self, tips: list[bytes], journal: Journal) -> list[Item]:
        known = journal.names()
        asked = b"".join(tip + b"\n" for tip in tips) + b"".join(b"^" + name + b"\n" for name in known)
        found = self._git("rev-list", "--topo-order", "--reverse", "--ignore-missing", "--stdin", given=asked)
        return _items(found.split())

    # --- Git ----------------------------------------------------------------------------------------------------------

    def _command(self, *arguments: str) -> tuple[list[str], dict[str, str]]:
        return ["git", "--no-pager", "-C", str(self._top), *arguments], environment()

    def _git(self, *arguments: str, given: bytes = b"") -> bytes:
        command, environment = self._command(*arguments)
        try:
            done = subprocess.run(command, env=environment, input=given, capture_output=True, check=False)  # noqa: S603  # nosec B603
        except FileNotFoundError as error:
            raise GitError("Git is not installed here; it is needed to watch a repository.") from error
        if done.returncode:
            raise self._refusal(done.stderr)
        return done.stdout

    def _has(self, id_: str) -> bool:
        command, environment = self._command("cat-file", "-e", f"{id_}^{{commit}}")
        return subprocess.run(command, env=environment, stderr=subprocess.DEVNULL, check=False).returncode == 0  # noqa: S603  # nosec B603

    def _refusal(self, said: bytes) -> GitError:
        reason = " ".join(said.decode("utf-8", "replace").split())[:500]
        return GitError("Git refuses in {path}: {reason}", path=str(self._top), reason=reason)

    @contextmanager
    def _objects(self) -> Iterator[_ReadObject]:
        """One process that hands out object after object."""
        command, environment = self._command("cat-file", "--batch")
        pipe = subprocess.PIPE
        with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as process:  # noqa: S603  # nosec B603
            try:
                yield _ReadObject(process, self)
            finally:
                process.kill()

    def _record_of(self, blob: bytes, read: _ReadObject) -> bytes:
        record = self._digests.get(blob)
        if record is None:
            record = read.record(blob)
            if len(self._digests) < _MAX_KEPT:
                self._digests[blob] = record
        return record


class _ReadObject:
    """Asks ``git cat-file --batch`` for blobs."""

    def __init__(self, process: subprocess.Popen[bytes], repository: WatchedRepository) -> None:
        self._asking: IO[bytes] = process.stdin  # type: ignore[assignment]  # both are pipes
        self._answers: IO[bytes] = process.stdout  # type: ignore[assignment]
        self._repository = repository

    def __call__(self, blob: bytes) -> bytes:
        return b"".join(self._pieces(blob))

    def record(self, blob: bytes) -> bytes:
        sha256, sm3, size = hashlib.sha256(), hashlib.new("sm3"), 0
        for piece in self._pieces(blob):
            sha256.update(piece)
            sm3.update(piece)
            size += len(piece)
        return RECORD.pack(size, 0, 0, sha256.digest(), sm3.digest())

    def _pieces(self, blob: bytes) -> Iterator[bytes]:
        self._asking.write(blob + b"\n")
        self._asking.flush()
        words = self._answers.readline().split()
        if len(words) != 3 or words[:2] != [blob, b"blob"]:
            raise self._repository._refusal(b" ".join(words) or b"cat-file")
        left = int(words[2])
        while left:
            piece = self._answers.read(min(left, _PIECE))
            if not piece:
                raise self._repository._refusal(b"cat-file")
            left -= len(piece)
            yield piece
        self._answers.read(1)


def is_repository(top: Path) -> bool:
    """Whether ``top`` is a Git repository: one with a work tree, or a bare one."""
    return (top / ".git").exists() or (
        (top / "HEAD").is_file() and (top / "objects").is_dir() and (top / "refs").is_dir()
    )


def _is_target(target: bytes) -> bool:
    return 0 < len(target) <= MAX_NAME_BYTES and b"\0" not in target


def _record(data: bytes) -> bytes:
    return RECORD.pack(len(data), 0, 0, hashlib.sha256(data).digest(), hashlib.new("sm3", data).digest())


def _items(commits: Sequence[bytes]) -> list[Item]:
    return [Item(commit, (), b"") for commit in commits]
