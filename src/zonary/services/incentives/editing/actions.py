"""Every write: a draft is begun, saved, handed over and dropped."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime

from django.db.models import F

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.actions import propose_pack
from zonary.foundation.rules.queries import latest_release
from zonary.services.incentives.editing.again import content_again
from zonary.services.incentives.editing.checks import (
    dictionary_shapes,
    pack_json,
    require_nothing_in_the_way,
    require_readable,
    terms_as_said,
)
from zonary.services.incentives.editing.events import (
    DraftBegun,
    DraftDropped,
    DraftHandedOver,
    DraftSaved,
    DraftTakenUp,
)
from zonary.services.incentives.editing.models import WorkingDraft
from zonary.services.incentives.editing.permissions import (
    UnknownWorkingDraftError,
    WorkingDraftChangedError,
    require_may_write,
)
from zonary.services.incentives.editing.rules import MAX_CONTENT, Content, WrongDraftError, begun, with_row
from zonary.services.incentives.library.models import PolicyEdition
from zonary.services.incentives.library.permissions import UnknownDocumentError
from zonary.services.incentives.library.queries import edition_called

MAX_TITLE = 200


@action
def begin_draft(
    edition: str,
    *,
    pack: str,
    title_english: str,
    item_title: str,
    item_title_english: str,
    first: date,
    by: Standing,
    at: datetime,
) -> WorkingDraft:
    """Begin to write rules from an edition of a document, with one item in them.

    :param pack: the short name of the rules; that of released ones: the next release of them.
    :param first: the item's first day in force.
    :raises UnknownDocumentError: when there is no such edition.
    """
    hold_standing(by, at=at)
    require_may_write(by)
    found = _edition(edition)
    for text in (title_english, item_title, item_title_english):
        if not text.strip() or len(text) > MAX_TITLE or not text.isprintable():
            raise WrongDraftError("Titles are in two languages, each of at most {limit} characters.", limit=MAX_TITLE)
    content = begun(pack, found.document.number, (found.document.title, title_english))
    content["terms"] = terms_as_said(found.text)
    title = {"zh": item_title, "en": item_title_english}
    row = {"id": "item-1", "title": title, "condition": {"all": []}, "first": first.isoformat()}
    content = with_row(content, "items", row)
    public_id = new_id(at)
    record(DraftBegun(pack=pack, edition=str(found.public_id)), by=by, about=public_id, at=at)
    return _opened(public_id, found, content, by=by, at=at)


@action
def take_up_release(pack: str, *, edition: str, first: date, by: Standing, at: datetime) -> WorkingDraft:
    """Begin the next edition of released rules from what the last release says. That one decides on until then.

    :param edition: of the document the rules are now written from.
    :param first: since when its items are in force.
    :raises UnknownPackError: when nothing of that name was released.
    :raises UnknownDocumentError: when there is no such edition.
    """
    hold_standing(by, at=at)
    require_may_write(by)
    release = latest_release(pack)
    found = _edition(edition)
    content = content_again(json.loads(release.content), dictionary_shapes(), first)
    content |= {"number": found.document.number, "title": {**content["title"], "zh": found.document.title}}
    public_id = new_id(at)
    taken = DraftTakenUp(pack=pack, taken_from=release.number, digest=release.digest, edition=str(found.public_id))
    record(taken, by=by, about=public_id, at=at)
    return _opened(public_id, found, content, by=by, at=at)


def _edition(public_id: str) -> PolicyEdition:
    found = edition_called(public_id)
    if found is None:
        raise UnknownDocumentError("There is no such policy document.")
    return found


def _opened(public_id: str, edition: PolicyEdition, content: Content, *, by: Standing, at: datetime) -> WorkingDraft:
    return WorkingDraft.objects.create(
        public_id=public_id,
        edition=edition,
        pack=content["id"],
        title=edition.document.title,
        content=_text(content),
        state=WorkingDraft.State.OPEN,
        begun_by=by.actor_id,
        begun_at=at,
        changed_by=by.actor_id,
        changed_at=at,
    )


@action
def save_draft(public_id: str, content: Content, *, version: int, by: Standing, at: datetime) -> WorkingDraft:
    """Keep another content of a draft.

    :param version: that on which the change is based.
    :raises ClausesError: when something in it cannot be read; nothing is kept then.
    :raises WorkingDraftChangedError: when it has another version by now, or is no longer open; nothing is kept then.
    """
    hold_standing(by, at=at)
    require_may_write(by)
    draft = _own(public_id)
    require_readable(content)
    text = _text(content)
    held = WorkingDraft.objects.filter(pk=draft.pk, version=version, state=WorkingDraft.State.OPEN)
    savers = sorted({*draft.saved_by, by.actor_id})
    # One statement compares and writes: of two at one time the second finds another version.
    changes = {"content": text, "saved_by": savers, "changed_by": by.actor_id, "changed_at": at}
    if draft.version != version or not held.update(version=F("version") + 1, **changes):
        raise WorkingDraftChangedError(
            "Somebody else changed this draft since you opened it, or handed it over. Your words are still in the "
            "form: look at the page anew, and save them again."
        )
    event = DraftSaved(number=version + 1, content_sha256=hashlib.sha256(text.encode()).hexdigest())
    record(event, by=by, about=str(draft.public_id), at=at)
    return _own(public_id)


@action
def propose_draft(public_id: str, *, note: str, version: int, by: Standing, at: datetime) -> WorkingDraft:
    """Lay it before the others as a draft of a rule pack, which is then reviewed and released by a second officer.

    :param note: what changes, in a few words.
    :raises ClausesError: when it is no whole pack yet, or something found in it stands in the way; with their count.
    :raises WorkingDraftChangedError: when it has another version by now, or is no longer open.
    """
    hold_standing(by, at=at)
    require_may_write(by)
    draft = _held(public_id, version)
    content = json.loads(draft.content)
    require_nothing_in_the_way(content, zone_date(at), draft.edition)
    proposed = propose_pack(pack_json(content), note=note, written_by=draft.saved_by, by=by, at=at)
    record(DraftHandedOver(proposal=str(proposed.public_id)), by=by, about=str(draft.public_id), at=at)
    draft.state, draft.proposal = WorkingDraft.State.PROPOSED, proposed.public_id
    draft.changed_by, draft.changed_at = by.actor_id, at
    draft.save(update_fields=["state", "proposal", "changed_by", "changed_at"])
    return draft


@action
def drop_draft(public_id: str, *, version: int, by: Standing, at: datetime) -> WorkingDraft:
    """Write it no further; it disappears from the list.

    :raises WorkingDraftChangedError: when it has another version by now, or is no longer open.
    """
    hold_standing(by, at=at)
    require_may_write(by)
    draft = _held(public_id, version)
    record(DraftDropped(number=version), by=by, about=str(draft.public_id), at=at)
    draft.state, draft.changed_by, draft.changed_at = WorkingDraft.State.DROPPED, by.actor_id, at
    draft.save(update_fields=["state", "changed_by", "changed_at"])
    return draft


def _own(public_id: str) -> WorkingDraft:
    found = WorkingDraft.objects.select_related("edition__document").filter(public_id=as_uuid(public_id)).first()
    if found is None:
        raise UnknownWorkingDraftError("There is no such draft.")
    return found


def _held(public_id: str, version: int) -> WorkingDraft:
    """Open, at this version, and until the action ends nobody else's."""
    draft = WorkingDraft.objects.select_for_update().filter(pk=_own(public_id).pk).get()
    if draft.version != version or draft.state != WorkingDraft.State.OPEN:
        raise WorkingDraftChangedError(
            "Somebody else changed this draft since you opened it, or handed it over. Look at it anew first."
        )
    return draft


def _text(content: Content) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    if len(text.encode()) > MAX_CONTENT:
        raise WrongDraftError("A draft has at most {limit} bytes. Divide it into two.", limit=MAX_CONTENT)
    return text
