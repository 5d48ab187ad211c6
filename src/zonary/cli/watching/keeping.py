"""Where an agent keeps what it knows, and that there is one agent for a folder."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zonary.proof.errors import Error
from zonary.proof.printable import printable


class AgentError(Error):
    """The agent cannot be started here, or so."""


@contextmanager
def lock(top: Path, state: Path) -> Iterator[None]:
    """Nobody else watches ``top`` until the end; the system lets go of it however this process ends.

    The lock is on the folder itself, which other users' agents see too, and on the journal, for file systems that have
    no locks.

    :raises AgentError: when somebody does.
    """
    descriptors = [os.open(top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)]
    try:
        descriptors.append(os.open(state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        for descriptor in descriptors:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                    raise AgentError(
                        "Another “zonary watch” is watching {path} already. One is enough: end it first.",
                        path=_shown(top),
                    ) from error
        yield
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def refuse_inside(path: Path, top: Path) -> None:
    """:raises AgentError: when ``path`` is ``top`` or lies in it, by whatever way one gets there."""
    watched = top.stat()
    for folder in (path, *path.parents):
        try:
            inside = os.path.samestat(folder.stat(), watched)
        except OSError:
            continue  # it need not be there yet
        if inside:
            raise AgentError(
                "{path} lies in the folder that is watched, {top}. Name one outside it.",
                path=_shown(path),
                top=_shown(top),
            )


def _shown(path: Path) -> str:
    return printable(os.fsencode(path))
