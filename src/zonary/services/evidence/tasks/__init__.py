"""What follows a registration and may be done again: it derives from what is recorded, and records nothing itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from zonary.common.clock import Clock, end_of_day, zone_date
from zonary.foundation.ledger import authority as built_in
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.proofs import present_generation, published_checkpoint
from zonary.foundation.ledger.queries import Item, holders_between, item_of, log_status, oldest_pending, sizes_at
from zonary.foundation.ledger.receipts import acts_where
from zonary.foundation.ledger.watched_clock import ClockOffError, require_right
from zonary.foundation.timestamps.authorities import OWN, SM2, Local
from zonary.proof.digests import Digests, digests_of
from zonary.proof.package.asic import asic_manifest_of
from zonary.proof.timestamp.authority import Authority
from zonary.proof.timestamp.request import TimestampRequest
from zonary.services.evidence.events import EVIDENCE_REGISTERED, EvidencePublished
from zonary.services.evidence.models import EvidenceTimestamps, FurtherTimestamp
from zonary.services.evidence.queries import only_file_of
from zonary.services.evidence.rules import KINDS, Kind, content_in, declared_in, digests_in, seal_digest
from zonary.services.evidence.tokens import authorities

_BUILT_IN = {OWN: built_in.OWN, SM2: built_in.SM2}
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


@dataclass(frozen=True, slots=True)
class Stampable:
    """The SHA-256 of all that tokens are made over for one record.

    :param statement: what a further authority's token covers, and by SM3 that of one with SM2.
    :param listed: of the package's ASiCManifest; ``plainly`` is what its other token covers.
    """

    statement: Digests
    listed: bytes
    plainly: bytes


def stampable(item: Item | None) -> Stampable | None:
    """What is to be stamped of ``item``; None for what is no evidence, or was erased."""
    if item is None or item.kind != EVIDENCE_REGISTERED or not item.body:
        return None
    content = content_in(item.leaf, item.body)
    digests = digests_in(content)
    if KINDS[item.body[:1]] is Kind.DIGEST:
        statement = digests_of(seal_digest(digests, item.salt, declared_in(content)).statement)
        plainly = digests.sha256
    else:  # the digests are those of the statement
        statement, plainly = digests, (only_file_of(item.public_id) or digests).sha256
    return Stampable(statement, hashlib.sha256(asic_manifest_of(statement.sha256)).digest(), plainly)


def issuer(authority: Local) -> Authority:
    """What signs for an authority of this server.

    :raises ClockOffError: while this machine's clock is off.
    :raises Error: when its keys cannot be read.
    """
    require_right(settings.ZONARY_DATA, settings.ZONARY_CLOCK.sources)
    return built_in.issuer_of(settings.ZONARY_DATA, _BUILT_IN[authority.kind])


def certificates(authority: Local) -> bytes:
    """Those of an authority of this server in PEM, its root's first."""
    return _BUILT_IN[authority.kind].chain(settings.ZONARY_DATA).read_bytes()


def stamp_evidence(public_id: str, *, clock: Clock) -> None:
    """Make the tokens for the package of one record, unless it has them, and put it on the list of further authorities.

    A crash before this leaves a record without tokens; they are then made when its package is asked for. Where this
    server has no authority of its own, they come when another has answered.

    :param clock: asked only when there is something to be stamped.
    :raises Error: when the authority cannot issue one.
    """
    wanted = want_further(public_id, clock=clock)
    own = authorities().first_local
    if own is None or EvidenceTimestamps.objects.filter(public_id=public_id).exists():
        return
    wanted = wanted or stampable(item_of(public_id))
    if wanted is None:
        return
    try:
        at, signer = clock(), issuer(own)
    except ClockOffError:
        return  # it is registered all the same; the tokens are made when its package is asked for
    plain = TimestampRequest.new("sha256", wanted.plainly, cert_request=True)
    stamps = EvidenceTimestamps(
        public_id=public_id,
        package_token=signer.issue("sha256", wanted.listed, at).der,
        plain_token=signer.respond(plain.encode(), at),
        authority=own.name,
        chain=b"" if own.kind == OWN else certificates(own),
    )
    # Two requests may come here at one time: the first tokens stay.
    EvidenceTimestamps.objects.bulk_create([stamps], ignore_conflicts=True)
    forget_erased(public_id)


def want_further(public_id: str, *, clock: Clock, own_too: bool = False) -> Stampable | None:
    """Have the further authorities asked for a record, those that were not before; returns what they are to sign.

    :param own_too: whether this server's own is to sign the statement as well: where it makes no package.
    """
    names = {each.name for each in authorities().further}
    if not names:
        return None
    own = authorities().first_local
    if own_too and own is not None:
        names.add(own.name)
    missing = names - set(FurtherTimestamp.objects.filter(public_id=public_id).values_list("authority", flat=True))
    wanted = stampable(item_of(public_id)) if missing else None
    if wanted is None:
        return None
    at = clock()
    rows = [
        FurtherTimestamp(public_id=public_id, authority=name, statement=wanted.statement.sha256, wanted_at=at)
        for name in sorted(missing)
    ]
    FurtherTimestamp.objects.bulk_create(rows, ignore_conflicts=True)
    forget_erased(public_id)
    return wanted


def forget_erased(public_id: str) -> None:
    """It may have been erased since it was read: its tokens would keep what was erased."""
    item = item_of(public_id)
    if item is None or not item.body:
        EvidenceTimestamps.objects.filter(public_id=public_id).delete()
        FurtherTimestamp.objects.filter(public_id=public_id).delete()
