"""One package to be verified, and what is held beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zonary.proof.package.files import ObservedFile
from zonary.proof.trust import Trust

Seen = tuple[ObservedFile, bytes | None]


@dataclass(frozen=True)
class Sample:
    """A package, whom to trust, and what is held beside it: each file as it was seen, with its content."""

    name: str
    package: bytes
    trusts: Sequence[Trust]
    files: Sequence[Seen] | None = None
