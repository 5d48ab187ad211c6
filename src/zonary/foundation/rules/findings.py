"""What is found in a draft before its release. Every test case is decided anew for it, so it is kept for the day."""

from __future__ import annotations

import functools
from datetime import date

from zonary.engines.clauses.checks.findings import Finding
from zonary.engines.clauses.checks.release import findings_of
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.packs.reading import read_pack, read_shape
from zonary.foundation.rules.citations import findings_in_citations


def findings_in(content: str, today: date) -> tuple[Finding, ...]:
    """What stands in the way first.

    :param content: canonical JSON of a pack that is readable.
    """
    # Not kept with the rest: the document may be recorded, or get another edition, at any moment.
    found = (*findings_in_citations(content), *_findings_in_rules(content, today))
    return tuple(sorted(found, key=lambda each: not each.is_blocking))


@functools.lru_cache(maxsize=16)
def _findings_in_rules(content: str, today: date) -> tuple[Finding, ...]:
    return findings_of(read_pack(read_shape(content.encode()), parse), today=today)
