"""The one spelling of a rule pack, which its digest is of: canonical JSON (RFC 8785), nothing that says the default."""

from __future__ import annotations

import hashlib

import msgspec
import rfc8785

from zonary.engines.clauses.packs.shapes import PackShape


def canonical(shape: PackShape) -> bytes:
    """The pack's bytes, whatever blanks and order it was written with."""
    return rfc8785.dumps(msgspec.to_builtins(shape))


def digest_of(content: bytes) -> str:
    """SHA-256 of the canonical bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()
