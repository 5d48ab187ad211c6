"""Which timestamps a record has, of those the zone wants for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.queries import item_of
from zonary.foundation.timestamps.authorities import Authorities
from zonary.proof.package.further import MAX_FURTHER, FurtherToken
from zonary.services.evidence.models import EvidenceTimestamps, FurtherTimestamp


class NotStampedError(LedgerError):
    """No authority has signed yet. Ask again later."""


def refuse_unless_erased(public_id: str) -> None:
    """Say why there are no tokens of a record.

    :raises NotStampedError: while they are waited for; what was erased has none and gets none.
    """
    item = item_of(public_id)
    if item is not None and item.body:
        raise NotStampedError("No timestamp authority has signed this record yet; its package is there once one has.")


@dataclass(frozen=True, slots=True)
class Stamped:
    """How many operators' authorities have signed of a record, and have to before it counts as timestamped."""

    there: int
    needed: int

    @property
    def is_complete(self) -> bool:
        return self.there >= self.needed


def authorities() -> Authorities:
    """Those of the settings."""
    found: Authorities = settings.ZONARY_TIMESTAMPS
    return found


def asks_further() -> bool:
    """Whether more than one authority is asked, or another one than this server's own, so that a record may wait."""
    return bool(authorities().further)


def stamped(public_ids: Collection[str]) -> Mapping[str, Stamped]:
    """Of each of these records; nothing where this server's own authority is all there is."""
    if not asks_further():
        return {}
    signed: dict[str, set[str]] = {public_id: set() for public_id in public_ids}
    rows = FurtherTimestamp.objects.filter(public_id__in=public_ids, there_at__isnull=False).exclude(token=b"")
    for found in (EvidenceTimestamps.objects.filter(public_id__in=public_ids), rows):
        for public_id, authority in found.values_list("public_id", "authority"):
            signed[str(public_id)].add(authorities().operator_of(authority))
    needed = authorities().required
    return {public_id: Stamped(len(names), needed) for public_id, names in signed.items()}


def further_of(public_id: str) -> list[FurtherToken]:
    """The tokens of further authorities over the statement of a record, in the order in which they came."""
    return _tokens(FurtherTimestamp.objects.filter(public_id=public_id))


def further_over(statement: bytes) -> tuple[list[FurtherToken], int] | None:
    """The same by the SHA-256 of the statement, and how many are waited for; None for one that nobody was asked about.

    For whoever asks: it is the holder who chooses whom to show a package, and in it stands no more than here.
    """
    rows = FurtherTimestamp.objects.filter(statement=statement)
    known = set(rows.values_list("public_id", flat=True)[:1])
    if not known:
        return None
    names = [each.name for each in authorities().further]
    waiting = rows.filter(public_id__in=known, there_at=None, authority__in=names).count()
    return _tokens(rows.filter(public_id__in=known)), waiting


def _tokens(rows: QuerySet[FurtherTimestamp]) -> list[FurtherToken]:
    own = authorities().first_local  # whose tokens every package has anyway
    others = rows.filter(there_at__isnull=False).exclude(token=b"").exclude(authority="" if own is None else own.name)
    found = others.order_by("there_at", "id")[:MAX_FURTHER]
    return [FurtherToken(each.authority, bytes(each.token), bytes(each.chain)) for each in found]
