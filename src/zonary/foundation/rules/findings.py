"""What is found in a draft before its release. Every test case is decided anew for it, so it is kept for the day."""

from __future__ import annotations

import functools
from datetime import date

from zonary.engines.clauses.checks.findings import Finding
from zonary.engines.clauses.checks.release import findings_of
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.packs.reading import read_pack, read_shape


@functools.lru_cache(maxsize=16)
def findings_in(content: str, today: date) -> tuple[Finding, ...]:
    """:param content: canonical JSON of a pack that is readable."""
    return findings_of(read_pack(read_shape(content.encode()), parse), today=today)
