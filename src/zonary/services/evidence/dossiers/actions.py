"""Every write."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import F

from zonary.common.ids import new_id
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.standing import Standing
from zonary.proof import canonical
from zonary.services.evidence.actions import UnknownRecordError
from zonary.services.evidence.dossiers.events import DossierChanged, DossierOpened, EvidenceFiled, EvidenceTaken
from zonary.services.evidence.dossiers.matters import TEMPLATES
from zonary.services.evidence.dossiers.models import Dossier, DossierItem
from zonary.services.evidence.dossiers.queries import dossier_of, item_in
from zonary.services.evidence.dossiers.rules import MAX_ITEMS, Cover, Stage
from zonary.services.evidence.queries import record_of


class DossierError(LedgerError):
    """This cannot be done with the dossier."""


class DossierChangedError(DossierError):
    """Somebody else changed the dossier since it was read."""


class UnknownDossierError(LedgerError):
    """There is no such dossier of theirs, or nothing like this in it."""


@action
def open_dossier(cover: Cover, *, by: Standing, at: datetime) -> Dossier:
    """Begin a dossier.

    :raises DossierError: when there is no such kind of matter.
    """
    hold_standing(by, at=at)
    _require_known(cover)
    public_id = new_id(at)
    event = DossierOpened(template=cover.template, stands_at=cover.stands_at, cover_sha256=_digest(cover))
    record(event, by=by, about=public_id, at=at)
    return Dossier.objects.create(
        public_id=public_id,
        holder=by.holder,
        title=cover.title,
        note=cover.note,
        template=cover.template,
        stands_at=cover.stands_at,
        opened_by=by.actor_id,
        opened_at=at,
        changed_by=by.actor_id,
        changed_at=at,
    )


@action
def change_dossier(dossier: str, cover: Cover, *, version: int, by: Standing, at: datetime) -> Dossier:
    """Write something else on a dossier.

    :param version: that on which the change is based.
    :raises UnknownDossierError: when ``by``'s holder has no such dossier.
    :raises DossierChangedError: when it has another version by now; nothing is changed then.
    """
    hold_standing(by, at=at)
    _require_known(cover)
    _own(by, dossier)
    held = Dossier.objects.filter(public_id=dossier, version=version)
    written = {"title": cover.title, "note": cover.note, "template": cover.template, "stands_at": cover.stands_at}
    # One statement compares and writes: of two at one time the second finds another version.
    if not held.update(**written, version=F("version") + 1, changed_by=by.actor_id, changed_at=at):
        raise DossierChangedError(
            "Somebody changed this dossier since you opened it. Nothing is lost: compare both, and save again."
        )
    event = DossierChanged(
        template=cover.template, stands_at=cover.stands_at, cover_sha256=_digest(cover), number=version + 1
    )
    record(event, by=by, about=dossier, at=at)
    return _own(by, dossier)


@action
def file_evidence(dossier: str, evidence: str, *, stage: str, ask: str = "", by: Standing, at: datetime) -> DossierItem:
    """Put a record into a dossier.

    :param evidence: public id of the record.
    :param ask: key of what it is there for; empty: for something else.
    :raises UnknownDossierError: when ``by``'s holder has no such dossier.
    :raises UnknownRecordError: when they have no such record.
    :raises DossierError: when it lies there already, there is no such place, or no room.
    """
    hold_standing(by, at=at)
    held = _own(by, dossier)
    # Of two who put the same there at one time, the second waits here and then finds it.
    Dossier.objects.select_for_update().get(pk=held.pk)
    if record_of(by, evidence) is None:
        raise UnknownRecordError("There is no record {public_id} of yours.", public_id=evidence)
    wanted = TEMPLATES[held.template].ask(ask) if ask else None
    if stage not in set(Stage) or (ask and (wanted is None or wanted.stage != stage)):
        raise DossierError("This kind of dossier has no such place. Choose one of those it shows.")
    lying = held.items.filter(taken_at=None)
    if lying.filter(record=evidence, stage=stage, ask=ask).exists():
        raise DossierError("This record lies there already.")
    if lying.count() >= MAX_ITEMS:
        raise DossierError("A dossier holds at most {count} records. Open another.", count=MAX_ITEMS)
    item = new_id(at)
    record(EvidenceFiled(item=item, record=evidence, stage=stage, ask=ask), by=by, about=dossier, at=at)
    return DossierItem.objects.create(
        public_id=item, dossier=held, record=evidence, stage=stage, ask=ask, put_by=by.actor_id, put_at=at
    )


@action
def take_evidence(dossier: str, item: str, *, by: Standing, at: datetime) -> None:
    """Take a record out of a dossier; the record itself stays.

    :raises UnknownDossierError: when it does not lie in a dossier of ``by``'s holder.
    """
    hold_standing(by, at=at)
    found = item_in(by, dossier, item)
    if found is None or not DossierItem.objects.filter(pk=found.pk, taken_at=None).update(taken_at=at):
        raise UnknownDossierError("This does not lie in a dossier of yours, or was taken out.")
    record(EvidenceTaken(item=item, record=str(found.record)), by=by, about=dossier, at=at)


def _own(by: Standing, dossier: str) -> Dossier:
    found = dossier_of(by, dossier)
    if found is None:
        raise UnknownDossierError("There is no such dossier of yours.")
    return found


def _require_known(cover: Cover) -> None:
    if cover.template not in TEMPLATES or cover.stands_at not in set(Stage):
        raise DossierError("There is no such kind of matter, or no such stage.")


def _digest(cover: Cover) -> str:
    written = {"title": cover.title, "note": cover.note, "template": cover.template, "stands_at": cover.stands_at}
    return hashlib.sha256(canonical.encode(dict(written))).hexdigest()
