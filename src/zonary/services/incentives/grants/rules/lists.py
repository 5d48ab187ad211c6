"""The digest of a list of grants: what the act that starts a batch names, and an outsider computes again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from zonary.proof import canonical


def list_digest(rows: Iterable[tuple[str, str, int]]) -> str:
    """SHA-256 of the canonical JSON of a list: enterprise, digest of its decision, fen, in the order of the list."""
    return hashlib.sha256(canonical.encode([[*each] for each in rows])).hexdigest()
