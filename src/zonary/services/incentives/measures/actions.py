"""Every write: a card is prepared, changed, published and ended.

What gives money is published by another officer than who prepared it, and what decides about money on a published
card is changed by two: one proposes, another confirms.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from zonary.common.ids import new_id
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import NotAllowedError, hold_standing
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.measures import queries
from zonary.services.incentives.measures.events import (
    MeasureChanged,
    MeasureChangeProposed,
    MeasureChangeRejected,
    MeasureEnded,
    MeasurePrepared,
    MeasurePublished,
)
from zonary.services.incentives.measures.models import CardChange, Measure
from zonary.services.incentives.measures.permissions import UnknownMeasureError, require_may_offer
from zonary.services.incentives.measures.rules import (
    Card,
    Difference,
    MeasureChangedError,
    MeasureStateError,
    WrongMeasureError,
    difference,
    require_card,
    texts_of,
    turned_to,
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
        prepared_by=by.actor_id,
        prepared_at=at,
        entry=entry.public_id,
        **_columns(card),
    )


@action
def change_measure(public_id: str, card: Card, *, version: int, by: Standing, at: datetime) -> Measure:
    """Write something else on a card that has not ended. What was decided or frozen in a batch before stays.

    On a published card what decides about money (``rules.DECIDING``) is only proposed by this; the rest is changed.

    :param version: that on which the change is based.
    :raises MeasureChangedError: when it has another version by now; nothing is changed then.
    :raises MeasureStateError: when nothing would change, or another change of the money waits already.
    """
    hold_standing(by, at=at)
    require_may_offer(by)
    measure = _held(public_id)
    if measure.state == Measure.State.ENDED:
        raise MeasureStateError("This measure has ended. Prepare a new card.")
    if measure.version != version:
        raise _changed_meanwhile()
    _fitting(measure.pack, measure.item, card, at)
    present = queries.card_of(measure)
    wanted = difference(present, card)
    if not wanted:
        raise MeasureStateError("The card says all of this already; nothing would change.")
    if measure.state == Measure.State.PREPARED:
        measure.prepared_by = by.actor_id if wanted.decides else measure.prepared_by
        _write(measure, card, wanted, by=by, at=at)
        return measure
    if wanted.decides:
        _propose(measure, wanted.part(deciding=True), by=by, at=at)
    described = wanted.part(deciding=False)
    if described:
        entry = _write(measure, turned_to(present, described.after), described, by=by, at=at)
        _kept(measure, described, CardChange.State.MADE, new_id(at), entry, by=by, at=at)
    return measure


def _write(
    measure: Measure, card: Card, wanted: Difference, proposed: CardChange | None = None, *, by: Standing, at: datetime
) -> str:
    """Change the row, and say field by field what is another now; the act's public id."""
    columns = {**_columns(card), "prepared_by": measure.prepared_by, "version": measure.version + 1}
    # One statement compares and writes: of two at one time the second finds another version.
    if not Measure.objects.filter(pk=measure.pk, version=measure.version).update(**columns):
        raise _changed_meanwhile()
    measure.refresh_from_db()
    event = MeasureChanged(
        number=measure.version,
        card_sha256=card.digest(),
        before=texts_of(wanted.before),
        after=texts_of(wanted.after),
        change=str(proposed.public_id) if proposed else "",
        proposed_by=proposed.proposed_by if proposed else "",
    )
    return record(event, by=by, about=str(measure.public_id), at=at).public_id


def _propose(measure: Measure, wanted: Difference, *, by: Standing, at: datetime) -> None:
    if queries.waiting_change(measure) is not None:
        raise MeasureStateError(
            "A change of what decides about money on this card waits for a second officer already. Have it confirmed "
            "or rejected first."
        )
    public_id = new_id(at)
    event = MeasureChangeProposed(change=public_id, before=texts_of(wanted.before), after=texts_of(wanted.after))
    entry = record(event, by=by, about=str(measure.public_id), at=at).public_id
    _kept(measure, wanted, CardChange.State.PROPOSED, public_id, entry, by=by, at=at)


def _kept(
    measure: Measure, wanted: Difference, state: str, public_id: str, entry: str, *, by: Standing, at: datetime
) -> None:
    is_made = state == CardChange.State.MADE
    CardChange.objects.create(
        public_id=public_id,
        measure=measure,
        before=dict(wanted.before),
        after=dict(wanted.after),
        state=state,
        number=measure.version if is_made else None,
        proposed_by=by.actor_id,
        proposed_at=at,
        decided_at=at if is_made else None,
        entry=entry,
    )


@action
def confirm_change(change: str, *, by: Standing, at: datetime) -> Measure:
    """Agree, as another officer, to what is proposed for the money of a published card; it counts from now on.

    Batches that began before keep their terms.

    :raises NotAllowedError: for who proposed it.
    :raises MeasureStateError: when it was decided already.
    :raises WrongMeasureError: when the card would not fit the rules in force any more.
    """
    measure, held = _change_held(change, by=by, at=at)
    if by.actor_id == held.proposed_by:
        raise NotAllowedError("You proposed this change yourself. Another officer has to look at it and confirm it.")
    card = turned_to(queries.card_of(measure), held.after)
    _fitting(measure.pack, measure.item, card, at)
    held.entry = _write(measure, card, Difference(held.before, held.after), held, by=by, at=at)
    held.state, held.number = CardChange.State.MADE, measure.version
    held.decided_by, held.decided_at = by.actor_id, at
    held.save(update_fields=["state", "number", "decided_by", "decided_at", "entry"])
    return measure


@action
def reject_change(change: str, *, reason: str, by: Standing, at: datetime) -> CardChange:
    """Refuse what is proposed for the money of a card; who proposed it takes it back so.

    :raises MeasureStateError: when it was decided already.
    """
    _measure, held = _change_held(change, by=by, at=at)
    _reject(held, _reason(reason), by=by, at=at)
    return held


def _reject(held: CardChange, reason: str, *, by: Standing, at: datetime) -> None:
    event = MeasureChangeRejected(change=str(held.public_id), reason=reason)
    record(event, by=by, about=str(held.measure.public_id), at=at)
    held.state, held.reason = CardChange.State.REJECTED, reason
    held.decided_by, held.decided_at = by.actor_id, at
    held.save(update_fields=["state", "reason", "decided_by", "decided_at"])


def _change_held(change: str, *, by: Standing, at: datetime) -> tuple[Measure, CardChange]:
    """The card is held first, as everywhere: of two who decide at once the second finds it decided."""
    hold_standing(by, at=at)
    require_may_offer(by)
    found = queries.change_called(by, change)
    if found is None:
        raise UnknownMeasureError("There is no such change of a card.")
    measure = _held(str(found.measure.public_id))
    held = measure.changes.get(pk=found.pk)
    if held.state != CardChange.State.PROPOSED:
        raise MeasureStateError("This change was decided on already.")
    return measure, held


@action
def publish_measure(public_id: str, *, version: int, by: Standing, at: datetime) -> Measure:
    """Offer it from now on.

    :param version: that which ``by`` looked at; a card that somebody wrote on since is not published unseen.
    :raises MeasureChangedError: when it has another version by now.
    :raises MeasureStateError: unless it is prepared.
    :raises NotAllowedError: for who prepared it, where it gives money or the item had a published card before: ending
        one and preparing another would be a way around the second officer.
    :raises WrongMeasureError: when the card does not fit the rules in force any more.
    """
    hold_standing(by, at=at)
    require_may_offer(by)
    measure = _held(public_id)
    if measure.state != Measure.State.PREPARED:
        raise MeasureStateError("Only a card that is prepared can be published.")
    card = queries.card_of(measure)
    if by.actor_id == measure.prepared_by:
        _require_one_is_enough(measure, card)
    if measure.version != version:
        raise _changed_meanwhile()
    offered = _fitting(measure.pack, measure.item, card, at)
    event = MeasurePublished(
        pack=measure.pack,
        item=measure.item,
        release=offered.loaded.release,
        card_sha256=card.digest(),
        prepared_by=measure.prepared_by,
    )
    record(event, by=by, about=str(measure.public_id), at=at)
    measure.state, measure.published_at = Measure.State.PUBLISHED, at
    measure.save(update_fields=["state", "published_at"])
    return measure


def _require_one_is_enough(measure: Measure, card: Card) -> None:
    if card.gives_money:
        raise NotAllowedError(
            "This card gives money, so who prepared it does not publish it. Another officer looks at it and does."
        )
    if queries.was_offered_before(measure):
        raise NotAllowedError(
            "This item had a published card before, so who wrote the new one does not publish it. Another officer does."
        )


@action
def end_measure(public_id: str, *, reason: str, by: Standing, at: datetime) -> Measure:
    """Offer it no longer; what was decided and paid stays.

    :raises MeasureStateError: when it has ended already.
    """
    hold_standing(by, at=at)
    require_may_offer(by)
    measure = _held(public_id)
    if measure.state == Measure.State.ENDED:
        raise MeasureStateError("This measure has ended already.")
    reason = _reason(reason)
    waiting = queries.waiting_change(measure)
    if waiting is not None:
        _reject(waiting, reason, by=by, at=at)
    record(MeasureEnded(reason=reason), by=by, about=str(measure.public_id), at=at)
    measure.state, measure.ended_at = Measure.State.ENDED, at
    measure.save(update_fields=["state", "ended_at"])
    return measure


def _changed_meanwhile() -> MeasureChangedError:
    return MeasureChangedError("Somebody changed this card since you opened it. Compare both, and save again.")


def _reason(text: str) -> str:
    text = text.strip()
    if not text or len(text) > MAX_REASON or not text.isprintable():
        raise WrongMeasureError("Say why, in at most {limit} printable characters.", limit=MAX_REASON)
    return text


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
