"""Acts, one by one or by who did them for whom, and the receipt of each.

Who may see an act is for the rooms above to say; here is what there is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from zonary.foundation.ledger.acts import act_statement
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.models import Entry
from zonary.foundation.ledger.packing import unpack_one
from zonary.foundation.ledger.places import split_place
from zonary.foundation.ledger.proofs import prove, published_checkpoint
from zonary.foundation.ledger.queries import Item, item_of
from zonary.proof import canonical
from zonary.proof.act import make_receipt
from zonary.proof.canonical import Json
from zonary.proof.leaf import ACT
from zonary.proof.stages import Stage, stage_of

# Written out: SQLite would not see that a value given apart is the one its partial indexes are of.
_IS_ACT = RawSQL("ledger_entry.leaf_class = 'act'", (), output_field=BooleanField())


class ErasedActError(LedgerError):
    """What the act said was erased, so that nothing can be proven of it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActEntry:
    """One act, or the first of those that were recorded together.

    :param count: how many were recorded in one go; their public ids follow by one each.
    :param body: the event's own fields; None once erased.
    :param number: grows with every entry; what lists are continued from.
    """

    public_id: str
    kind: str
    actor: str
    organisation: str
    about: str
    recorded_at: datetime
    count: int
    stage: Stage
    generation: int | None
    index: int | None
    body: Mapping[str, Json] | None
    number: int


def acts_where(which: Q, *, before: int | None, limit: int, kinds: Collection[str] = ()) -> list[ActEntry]:
    """The latest acts that fit, newest first.

    :param which: over ``actor``, ``organisation`` and ``about`` alone, one of which has an index.
    :param before: only entries with a smaller ``number``.
    """
    rows = Entry.objects.filter(which).filter(_IS_ACT)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    found = rows.select_related("content", "place").order_by("-pk")[:limit]
    sizes = _PublishedSizes()
    return [_of_entry(entry, sizes) for entry in found]


def act_of(public_id: str) -> ActEntry | None:
    """The act called ``public_id``, whoever did it; None also for an entry that is no act."""
    item = item_of(public_id)
    if item is None or item.leaf_class != ACT:
        return None
    entry = Entry.objects.get(pk=item.entry)
    index = item.index
    return ActEntry(
        public_id=item.public_id,
        kind=item.kind,
        actor=item.actor,
        organisation=entry.organisation,
        about=entry.about,
        recorded_at=item.recorded_at,
        count=1,
        stage=stage_of(index=index, published=_PublishedSizes()(item.generation)),
        generation=item.generation,
        index=index,
        body=_decoded(item.body),
        number=item.entry,
    )


def receipt_of(public_id: str) -> bytes:
    """The receipt of the act ``public_id``: a ``.tlog-proof`` with the act as its extra data (``specs/act.md``).

    :raises NotPublishedError: until a published checkpoint covers it.
    :raises ErasedActError: when there is no such act, or its body was erased.
    """
    item = item_of(public_id)
    if item is None or item.leaf_class != ACT or not item.body:
        raise ErasedActError(
            "What this act said was erased, so it has no receipt any more. The log still holds its leaf."
        )
    return make_receipt(prove(item.generation, item.index), statement_of(item))


def statement_of(item: Item) -> bytes:
    """The very bytes whose digests stand in the leaf of an act that is not erased."""
    entry = Entry.objects.only("organisation", "about").get(pk=item.entry)
    return act_statement(
        kind=item.kind,
        body=item.body,
        salt=item.salt,
        by=item.actor,
        organisation=entry.organisation,
        about=entry.about,
        at=item.recorded_at,
    )


class _PublishedSizes:
    """How much of each generation of the log is published, each looked up once, so that all of a list agree."""

    def __init__(self) -> None:
        self._known: dict[int | None, int] = {}

    def __call__(self, generation: int | None) -> int:
        if generation not in self._known:
            try:
                published = published_checkpoint(MAIN, generation)
            except OSError:
                published = None  # its store cannot say: a stage only ever promises too little
            self._known[generation] = published.size if published else 0
        return self._known[generation]


def _of_entry(entry: Entry, sizes: _PublishedSizes) -> ActEntry:
    place = getattr(entry, "place", None)
    generation, index = (None, None) if place is None else split_place(place.place)
    content = getattr(entry, "content", None)
    body = b"" if content is None else unpack_one(bytes(content.bodies), entry.count, 0)
    return ActEntry(
        public_id=str(entry.public_id),
        kind=entry.kind,
        actor=entry.actor,
        organisation=entry.organisation,
        about=entry.about,
        recorded_at=entry.recorded_at,
        count=entry.count,
        stage=stage_of(index=index, published=sizes(generation)),
        generation=generation,
        index=index,
        body=_decoded(body),
        number=entry.pk,
    )


def _decoded(body: bytes) -> Mapping[str, Json] | None:
    value = canonical.decode(body, "the body of an act") if body else None
    return value if isinstance(value, dict) else None
