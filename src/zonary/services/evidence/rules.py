"""What follows from digests and salts alone; no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zonary.proof.digests import Digests
from zonary.proof.manifest import digest_leaf, encode_leaf_line, roots_of
from zonary.proof.statement import SALT_SIZE, Statement

SALTS_SIZE = 2 * SALT_SIZE
"""Bytes of randomness for one digest: the salt of its manifest line, then that of the statement."""


class Stage(StrEnum):
    """How far a piece of evidence has come; each includes those before it."""

    RECORDED = "recorded"
    SEQUENCED = "sequenced"
    PUBLISHED = "published"


def stage_of(*, index: int | None, published: int) -> Stage:
    """:param index: place in the log, if it has one; :param published: entries under the published checkpoint."""
    if index is None:
        return Stage.RECORDED
    return Stage.PUBLISHED if index < published else Stage.SEQUENCED


@dataclass(frozen=True, slots=True)
class SealedDigest:
    """What the server keeps for one registered digest: statement and manifest of its package."""

    statement: bytes
    manifest: bytes


def seal_digest(digests: Digests, salts: bytes) -> SealedDigest:
    """A statement over a manifest of one line, which holds ``digests``. The same salts give the same bytes.

    :param salts: ``SALTS_SIZE`` random bytes, never used twice.
    """
    line = encode_leaf_line(digest_leaf(digests, salts[:SALT_SIZE]))
    statement = Statement(manifest=roots_of([line]), salt=salts[SALT_SIZE:]).encode()
    return SealedDigest(statement, line + b"\n")
