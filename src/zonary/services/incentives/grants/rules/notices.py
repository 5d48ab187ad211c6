"""A public notice (公示): what is published, what its digest is of, and what is shown once a line is withdrawn. Pure.

The digest in the ledger is not of the names but of the digests of the lines, each salted. So a line whose objection was
upheld can be shown as its digest alone, what remains still gives the digest that was published, and whoever kept the
line can prove that it stood there (specs/payment-file.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from zonary.proof import canonical

FORM: Final = "zonary-grant-notice/1"

Line = tuple[str, str, int, str]
"""Public id of the grant, name of the enterprise, fen, salt (16 random bytes, hexadecimal)."""


def write_notice(head: Mapping[str, str], lines: Sequence[Line]) -> bytes:
    """What is published, canonical JSON (RFC 8785): the head, and ``grants`` with a line for each."""
    return canonical.encode({"form": FORM, **head, "grants": [list(each) for each in lines]})


def notice_digest(content: bytes) -> str:
    """SHA-256 of a notice in which each line is its digest, hexadecimal; withdrawn ones stand so already."""
    notice: dict[str, Any] = json.loads(content)
    notice["grants"] = [each if isinstance(each, str) else line_digest(each) for each in notice["grants"]]
    return hashlib.sha256(canonical.encode(notice)).hexdigest()


def line_digest(line: Sequence[str | int]) -> str:
    """SHA-256 of the canonical JSON of one line, hexadecimal."""
    return hashlib.sha256(canonical.encode(list(line))).hexdigest()


def withdrawn(content: bytes, grants: Collection[str]) -> bytes:
    """The notice as it is shown now: of ``grants`` (public ids) there are digests alone. As many lines as before."""
    notice: dict[str, Any] = json.loads(content)
    notice["grants"] = [line_digest(each) if each[0] in grants else each for each in notice["grants"]]
    return canonical.encode(notice)
