"""How the rows of one batch become organisations: new ones listed, known ones brought up to date.

Called in the action of the batch. Nothing is taken away: an empty cell says nothing, what was corrected here stays
(更正 goes before the registry's word, which may be older), and who acts for whom is not touched.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from zonary.common.ids import new_id
from zonary.common.language import translate
from zonary.foundation.ledger.act_batches import record_each
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.rows import Value, day, identifier, insert, moment, update
from zonary.foundation.organizations.models import Correction, Organization, RegistryImport, RegistryRemark
from zonary.foundation.organizations.registry.events import EnterpriseListed
from zonary.foundation.organizations.registry.files import Batch
from zonary.foundation.organizations.registry.rules import TEXT_FIELDS, Listing, Remark, RowError, shortened

FIELDS = (*TEXT_FIELDS, "established_on")
_NEW = ("public_id", "kind", "state", "uscc", *FIELDS, "registry_act", "registered_by", "registered_at", "changed_at")
_REMARK = ("registry_import_id", "row", "is_refused", "column", "value", "reason_zh", "reason_en")


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of the listings of a batch."""

    created: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    id: int
    public_id: uuid.UUID
    kind: str
    fields: Mapping[str, str | date | None]


@dataclass(frozen=True, slots=True)
class _Change:
    listing: Listing
    known: _Known
    after: dict[str, str | date | None]


def _list_enterprises(running: RegistryImport, batch: Batch, *, by: Actor, at: datetime) -> Listed:
    """List, change or leave as it is each enterprise of ``batch``, and write down what is to be said of its rows."""
    known = _known(listing.uscc for listing in batch.listings)
    fresh = [listing for listing in batch.listings if listing.uscc not in known]
    changes, remarks = _changes([listing for listing in batch.listings if listing.uscc in known], known)
    ids = [new_id(at) for _listing in fresh]
    events = [_created(listing, public_id) for listing, public_id in zip(fresh, ids, strict=True)]
    events += [_changed(change) for change in changes]
    if events:
        acts = record_each(events, by=by, about=str(running.public_id), at=at).ids()
        _insert(fresh, ids, acts[: len(fresh)], running, at)
        _update(changes, acts[len(fresh) :], at)
    insert(RegistryRemark, _REMARK, (_remark(running, remark) for remark in (*batch.remarks, *remarks)))
    return Listed(len(fresh), len(changes), len(batch.listings) - len(fresh) - len(changes))


def _known(usccs: Iterable[str]) -> dict[str, _Known]:
    """Number -> what is written down here already; held until the action ends, so that no owner's word is lost."""
    rows = Organization.objects.filter(uscc__in=list(usccs)).order_by("pk")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    return {
        uscc: _Known(id=key, public_id=public_id, kind=kind, fields=dict(zip(FIELDS, values, strict=True)))
        for uscc, key, public_id, kind, *values in rows.values_list("uscc", "id", "public_id", "kind", *FIELDS)
    }


def _changes(listings: Sequence[Listing], known: Mapping[str, _Known]) -> tuple[list[_Change], list[Remark]]:
    """What the file says otherwise than what is written down, and what of that is not taken over."""
    wanted = {listing.uscc: _differences(listing, known[listing.uscc]) for listing in listings}
    corrected = _corrected([known[uscc] for uscc, after in wanted.items() if after])
    changes, remarks = [], []
    for listing in listings:
        before, after = known[listing.uscc], wanted[listing.uscc]
        if after and before.kind != Organization.Kind.ENTERPRISE:
            remarks.append(_not_an_enterprise(listing))
            continue
        for name in [name for name in after if name in corrected[str(before.public_id)]]:
            remarks.append(_kept(listing, name, after.pop(name), before))
        if after:
            changes.append(_Change(listing, before, after))
    return changes, remarks


def _differences(listing: Listing, before: _Known) -> dict[str, str | date | None]:
    said = {name: getattr(listing, name) for name in FIELDS}
    return {name: value for name, value in said.items() if value and value != before.fields[name]}


def _corrected(organizations: Sequence[_Known]) -> Mapping[str, set[str]]:
    """Public id -> fields that a correction here has set right."""
    fields: defaultdict[str, set[str]] = defaultdict(set)
    if organizations:
        about = [str(each.public_id) for each in organizations]
        done = Correction.objects.filter(state=Correction.State.APPROVED, about__in=about)
        for public_id, changes in done.values_list("about", "changes"):
            fields[public_id].update(changes)
    return fields


def _kept(listing: Listing, name: str, said: str | date | None, before: _Known) -> Remark:
    reason = RowError(
        "What was corrected here, “{kept}”, was kept; the file says otherwise.", kept=str(before.fields[name])[:80]
    )
    return Remark(listing.row, name, shortened(str(said)), reason, is_refused=False)


def _not_an_enterprise(listing: Listing) -> Remark:
    reason = RowError("It is known here, and not as an enterprise; nothing was changed.")
    return Remark(listing.row, "uscc", listing.uscc, reason, is_refused=False)


def _created(listing: Listing, public_id: str) -> EnterpriseListed:
    after = {name: _text(getattr(listing, name)) for name in FIELDS}
    return EnterpriseListed(enterprise=public_id, uscc=listing.uscc, row=listing.row, before={}, after=after)


def _changed(change: _Change) -> EnterpriseListed:
    return EnterpriseListed(
        enterprise=str(change.known.public_id),
        uscc=change.listing.uscc,
        row=change.listing.row,
        before={name: _text(change.known.fields[name]) for name in change.after},
        after={name: _text(value) for name, value in change.after.items()},
    )


def _text(value: str | date | None) -> str:
    return "" if value is None else str(value)


def _insert(
    listings: Sequence[Listing], ids: Sequence[str], acts: Sequence[str], running: RegistryImport, at: datetime
) -> None:
    kind, state = Organization.Kind.ENTERPRISE.value, Organization.State.LISTED.value
    source, now = str(running.public_id), moment(at)
    rows: list[tuple[Value, ...]] = [
        (
            identifier(public_id), kind, state, listing.uscc, listing.name, listing.legal_representative,
            listing.address, listing.industry_code, day(listing.established_on), identifier(act), source, now, now,
        )
        for listing, public_id, act in zip(listings, ids, acts, strict=True)
    ]  # fmt: skip
    insert(Organization, _NEW, rows)


def _update(changes: Sequence[_Change], acts: Sequence[str], at: datetime) -> None:
    now = moment(at)
    rows: list[tuple[Value, ...]] = []
    for change, act in zip(changes, acts, strict=True):
        whole = {**change.known.fields, **change.after}
        values = [_value(whole[name]) for name in FIELDS]
        rows.append((*values, identifier(act), now, change.known.id))
    update(Organization, (*FIELDS, "registry_act", "changed_at"), rows)


def _value(value: str | date | None) -> Value:
    return day(value) if isinstance(value, date) else value


def _remark(running: RegistryImport, remark: Remark) -> tuple[Value, ...]:
    reason, texts = remark.reason, (remark.column[:200], remark.value[:100])
    in_chinese = translate(reason.msgid, "zh", reason.params)
    return (running.pk, remark.row, remark.is_refused, *texts, in_chinese[:600], str(reason)[:600])
