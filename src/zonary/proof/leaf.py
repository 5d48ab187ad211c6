r"""The log leaf: the bytes that stand in the log for one statement (``specs/leaf.md``).

``zonary-leaf/1 <class>\n`` and then 32 bytes of SHA-256 and 32 bytes of SM3, both over the statement's bytes. The
header names format and class, so a leaf of one class can never be taken for another, nor for anything else's digest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zonary.proof.digests import DIGEST_SIZE, Digests
from zonary.proof.errors import MalformedError, UnsupportedError

EVIDENCE = "evidence"
ACT = "act"
KNOWN_CLASSES = frozenset({ACT, EVIDENCE})

_PREFIX = b"zonary-leaf/"
_VERSION = b"1"
_CLASS = re.compile(r"[a-z][a-z0-9-]{0,31}")
MAX_LEAF_BYTES = len(_PREFIX) + 8 + 1 + 32 + 1 + 2 * DIGEST_SIZE


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a leaf says: its class, and the digests of the statement it stands for."""

    leaf_class: str
    digests: Digests


def leaf_header(leaf_class: str) -> bytes:
    """The bytes before the digests; constant for a class.

    :raises MalformedError: when ``leaf_class`` is not a class name.
    """
    if not _CLASS.fullmatch(leaf_class):
        raise MalformedError(
            "“{name}” is not a leaf class: lower-case letters, digits and hyphens, at most 32.", name=leaf_class
        )
    return _PREFIX + _VERSION + b" " + leaf_class.encode("ascii") + b"\n"


def encode_leaf(leaf_class: str, digests: Digests) -> bytes:
    """The leaf of ``leaf_class`` for a statement with ``digests``."""
    return leaf_header(leaf_class) + digests.sha256 + digests.sm3


def encode_leaves(leaf_class: str, digests: bytes) -> list[bytes]:
    """The leaves of many statements: ``digests`` holds SHA-256 and SM3 of each, 64 bytes a statement."""
    header, size = leaf_header(leaf_class), 2 * DIGEST_SIZE
    return [header + digests[start : start + size] for start in range(0, len(digests), size)]


def decode_leaf(data: bytes) -> Leaf:
    """:raises UnsupportedError: for a later version; :raises MalformedError: for anything that is no leaf."""
    header, newline, body = data[: MAX_LEAF_BYTES + 1].partition(b"\n")
    version, space, name = header.removeprefix(_PREFIX).partition(b" ")
    if not header.startswith(_PREFIX) or not newline or not space:
        raise MalformedError("The log entry is not a Zonary leaf.")
    if version != _VERSION:
        raise UnsupportedError(
            "The log leaf has version {version}; this release knows version 1.",
            version=version[:8].decode("ascii", "replace"),
        )
    leaf_class = name.decode("ascii", "replace")
    if not _CLASS.fullmatch(leaf_class) or len(body) != 2 * DIGEST_SIZE:
        raise MalformedError("The log leaf does not have a class and two digests.")
    return Leaf(leaf_class, Digests(body[:DIGEST_SIZE], body[DIGEST_SIZE:]))
