"""Which grants of a payment file the second officer looks at: nobody chooses, and anybody computes it again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from typing import Final

LEAST: Final = 3
MOST: Final = 20


def sample_of(file_digest: str, grants: Iterable[str], always: Collection[str] = ()) -> list[str]:
    """One in ten, at least three and at most twenty, or all of fewer: those whose SHA-256 over the file's digest and
    their own id comes first. Who prepares the file cannot know them before it is prepared.

    :param always: those of them that are looked at besides, wherever they come: what was decided by exception.
    """
    listed = sorted(grants, key=lambda grant: hashlib.sha256(f"{file_digest} {grant}".encode()).digest())
    drawn = min(MOST, max(LEAST, -(-len(listed) // 10)))
    return listed[:drawn] + [each for each in listed[drawn:] if each in always]
