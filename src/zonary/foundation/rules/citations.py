"""Citations of a pack, looked up in the documents by whoever keeps them: that part makes itself known when it starts.

Every way of proposing leads here, so that a program's pack is asked what the editor's is. What nobody looked up is
said, and is for whoever releases to compare.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from zonary.engines.clauses.checks.findings import Finding
from zonary.engines.clauses.errors import ClausesError

LookUp = Callable[[str], Sequence[Finding] | None]
"""From the JSON of a pack to what is wrong with its citations; None when its document is not there to look at."""
_KNOWN: list[LookUp] = []


def look_up_with(look_up: LookUp) -> None:
    """Have ``look_up`` asked of every pack before its release."""
    if look_up not in _KNOWN:
        _KNOWN.append(look_up)


def findings_in_citations(content: str) -> tuple[Finding, ...]:
    """Quoted words that do not stand where they are said to; or, once, that nobody could look.

    :param content: JSON of a pack, or of a draft of one.
    """
    for look_up in _KNOWN:
        found = look_up(content)
        if found is not None:
            return tuple(found)
    pack = json.loads(content)
    if not any(each.get("quote") for name in ("clauses", "tables") for each in pack.get(name, [])):
        return ()
    reason = ClausesError(
        "The policy library does not have {number}: no quotation of these rules was looked up. Compare them with the "
        "document before the release, or record it in the library.",
        number=pack["number"],
    )
    return (Finding(place="", reason=reason, is_blocking=False),)
