"""A server's data directory, held by one command at a time."""

from __future__ import annotations

import fcntl
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

from zonary.foundation.ledger.layout import DataDirectory
from zonary.proof.errors import Error


class InUseError(Error):
    """Another command holds the data directory."""


@contextmanager
def locked(data: DataDirectory) -> Iterator[None]:
    """Hold the directory: two sequencers would write two histories. The kernel lets go when the process ends.

    :raises InUseError: when another process holds it.
    """
    descriptor = os.open(data.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InUseError(
            "Another zonary serve uses {path}. Stop it first, or name another directory with --data.",
            path=str(data.path),
        ) from None
    else:
        yield
    finally:
        os.close(descriptor)


def open_django(data: DataDirectory, **environment: str) -> None:
    """Django in this process, with the database of this directory; by the same environment in those it starts.

    :param environment: further settings that come from the environment.
    :raises Error: when the server's packages are not installed.
    """
    os.environ.update(environment, DJANGO_SETTINGS_MODULE="zonary.config.settings", ZONARY_DATA=str(data.path))
    try:
        import django
        import httptools  # noqa: F401 - of the same extra; used only by those who serve
    except ImportError as error:
        raise Error(
            "The server needs more packages than the verifier; {name} is missing. Type: pip install 'zonary[web]'",
            name=error.name or "",
        ) from None
    gc.disable()  # what is made here stays: looking for cycles in it would take a tenth of the time
    try:
        django.setup()
    finally:
        gc.enable()
