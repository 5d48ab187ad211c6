"""A zone that can sign certificates now, whenever the tests run."""

from __future__ import annotations

from typing import Any

from tests.filled_zone import register_evidence
from tests.foundation import zone_at_work


def start(data: Any) -> None:
    """Publish what is recorded; the revocation lists are good now."""
    from zonary.common.clock import now
    from zonary.foundation.ledger.authority import ensure_authority, issuer_of, renew_revocation_list
    from zonary.foundation.ledger.certificate_signer import certificate_signer_of, renew_certificate_revocations

    at = now.last_trusted()
    ensure_authority(data, at)
    zone_at_work.start(data)
    for cached in (issuer_of, certificate_signer_of):
        cached.cache_clear()
    renew_revocation_list(data, at)
    renew_certificate_revocations(data, at)


def registered(by: Any, data: Any, count: int) -> list[str]:
    """Public ids of records of ``by``, published."""
    from zonary.common.clock import now

    start(data)  # whoever stamps needs the authority
    records = [register_evidence(by, number, now.last_trusted()) for number in range(count)]
    start(data)
    return records
