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
    """How many operators' authorities have signed of a record, and have to before it counts as timestamped.

    :ivar there: operators.
    :ivar signed: names of the authorities.
    :ivar awaited: those that are asked and have not signed yet.
    """

    there: int
    needed: int
    signed: tuple[str, ...]
    awaited: tuple[str, ...]

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
    """Of each of these records that other authorities were asked about.

    Nothing of a record from before one was named: nobody is asked until its package is, and it waits for nothing.
    """
    if not asks_further():
        return {}
    found: dict[str, dict[str, bool]] = {}
    rows = FurtherTimestamp.objects.filter(public_id__in=public_ids)
    for public_id, authority, there_at in rows.values_list("public_id", "authority", "there_at"):
        found.setdefault(str(public_id), {})[authority] = there_at is not None
    made = EvidenceTimestamps.objects.filter(public_id__in=found)
    for public_id, authority in made.values_list("public_id", "authority"):
        found[str(public_id)][authority] = True
    told = {public_id: _stamped(states) for public_id, states in found.items()}
    return {public_id: each for public_id, each in told.items() if each.is_complete or each.awaited}


def _stamped(states: Mapping[str, bool]) -> Stamped:
    """:param states: name of an authority -> whether it has signed."""
    asked = {each.name for each in authorities().further}
    signed = sorted(name for name, has_signed in states.items() if has_signed)
    awaited = sorted(name for name, has_signed in states.items() if not has_signed and name in asked)
    operators = {authorities().operator_of(name) for name in signed}
    return Stamped(len(operators), authorities().required, signed=tuple(signed), awaited=tuple(awaited))


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
