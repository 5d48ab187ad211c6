"""Files that came in elsewhere, by a resumable upload: the room that keeps them says here how they are had."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from zonary.common.tables import Bounds, TableError
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.organizations.registry.uploads import keep_upload
from zonary.foundation.organizations.standing import Standing


class UnknownFileError(LedgerError):
    """There is no such file of theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A file that is whole.

    :param name: what its sender called it.
    :param read: begins to read it.
    """

    name: str
    size: int
    read: Callable[[], Iterator[bytes]]


Find = Callable[[Standing, str, datetime], Arrived]
_FINDS: list[Find] = []


def files_come_from(find: Find) -> None:
    """Have files be found by ``find``, which raises :class:`UnknownFileError`; called once, when an app starts."""
    _FINDS[:] = [find]


def arrived_file(by: Standing, public_id: str, *, at: datetime) -> Arrived:
    """:raises UnknownFileError: when ``by``'s organisation has no such file."""
    if not _FINDS:
        raise UnknownFileError("There is no such document of yours.")
    return _FINDS[0](by, public_id, at)


def keep_arrived(data: DataDirectory, file: Arrived) -> str:
    """Keep what ``file`` holds where imports find it; returns its SHA-256.

    :raises TableError: when it is larger than any table that is read.
    """
    limit = Bounds().file_bytes
    if file.size > limit:
        raise TableError(
            "The file has {size} MB; at most {limit} MB are read. Split it.",
            size=-(-file.size // 1_000_000),
            limit=limit // 1_000_000,
        )
    return keep_upload(data, file.read())
