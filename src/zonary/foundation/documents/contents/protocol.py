"""What is needed of a place where contents lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

PIECE_BYTES = 256 * 1024
"""Read at a time, so that a download takes no more memory than a few of these."""


class ContentStore(Protocol):
    """Contents under their SHA-256: written once, whole or not at all, and never changed.

    Every method may raise OSError when the store cannot be reached or is full, and may be called again.
    """

    def has(self, sha256: bytes, size: int) -> bool:
        """Whether all ``size`` bytes are there."""
        ...

    def put(self, sha256: bytes, size: int, staged: Path) -> None:
        """Take the content of the file ``staged``, which is on disk: durable on return, and ``staged`` is gone.

        Where the content is there already ``staged`` need not be.

        :raises FileNotFoundError: when neither is.
        """
        ...

    def read(self, sha256: bytes, start: int, size: int) -> Iterator[bytes]:
        """``size`` bytes from ``start`` on, in pieces.

        :raises MissingContentError: at once, when there is no such content.
        """
        ...

    def remove(self, sha256: bytes) -> None:
        """Remove it, if it is there."""
        ...


def content_path(sha256: bytes) -> str:
    """Where a content lies in its store."""
    name = sha256.hex()
    return f"{name[:2]}/{name[2:4]}/{name}"
