"""What is in the folders and files somebody names.

Paths and names are bytes, as the system has them: a name need not be text. Symbolic links inside a folder are reported
as links and never followed, so a walk cannot loop or leave the folder.
"""

from __future__ import annotations

import errno
import fnmatch
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from zonary.proof.errors import Error
from zonary.proof.printable import printable

Kind = Literal["file", "symlink", "directory"]
LeftOut = Mapping[int, int]
"""Inode -> device of what is passed over."""

_SORTED_AT_ONCE = 10_000
"""Entries of one folder put in inode order together; bounds the memory a huge folder takes."""


class SourceError(Error):
    """Something that was named, or lies in a folder that was named, cannot be taken as it is."""


class Found(NamedTuple):
    """One thing found: where it is, and its name relative to what was named (``/`` between parts)."""

    path: bytes
    name: bytes
    kind: Kind


def walk(paths: Sequence[bytes], *, exclude: Sequence[str] = (), left_out: Iterable[bytes] = ()) -> Iterator[Found]:
    """Every file, symbolic link and empty folder under ``paths``.

    A named file goes by its bare name, what is in a named folder by its path relative to that folder. A named symbolic
    link is followed. Within a folder the order is that of the inodes, which on a cold disk is near that of the data.

    :param exclude: shell patterns; one without ``/`` is compared with every part of a name, one with ``/`` with the
        name from its beginning. An excluded folder is not entered.
    :param left_out: paths of files and folders that are passed over wherever they turn up.
    :raises SourceError: for what cannot be read, is neither file, folder nor link, has nothing in it, or would go by
        the same name as something else.
    """
    excluded = excluder(exclude)
    passed_over = dict(_identities(left_out))
    names: dict[bytes, bytes] | None = {} if len(paths) > 1 else None
    for path in paths:
        empty = True
        for batch in _walk_one(path, excluded, passed_over):
            empty = empty and not batch
            if names is not None:
                _claim(names, batch)
            yield from batch
        if empty:
            raise SourceError("There is nothing to seal in “{path}”.", path=printable(path))


def target_of(found: Found) -> bytes:
    """Where a symbolic link points; empty for anything else.

    :raises SourceError: when it is not there any more.
    """
    if found.kind != "symlink":
        return b""
    try:
        return os.readlink(found.path)
    except OSError as error:
        raise unreadable(found.path, error) from error


def unreadable(path: bytes, error: OSError) -> SourceError:
    """The sentence for a file or folder that the system does not let us read."""
    shown = printable(path)
    if error.errno in (errno.EACCES, errno.EPERM):
        return SourceError(
            "“{path}” may not be read. Give yourself the permission, or leave it out with --exclude.", path=shown
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
        return SourceError("“{path}” is not there, or was replaced while it was being read.", path=shown)
    return SourceError("“{path}” cannot be read: {reason}.", path=shown, reason=error.strerror or type(error).__name__)


def _walk_one(path: bytes, excluded: Callable[[bytes], bool] | None, left_out: LeftOut) -> Iterator[list[Found]]:
    try:
        target = os.path.realpath(path, strict=True) if os.path.islink(path) else path
        status = os.stat(target)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            raise _absent(path) from error
        raise unreadable(path, error) from error
    except ValueError as error:  # a NUL in the path
        raise _absent(path) from error
    if stat.S_ISDIR(status.st_mode):
        yield from _walk_folder(target, excluded, left_out)
    elif stat.S_ISREG(status.st_mode):
        yield [Found(target, os.path.basename(path), "file")]
    else:
        raise _special(path)


def _walk_folder(top: bytes, excluded: Callable[[bytes], bool] | None, left_out: LeftOut) -> Iterator[list[Found]]:
    pending = [(top, b"")]
    while pending:
        folder, prefix = pending.pop()
        empty = True
        for entries in _batches(folder):
            empty = False
            if excluded is not None:
                entries = [entry for entry in entries if not excluded(prefix + entry.name)]
            if left_out:
                entries = [e for e in entries if e.inode() not in left_out or not _is_left_out(e, left_out)]
            yield _sorted_out(entries, prefix, pending)
        if empty and prefix:
            yield [Found(folder, prefix[:-1], "directory")]


def _batches(folder: bytes) -> Iterator[list[os.DirEntry[bytes]]]:
    try:
        with os.scandir(folder) as entries:
            while batch := sorted(islice(entries, _SORTED_AT_ONCE), key=os.DirEntry.inode):
                yield batch
    except OSError as error:
        raise unreadable(folder, error) from error


def _sorted_out(entries: list[os.DirEntry[bytes]], prefix: bytes, folders: list[tuple[bytes, bytes]]) -> list[Found]:
    """The files and links among ``entries``; folders, with the prefix of what is in them, go to ``folders``."""
    try:
        found = [Found(e.path, prefix + e.name, "file") for e in entries if e.is_file(follow_symlinks=False)]
        if len(found) == len(entries):
            return found
        for entry in entries:
            if entry.is_symlink():
                found.append(Found(entry.path, prefix + entry.name, "symlink"))
            elif entry.is_dir(follow_symlinks=False):
                folders.append((entry.path, prefix + entry.name + b"/"))
            elif not entry.is_file(follow_symlinks=False):
                raise _special(entry.path)
    except OSError as error:  # only where a file system does not say at once what its entries are
        raise unreadable(error.filename or prefix, error) from error
    return found


def _absent(path: bytes) -> SourceError:
    return SourceError("There is no file or folder “{path}”.", path=printable(path))


def _special(path: bytes) -> SourceError:
    return SourceError(
        "“{path}” is a socket, pipe or device, which has no content to seal. Leave it out with --exclude.",
        path=printable(path),
    )


def _claim(names: dict[bytes, bytes], batch: Iterable[Found]) -> None:
    for path, name, _ in batch:
        other = names.setdefault(name, path)
        if other is not path:
            raise SourceError(
                "“{first}” and “{second}” would both be sealed as “{name}”. Seal them apart, or a folder that holds "
                "both.",
                first=printable(other),
                second=printable(path),
                name=printable(name),
            )


def _identities(paths: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    for path in paths:
        try:
            status = os.lstat(path)
        except OSError:
            continue  # what is not there cannot turn up
        yield status.st_ino, status.st_dev


def _is_left_out(entry: os.DirEntry[bytes], left_out: LeftOut) -> bool:
    try:
        return entry.stat(follow_symlinks=False).st_dev == left_out[entry.inode()]
    except OSError:
        return False


def excluder(patterns: Sequence[str]) -> Callable[[bytes], bool] | None:
    """Whether a name is left out by ``patterns``, which are as in :func:`walk`; None when there are none."""
    if not patterns:
        return None
    whole = _any_of(p.strip("/") for p in patterns if "/" in p.rstrip("/"))
    last = _any_of(p.rstrip("/") for p in patterns if "/" not in p.rstrip("/"))

    def excluded(name: bytes) -> bool:
        text = os.fsdecode(name)
        return bool(last.fullmatch(text.rpartition("/")[2]) or whole.fullmatch(text))

    return excluded


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(fnmatch.translate, patterns)) or r"(?!)")
