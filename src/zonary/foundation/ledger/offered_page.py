"""That the page which verifies in a browser is offered with certain digests, on record once for each of them.

Whoever kept a copy finds in the log, and not only on the operator's pages, whether a zone ever offered it.
"""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.ledger.actors import SYSTEM
from zonary.foundation.ledger.events import VerifyPageOffered
from zonary.foundation.ledger.queries import entries_by_key
from zonary.foundation.ledger.receipts import ActEntry, act_of
from zonary.foundation.ledger.recording import action, record
from zonary.proof.digests import Digests


def offer_verify_page(page: Digests, *, release: str, at: datetime) -> None:
    """Record that this page is offered; nothing when it was before.

    Of servers that share a database one does so at a time (whoever opens a zone holds the lock); the key of the act
    keeps a second apart from the first even without it.
    """
    if offered(page) is None:
        _offer(VerifyPageOffered(sha256=page.sha256.hex(), sm3=page.sm3.hex(), release=release), at=at)


@action
def _offer(event: VerifyPageOffered, *, at: datetime) -> None:
    record(event, by=SYSTEM, at=at, key=_key(event.sha256))


def offered(page: Digests) -> ActEntry | None:
    """The act by which the page with these digests was offered here, or None."""
    key = _key(page.sha256.hex())
    found = entries_by_key(SYSTEM, [key]).get(key)
    return None if found is None else act_of(found)


def _key(sha256: str) -> str:
    return f"{VerifyPageOffered.kind}/{sha256}"
