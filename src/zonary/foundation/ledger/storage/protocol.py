"""What the publisher needs of a store, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from zonary.proof.errors import Error, MalformedError
from zonary.proof.tlog.tiles import MAX_BUNDLE_BYTES

CHECKPOINT = "checkpoint"

Step = Callable[[str], None]
"""Told the name of each step before the next begins. Tests crash here; nothing else depends on it."""


def no_step(_name: str) -> None:
    """Goes on."""


class StoreError(OSError):
    """A store does not do what it should now, and may do it later: to be tried again, like a full disk.

    Not an :class:`~zonary.proof.errors.Error`: nothing is wrong with any bytes, and whoever repairs wrong tiles must
    not take a store out of reach for a damaged one. Shown in the user's language like one, by ``msgid`` and ``params``.
    """

    def __init__(self, sentence: Error) -> None:
        super().__init__(str(sentence))
        self.msgid = sentence.msgid
        self.params = sentence.params


class TileStore(Protocol):
    """Objects are written once under their path; only the checkpoint is ever replaced.

    Every method may raise OSError when the store cannot be reached, is full, or does not keep what it was given. The
    caller is to try again later; all methods may be repeated.
    """

    @property
    def is_fenced(self) -> bool:
        """Whether the store itself refuses to replace a checkpoint that is no longer the expected one.

        Where it does not, :meth:`replace_checkpoint` looks before it writes, and callers have to see to it that only
        one of them is in it at a time.
        """
        ...

    def read(self, path: str) -> bytes:
        """The object, at most ``MAX_BUNDLE_BYTES`` of it.

        :raises MissingResource: when there is no such object.
        :raises MalformedError: when it is larger than anything a log publishes.
        """
        ...

    def write(self, objects: Iterable[tuple[str, bytes]]) -> None:
        """Write all, each whole or not at all; durable, names included, on return.

        ``objects`` is gone through in the caller's thread, a few ahead of what is written. On failure some are
        written and some not.
        """
        ...

    def replace_checkpoint(self, expected: bytes | None, new: bytes) -> None:
        """Put ``new`` in the place of ``expected``; durable on return.

        :raises LostRaceError: when the checkpoint is no longer ``expected``.
        """
        ...

    def paths(self, under: str, after: str = "") -> Iterator[str]:
        """The paths of all objects in the folder ``under``, which sort after ``after``, in the order of strings.

        Lazily: whoever stops listening ends the work.
        """
        ...

    def remove(self, paths: Iterable[str]) -> None:
        """Remove what is there of ``paths``. A crash may bring back what was removed just before."""
        ...


def require_readable_size(path: str, size: int) -> None:
    """:raises MalformedError: when an object of ``size`` bytes is larger than anything a log publishes."""
    if size > MAX_BUNDLE_BYTES:
        raise MalformedError(
            "{path} has {size} bytes; nothing a log publishes has more than {limit}.",
            path=path,
            size=size,
            limit=MAX_BUNDLE_BYTES,
        )
