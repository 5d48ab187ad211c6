"""Writing a file so that it is there whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO

from zonary.proof.errors import Error
from zonary.proof.printable import printable


def open_regular(path: str | Path) -> IO[bytes]:
    """``path`` for reading, if it is a regular file: opening a pipe would wait for somebody to write to it.

    :raises Error: when it is something else.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    kind = os.fstat(descriptor).st_mode
    if stat.S_ISREG(kind):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    if stat.S_ISDIR(kind):
        raise Error("“{path}” is a folder, not a file.", path=printable(os.fsencode(path)))
    raise Error("“{path}” is a pipe or device, not a file.", path=printable(os.fsencode(path)))


def write_new_file(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Have ``write`` fill a new file, made durable before it gets the name ``path``.

    A crash leaves at most a hidden temporary file beside it. :raises Error: when ``path`` exists.
    """
    if path.exists():
        raise _exists(path)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with _begin(temporary) as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        publish(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _begin(temporary: Path) -> IO[bytes]:
    """The new file; an error names the folder that was asked for, and not a hidden file nobody did."""
    try:
        return temporary.open("x+b")
    except OSError as error:
        error.filename = str(temporary.parent)
        raise


def rewrite_file(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Have ``write`` fill a file that takes the place of the one at ``path``, with its mode, once it is durable.

    ``write`` may read back what it wrote. A crash, or an error it raises, leaves the old file and at most a hidden
    temporary one beside it.
    """
    path = path.resolve()  # a symbolic link goes on leading there
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with _begin(temporary) as file:
            os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
            write(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        fsync_directory(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def publish(temporary: Path, path: Path) -> None:
    """Give the durable file ``temporary`` the name ``path``, which must be free, and make that durable too."""
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError:  # a file system without hard links
        if path.exists():
            raise _exists(path) from None
        temporary.replace(path)
    fsync_directory(path.parent)


def fsync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _exists(path: Path) -> Error:
    return Error(
        "{path} exists already and is not overwritten; choose another name with -o.", path=printable(os.fsencode(path))
    )
