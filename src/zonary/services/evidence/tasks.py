"""What follows a registration and may be done again: it derives from what is recorded, and records nothing itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from zonary.common.clock import Clock, end_of_day, zone_date
from zonary.foundation.ledger.authority import issuer_of
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.proofs import present_generation, published_checkpoint
from zonary.foundation.ledger.queries import holders_between, item_of, log_status, oldest_pending, sizes_at
from zonary.foundation.ledger.receipts import acts_where
from zonary.proof.package.asic import asic_manifest, asic_manifest_of
from zonary.proof.timestamp.request import TimestampRequest
from zonary.services.evidence.events import EVIDENCE_REGISTERED, EvidencePublished
from zonary.services.evidence.models import EvidenceTimestamps
from zonary.services.evidence.queries import only_file_of
from zonary.services.evidence.rules import KINDS, Kind, content_in, declared_in, digests_in, seal_digest

_SETTLED = timedelta(minutes=10)
"""After the end of a day: what two servers recorded at one moment has its place in the log by then."""


@dataclass(frozen=True, slots=True)
class Untold:
    """Evidence of these days is published, and nobody was told so; ``since`` is None for the beginning."""

    since: datetime | None
    until: datetime


def untold(*, at: datetime) -> Untold | None:
    """Whole days of which holders may be told now; None when there is none, or it is not all published yet."""
    until = end_of_day(zone_date(at - _SETTLED) - timedelta(days=1))
    last = next(iter(acts_where(Q(), before=None, limit=1, kinds=(EvidencePublished.kind,))), None)
    since = datetime.fromisoformat(str(last.body["until"])) if last is not None and last.body else None
    if (since is not None and since >= until) or not _is_published_before(until):
        return None
    return Untold(since, until) if holders_between(EVIDENCE_REGISTERED, since, until) else None


def _is_published_before(moment: datetime) -> bool:
    """Whether everything that was recorded before ``moment`` stands under a checkpoint anybody can read."""
    oldest, status, published = oldest_pending(), log_status(MAIN), published_checkpoint(MAIN)
    if status is None or published is None or (oldest is not None and oldest < moment):
        return False
    generation, size = sizes_at([moment])[0] or (present_generation(MAIN), status.size)
    return generation < present_generation(MAIN) or published.size >= size


def stamp_evidence(public_id: str, *, clock: Clock) -> None:
    """Make the tokens for the package of one record, unless it has them.

    A crash before this leaves a record without tokens; they are then made when its package is asked for.

    :param clock: asked only when there is something to be stamped.
    :raises Error: when the authority cannot issue one.
    """
    item = item_of(public_id)
    if item is None or item.kind != EVIDENCE_REGISTERED or not item.body:
        return
    if EvidenceTimestamps.objects.filter(public_id=public_id).exists():
        return
    at = clock()
    content = content_in(item.leaf, item.body)
    digests = digests_in(content)
    if KINDS[item.body[:1]] is Kind.DIGEST:
        listed, plainly = asic_manifest(seal_digest(digests, item.salt, declared_in(content)).statement), digests.sha256
    else:  # the digests are those of the statement
        listed, plainly = asic_manifest_of(digests.sha256), (only_file_of(public_id) or digests).sha256
    issuer = issuer_of(settings.ZONARY_DATA)
    plain = TimestampRequest.new("sha256", plainly, cert_request=True)
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
