"""The second tree's proof for a package, made of what the server publishes to everybody (``specs/second-tree.md``)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from zonary.cli.sealing.client import Server, ServerError
from zonary.proof.errors import UnsupportedError
from zonary.proof.tlog.body import Checkpoint
from zonary.proof.tlog.keys import SM2
from zonary.proof.tlog.notes import Note
from zonary.proof.tlog.tiles import MissingResource, prove_inclusion

if TYPE_CHECKING:
    from zonary.proof.package.build import SecondTree
    from zonary.proof.tlog.keys import VerifierKey
    from zonary.proof.tlog.proof import TlogProof
    from zonary.proof.trust import Trust, TrustedLog

WAIT_SECONDS: Final = 10.0
"""How long the second tree may be behind the first, which it follows at once."""
_PAUSE: Final = 0.1


def prove_in_second_tree(
    server: Server,
    trust: Trust,
    first: TlogProof,
    leaf: bytes,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> SecondTree | None:
    """The proof of ``leaf`` at the index of ``first``, checked; None where the zone or this machine has no second tree.

    A seal is whole without it: a second tree that is late or out of reach does not stop one.

    :raises VerificationError: when what the server publishes does not hold.
    """
    logs = _second_of(trust, first)
    if not logs:
        return None
    folder = urlsplit(logs[0].url or "").path.rstrip("/").rpartition("/log")[2]

    def read(path: str) -> bytes:
        try:
            return server.published(f"/log{folder}/{path}")
        except ServerError:
            raise MissingResource(path) from None

    until = clock() + WAIT_SECONDS
    while True:
        try:
            note = read("checkpoint")
            size = Checkpoint.parse(Note.parse(note).text).size
            if size > first.index:
                return _checked(
                    [log.key for log in logs], note, first.index, prove_inclusion(first.index, size, read, "sm3"), leaf
                )
        except (MissingResource, UnsupportedError):
            return None
        if clock() > until:
            return None
        sleep(_PAUSE)


def _second_of(trust: Trust, first: TlogProof) -> list[TrustedLog]:
    """A line for each of its keys; any of them may have signed."""
    from zonary.proof.package.log import claimed_checkpoint
    from zonary.proof.tlog.sm2 import second_origin

    origin = second_origin(claimed_checkpoint(first).origin)
    return [log for log in trust.logs if log.key.kind == SM2 and log.key.name == origin]


def _checked(keys: list[VerifierKey], note: bytes, index: int, hashes: list[bytes], leaf: bytes) -> SecondTree:
    from zonary.proof.package.build import SecondTree
    from zonary.proof.tlog.proof import TlogProof

    proof = TlogProof(index, tuple(hashes), note, algorithm="sm3")
    signed = proof.verify(leaf, keys, keys[0].name)
    return SecondTree(proof=proof.encode(), log_keys=[key.encode() for key in signed.log_keys])
