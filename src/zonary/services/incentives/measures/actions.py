"""Every write: a card is prepared, changed, published and ended."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import F

from zonary.common.ids import new_id
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.measures import queries
from zonary.services.incentives.measures.events import (
    MeasureChanged,
    MeasureEnded,
    MeasurePrepared,
    MeasurePublished,
)
from zonary.services.incentives.measures.models import Measure
from zonary.services.incentives.measures.permissions import UnknownMeasureError, require_may_offer
from zonary.services.incentives.measures.rules import (
    Card,
    MeasureChangedError,
    MeasureStateError,
    WrongMeasureError,
    require_card,
)

MAX_REASON = 200


@action
def prepare_measure(pack: str, item: str, card: Card, *, by: Standing, at: datetime) -> Measure:
    """Write the card of an item of a released pack.

    :raises WrongMeasureError: when no release in force has the item, or the card does not fit it.
    :raises MeasureStateError: when the item has a card that has not ended.
    """
    hold_standing(by, at=at)
    require_may_offer(by)
    offered = _fitting(pack, item, card, at)
    if Measure.objects.filter(pack=pack, item=item).exclude(state=Measure.State.ENDED).exists():
        raise MeasureStateError("This item has a card already. Change that one, or end it first.")
    public_id = new_id(at)
    entry = record(MeasurePrepared(pack=pack, item=item, card_sha256=card.digest()), by=by, about=public_id, at=at)
    return Measure.objects.create(
        public_id=public_id,
        pack=pack,
        item=item,
        document=queries.document_of_pack(offered.loaded),
        state=Measure.State.PREPARED,
        prepared_at=at,
        entry=entry.public_id,
        **_columns(card),
    )


@action
def change_measure(public_id: str, card: Card, *, version: int, by: Standing, at: datetime) -> Measure:
    """Write something else on a card that has not ended. What was decided or frozen in a batch before stays.

    :param version: that on which the change is based.
    :raises MeasureChangedError: when it has another version by now; nothing is changed then.
    """
    hold_standing(by, at=at)
    require_may_offer(by)
    measure = _held(public_id)
    if measure.state == Measure.State.ENDED:
        raise MeasureStateError("This measure has ended. Prepare a new card.")
    _fitting(measure.pack, measure.item, card, at)
    held = Measure.objects.filter(pk=measure.pk, version=version)
    # One statement compares and writes: of two at one time the second finds another version.
    if not held.update(**_columns(card), version=F("version") + 1):
        raise MeasureChangedError("Somebody changed this card since you opened it. Compare both, and save again.")
    event = MeasureChanged(number=version + 1, card_sha256=card.digest())
    record(event, by=by, about=str(measure.public_id), at=at)
    measure.refresh_from_db()
    return measure


@action
def publish_measure(public_id: str, *, by: Standing, at: datetime) -> Measure:
    """Offer it from now on.

    :raises MeasureStateError: unless it is prepared.
    :raises WrongMeasureError: when the release in force has no such item any more.
    """
    hold_standing(by, at=at)
    require_may_offer(by)
    measure = _held(public_id)
    if measure.state != Measure.State.PREPARED:
        raise MeasureStateError("Only a card that is prepared can be published.")
    card = queries.card_of(measure)
    offered = _fitting(measure.pack, measure.item, card, at)
    event = MeasurePublished(
        pack=measure.pack, item=measure.item, release=offered.loaded.release, card_sha256=card.digest()
    )
    record(event, by=by, about=str(measure.public_id), at=at)
    measure.state, measure.published_at = Measure.State.PUBLISHED, at
    measure.save(update_fields=["state", "published_at"])
    return measure


@action
def end_measure(public_id: str, *, reason: str, by: Standing, at: datetime) -> Measure:
    """Offer it no longer; what was decided and paid stays.

    :raises MeasureStateError: when it has ended already.
    """
    hold_standing(by, at=at)
    require_may_offer(by)
    measure = _held(public_id)
    reason = reason.strip()
    if measure.state == Measure.State.ENDED:
        raise MeasureStateError("This measure has ended already.")
    if not reason or len(reason) > MAX_REASON or not reason.isprintable():
        raise WrongMeasureError("Say why it ends, in at most {limit} printable characters.", limit=MAX_REASON)
    record(MeasureEnded(reason=reason), by=by, about=str(measure.public_id), at=at)
    measure.state, measure.ended_at = Measure.State.ENDED, at
    measure.save(update_fields=["state", "ended_at"])
    return measure


def _held(public_id: str) -> Measure:
    found = Measure.objects.select_for_update().filter(public_id=as_uuid(public_id)).first()
    if found is None:
        raise UnknownMeasureError("There is no such measure.")
    return found


def _fitting(pack: str, item: str, card: Card, at: datetime) -> queries.Offered:
    """The item by the release in force, which the card fits."""
    require_card(card)
    offered = queries.item_of(pack, item, at=at)
    if offered is None:
        raise WrongMeasureError(
            "No release in force has the item “{item}” of “{pack}”. Release the rules first.",
            item=item[:60],
            pack=pack[:60],
        )
    if card.amount and card.amount not in dict(offered.amounts):
        raise WrongMeasureError("The rules have no table “{table}” that gives money.", table=card.amount[:60])
    return offered


def _columns(card: Card) -> dict[str, Any]:
    return {**asdict(card), "audience": list(card.audience)}
