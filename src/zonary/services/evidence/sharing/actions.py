"""Every write."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.common.plain_text import is_plain
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record, repeat
from zonary.foundation.organizations.permissions import hold_standing, require_scope
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.rules import digest_of_secret
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence.actions import erase_evidence
from zonary.services.evidence.certificates.actions import erase_certificates
from zonary.services.evidence.copies.actions import forget_copies
from zonary.services.evidence.declarations.actions import erase_declarations
from zonary.services.evidence.exporting.actions import accept_export_notice
from zonary.services.evidence.exporting.rules import Receiver, needs_notice
from zonary.services.evidence.sharing.events import EvidenceShared, RecordErased, ShareEnded, ShareOpened
from zonary.services.evidence.sharing.models import Share, ShareOpening
from zonary.services.evidence.sharing.queries import is_open, is_somebody, last_opening, own_share, share_with
from zonary.services.evidence.sharing.rules import LINK, MAX_TERM_DAYS, is_term
from zonary.services.evidence.sharing.shareable import shareable


class SharingError(LedgerError):
    """This cannot be shared so."""


class UnknownShareError(LedgerError):
    """There is no such share of theirs."""


class ShareOverError(LedgerError):
    """What was shared is not any more."""


@action
def share_evidence(
    kind: str, thing: str, *, grantee: str = "", name: str = "", until: date, receiver: str = Receiver.HOME,
    notice: str = "", by: Standing, at: datetime,
) -> tuple[Share, str]:  # fmt: skip
    """Let somebody see a record or a dossier until a day; an earlier share of it with the same ends.

    :param grantee: public id of an organisation or a person; empty: whoever has the link, called ``name``.
    :param receiver: where they are, as ``by`` says; for one abroad ``notice`` is the digest of the notice accepted.
    :return: the share, and the secret of its link, which is kept nowhere; empty without a link.
    :raises UnknownShareError: when ``by``'s holder has no such thing.
    :raises SharingError: when there is nobody of that id, or the day is past or too far away.
    :raises ExportNoticeError: when they are abroad, and the notice of now was not accepted.
    """
    hold_standing(by, at=at)
    known = shareable(kind)
    if known is None or known.title(by.holder, thing) is None:
        raise UnknownShareError("There is no record or dossier {public_id} of yours.", public_id=thing)
    if not is_term(until, zone_date(at)):
        raise SharingError("The last day is today or later, and at most {days} days away.", days=MAX_TERM_DAYS)
    if grantee and (grantee in (by.holder, by.person) or not is_somebody(grantee)):
        raise SharingError("There is nobody of that name or number to share this with.")
    if not grantee and not (name.strip() and is_plain(name)):
        raise SharingError("Say what you call whoever gets the link, so that you recognise them later.")
    share, secret = new_id(at), "" if grantee else secrets.token_urlsafe(32)
    for earlier in Share.objects.select_for_update().filter(thing=thing, grantee=grantee, ended_at=None):
        _end(earlier, by=by, at=at, followed_by=share)
    made = Share.objects.create(
        public_id=share,
        kind=kind,
        thing=thing,
        holder=by.holder,
        grantee=grantee or f"{LINK}{share}",
        secret_digest=digest_of_secret(secret) if secret else None,
        name="" if grantee else name,
        until=until,
        shared_by=by.actor_id,
        since=at,
    )
    event = EvidenceShared(share=share, thing_kind=kind, grantee=grantee, until=until.isoformat())
    record(event, by=by, about=thing, at=at)
    if needs_notice(receiver):
        accept_export_notice(thing, receiver, notice, share=share, by=by, at=at)
    return made, secret


@action
def end_share(share: str, *, by: Standing, at: datetime) -> Share:
    """Stop sharing; what was taken away before is out of anybody's hands.

    :raises UnknownShareError: when ``by``'s holder has no such share that still runs.
    """
    hold_standing(by, at=at)
    found = own_share(by, share)
    held = None if found is None else Share.objects.select_for_update().filter(pk=found.pk, ended_at=None).first()
    if held is None:
        raise UnknownShareError("There is no such share of yours, or it has ended.")
    _end(held, by=by, at=at)
    return held


def _end(share: Share, *, by: Standing, at: datetime, followed_by: str = "") -> None:
    Share.objects.filter(pk=share.pk).update(ended_at=at)
    grantee = "" if share.secret_digest is not None else share.grantee
    event = ShareEnded(share=str(share.public_id), grantee=grantee, followed_by=followed_by)
    record(event, by=by, about=str(share.thing), at=at)


@action
def open_share(share: str, what: str, *, shown: str = "", by: Standing, at: datetime) -> Share:
    """Record that ``by`` looks at what is shared with them; only then may it be shown.

    :param what: page, package or proof.
    :param shown: public id of the record, or empty for the first page.
    :raises UnknownShareError: when there is no such share with them.
    :raises ShareOverError: when it has ended.
    """
    require_scope(by, "evidence:read")
    found = share_with(by, share)
    if found is None:
        raise UnknownShareError("There is nothing like this, or it is not shared with you.")
    if not is_open(found, at):
        raise ShareOverError("This is no longer shared with you. Ask whoever shared it to do so again.")
    same = last_opening(by, found, what, shown, at=at)
    if same is not None:
        repeat([str(same.entry)])
        return found
    event = ShareOpened(share=share, thing=str(found.thing), what=what, record=shown)
    recorded = record(event, by=by, about=found.holder, at=at)
    ShareOpening.objects.create(
        share=found,
        what=what,
        record=as_uuid(shown) if shown else None,
        person=by.person,
        organisation=by.organisation,
        at=at,
        entry=recorded.public_id,
    )
    return found


@action
def erase_record(public_id: str, *, reason: str, by: Standing, at: datetime) -> None:
    """Erase a record with all that was declared of it, and end its shares; its leaf in the log stays.

    Copies of it that are documents stay what they are, and nothing says any more of what they are copies.

    :param reason: becomes part of the ledger; never put into it what is being erased.
    :raises UnknownRecordError: when ``by`` has no such record.
    """
    erase_declarations(public_id, by=by, reason=reason, at=at)
    erase_certificates(public_id, by=by, reason=reason, at=at)
    forget_copies(public_id, by=by, reason=reason, at=at)
    for share in Share.objects.select_for_update().filter(thing=public_id, holder=by.holder, ended_at=None):
        _end(share, by=by, at=at)
    erase_evidence(public_id, by=by, reason=reason, at=at)
    record(RecordErased(reason=reason), by=by, about=public_id, at=at)
