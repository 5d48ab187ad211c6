"""What follows a registration and may be done again: it derives from what is recorded, and records nothing itself."""

from __future__ import annotations

import hashlib

from django.conf import settings

from zonary.common.clock import Clock
from zonary.foundation.ledger.authority import issuer_of
from zonary.foundation.ledger.queries import item_of
from zonary.proof.package.asic import asic_manifest
from zonary.proof.timestamp.request import TimestampRequest
from zonary.services.evidence.events import EVIDENCE_REGISTERED
from zonary.services.evidence.models import EvidenceTimestamps
from zonary.services.evidence.rules import KINDS, Kind, content_in, digests_in, seal_digest


def stamp_evidence(public_id: str, *, clock: Clock) -> None:
    """Make the tokens for the package of one record, unless it has them or is of a kind that has no package here.

    A crash before this leaves a record without tokens; they are then made when its package is asked for.

    :param clock: asked only when there is something to be stamped.
    :raises Error: when the authority cannot issue one.
    """
    item = item_of(public_id)
    if item is None or item.kind != EVIDENCE_REGISTERED or KINDS.get(item.body[:1]) is not Kind.DIGEST:
        return
    if EvidenceTimestamps.objects.filter(public_id=public_id).exists():
        return
    at = clock()
    digests = digests_in(content_in(item.leaf, item.body))
    listed = asic_manifest(seal_digest(digests, item.salt).statement)
    issuer = issuer_of(settings.ZONARY_DATA)
    plain = TimestampRequest.new("sha256", digests.sha256, cert_request=True)
    stamps = EvidenceTimestamps(
        public_id=public_id,
        package_token=issuer.issue("sha256", hashlib.sha256(listed).digest(), at).der,
        plain_token=issuer.respond(plain.encode(), at),
    )
    # Two requests may come here at one time: the first tokens stay.
    EvidenceTimestamps.objects.bulk_create([stamps], ignore_conflicts=True)
    # And it may have been erased since it was read: its tokens would keep what was erased.
    item = item_of(public_id)
    if item is None or not item.body:
        EvidenceTimestamps.objects.filter(public_id=public_id).delete()
