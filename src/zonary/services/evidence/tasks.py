"""What follows a registration and may be done again: it derives from what is recorded, and records nothing itself."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings

from zonary.foundation.ledger.authority import issuer_of
from zonary.foundation.ledger.queries import item_of
from zonary.proof.package.asic import asic_manifest
from zonary.proof.timestamp.request import TimestampRequest
from zonary.services.evidence.events import digests_in
from zonary.services.evidence.models import EvidenceRecord, EvidenceTimestamps, Kind
from zonary.services.evidence.rules import seal_digest


def stamp_evidence(public_id: str, *, at: datetime) -> None:
    """Make the tokens for the package of one record, unless it has them or is of a kind that has no package here.

    A crash before this leaves a record without tokens; they are then made when its package is asked for.

    :raises Error: when the authority cannot issue one.
    """
    record = EvidenceRecord.objects.filter(public_id=public_id, kind=Kind.DIGEST, timestamps=None).first()
    content = item_of(public_id) if record else None
    if record is None or content is None or not content.body:
        return
    digests = digests_in(content.body)
    listed = asic_manifest(seal_digest(digests, content.salt).statement)
    issuer = issuer_of(settings.ZONARY_DATA)
    plain = TimestampRequest.new("sha256", digests.sha256, cert_request=True)
    stamps = EvidenceTimestamps(
        record=record,
        package_token=issuer.issue("sha256", hashlib.sha256(listed).digest(), at).der,
        plain_token=issuer.respond(plain.encode(), at),
    )
    # Two requests may come here at one time: the first tokens stay.
    EvidenceTimestamps.objects.bulk_create([stamps], ignore_conflicts=True)
