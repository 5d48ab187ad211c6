"""Every write."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.db import IntegrityError, transaction

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.common.plain_text import is_plain
from zonary.foundation.documents.actions import return_document, set_document_apart
from zonary.foundation.ledger.actors import Actor, NamedActor
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record, repeat
from zonary.foundation.organizations.permissions import hold_membership, require_person, require_scope
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.proof.digests import Digests, digests_of
from zonary.services.evidence import queries as evidence
from zonary.services.evidence.secrets import queries
from zonary.services.evidence.secrets.events import (
    AccessGranted,
    AccessWithdrawn,
    AgreementAccepted,
    AgreementIssued,
    LeaverChecked,
    SecretEnded,
    SecretOpened,
    SecretRegistered,
)
from zonary.services.evidence.secrets.models import AccessGrant, Agreement, LeaverCheck, SecretOpening, TradeSecret
from zonary.services.evidence.secrets.permissions import READ, require_may_keep
from zonary.services.evidence.secrets.rules import (
    DOCUMENT,
    MARKINGS,
    MAX_TERM_DAYS,
    RECORD,
    RETURNS,
    commit_point,
    is_term,
)

_SALT_BYTES = 16


class SecretError(LedgerError):
    """This cannot be done with a secret."""


class UnknownSecretError(LedgerError):
    """There is no such secret, or it is nothing to whoever asks: the same answer."""


@action
def register_secret(
    source: str, thing: str, *, title: str, marking: str, point: str = "", by: Standing, at: datetime
) -> TradeSecret:
    """Keep a record, or a document that ``by``'s holder encrypted, as a trade secret.

    A document leaves the documents until the secret ends.

    :param thing: public id of the record or document.
    :param point: what about it is secret; only digests of it are recorded.
    :raises SecretError: when there is no such thing, the document is not encrypted, or it is registered already.
    """
    require_may_keep(by, at=at)
    if marking not in MARKINGS or not (title.strip() and is_plain(title)):
        raise SecretError("A secret needs a title and one of the markings.")
    if thing in queries.registered_things(by):
        raise SecretError("This is registered as a trade secret already.")
    number = _take(source, thing, by=by, at=at)
    salt = secrets.token_bytes(_SALT_BYTES) if point else b""
    committed = commit_point(point, salt).hex() if point else {"sha256": "", "sm3": ""}
    public_id = new_id(at)
    event = SecretRegistered(
        marking=marking,
        source=source,
        thing=thing,
        number=number or 0,
        point_sha256=committed["sha256"],
        point_sm3=committed["sm3"],
    )
    recorded = record(event, by=by, about=public_id, at=at)
    made = TradeSecret(
        public_id=public_id,
        holder=by.holder,
        title=title,
        marking=marking,
        source=source,
        thing=thing,
        number=number,
        point=point,
        point_salt=salt,
        registered_by=by.actor_id,
        registered_at=at,
        entry=recorded.public_id,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise SecretError("This is registered as a trade secret already.") from None  # at the same moment
    return made


def _take(source: str, thing: str, *, by: Standing, at: datetime) -> int | None:
    """See that the thing is there and ``by``'s, and set a document apart; returns the number of its version."""
    if source == RECORD and evidence.record_of(by, thing) is not None:
        if queries.has_plain_copy(by, thing, at=at):
            raise SecretError(
                "A copy of this evidence is stored here unencrypted, so that the server can read it. Erase the copy "
                "first."
            )
        return None
    if source != DOCUMENT:
        raise SecretError("There is no record {public_id} of yours.", public_id=thing)
    version = queries.encrypted_version(by, thing)
    if version is None:
        raise SecretError("There is no such document of yours, or its newest version is not encrypted.")
    set_document_apart(thing, by=by, at=at)
    return version.number


@action
def end_secret(secret: str, *, reason: str, erase_point: bool, by: Standing, at: datetime) -> None:
    """Keep it as a secret no longer: every grant ends, and a document goes back among the documents.

    :param reason: becomes part of the ledger; never put into it what is secret.
    :param erase_point: erase the secrecy point with its salt, too: nobody can prove any more what it was.
    :raises UnknownSecretError: when ``by`` keeps no such secret that is in force.
    """
    require_may_keep(by, at=at)
    held = _hold_secret(by, secret)
    for grant in AccessGrant.objects.select_for_update().filter(secret=held, withdrawn_at=None):
        _withdraw(grant, held, by=by, at=at)
    if held.source == DOCUMENT:
        return_document(str(held.thing), by=by, at=at)
    gone = {"point": "", "point_salt": b""} if erase_point else {}
    TradeSecret.objects.filter(pk=held.pk).update(ended_at=at, end_reason=reason, **gone)
    record(SecretEnded(reason=reason, is_point_erased=erase_point), by=by, about=secret, at=at)


def _hold_secret(by: Standing, secret: str) -> TradeSecret:
    found = queries.own_secret(by, secret)
    held = None if found is None else TradeSecret.objects.select_for_update().filter(pk=found.pk, ended_at=None).first()
    if held is None:
        raise UnknownSecretError("There is no such trade secret, or it is not open to you.")
    return held


@action
def issue_agreement(title: str, text: str, *, by: Standing, at: datetime) -> Agreement:
    """Write down another version of the confidentiality agreement; those before it stay as they are.

    :raises SecretError: when two do so at one moment.
    """
    require_may_keep(by, at=at)
    if not (title.strip() and is_plain(title) and text.strip()):
        raise SecretError("An agreement needs a title and a text.")
    last = Agreement.objects.select_for_update().filter(holder=by.holder).order_by("-number").first()
    number, public_id, digests = (last.number if last else 0) + 1, new_id(at), _text_digests(text)
    event = AgreementIssued(number=number, **digests.hex())
    recorded = record(event, by=by, about=public_id, at=at)
    made = Agreement(
        public_id=public_id,
        holder=by.holder,
        number=number,
        title=title,
        text=text,
        issued_by=by.actor_id,
        issued_at=at,
        entry=recorded.public_id,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise SecretError("Somebody wrote an agreement at the same moment. Look at it, and try again.") from None
    return made


def _text_digests(text: str) -> Digests:
    return digests_of(text.encode())


@action
def grant_access(
    secret: str, *, person: str, name: str = "", agreement: str, until: date, by: Standing, at: datetime
) -> AccessGrant:
    """Let a member of the holder, or a named outsider, see a secret until a day, once they accept an agreement.

    An earlier grant to them ends.

    :param person: their public id.
    :param name: what the holder calls an outsider.
    :raises UnknownSecretError: when ``by`` keeps no such secret that is in force.
    :raises SecretError: when there is nobody of that id, no such agreement, or the day is past or too far away.
    """
    require_may_keep(by, at=at)
    held = _hold_secret(by, secret)
    accepted = queries.own_agreement(by, agreement)
    if accepted is None:
        raise SecretError("Choose one of your confidentiality agreements; write one first if there is none.")
    if not is_term(until, zone_date(at)):
        raise SecretError("The last day is today or later, and at most {days} days away.", days=MAX_TERM_DAYS)
    if person == by.person or not queries.is_person(person):
        raise SecretError("There is nobody else of that number who could see it.")
    is_member = bool(by.organisation) and queries.is_member(by, person, at=at)
    if not is_member and not (name.strip() and is_plain(name)):
        raise SecretError("Say what you call this outsider, so that you recognise them later.")
    for earlier in AccessGrant.objects.select_for_update().filter(
        secret=held, person=as_uuid(person), withdrawn_at=None
    ):
        _withdraw(earlier, held, by=by, at=at)
    public_id = new_id(at)
    event = AccessGranted(access=public_id, person=person, agreement=agreement, until=until.isoformat())
    recorded = record(event, by=by, about=secret, at=at)
    return AccessGrant.objects.create(
        public_id=public_id,
        secret=held,
        person=person,
        organisation=by.organisation if is_member else "",
        name="" if is_member else name,
        agreement=accepted,
        until=until,
        granted_by=by.actor_id,
        since=at,
        entry=recorded.public_id,
    )


@action
def withdraw_access(grant: str, *, by: Standing, at: datetime) -> AccessGrant:
    """Let somebody see it no longer; what they took away before is out of anybody's hands.

    :raises UnknownSecretError: when ``by`` keeps no secret with such a grant that still runs.
    """
    require_may_keep(by, at=at)
    found = queries.own_grant(by, grant)
    held = AccessGrant.objects.select_for_update().filter(pk=found.pk, withdrawn_at=None).first() if found else None
    if found is None or held is None:
        raise UnknownSecretError("There is no such access to a secret of yours, or it has ended.")
    _withdraw(held, found.secret, by=by, at=at)
    return held


def _withdraw(grant: AccessGrant, secret: TradeSecret, *, by: Standing, at: datetime) -> None:
    AccessGrant.objects.filter(pk=grant.pk).update(withdrawn_at=at)
    event = AccessWithdrawn(access=str(grant.public_id), person=str(grant.person))
    record(event, by=by, about=str(secret.public_id), at=at)


@action
def accept_agreement(secret: str, *, shown: str, by: Standing, at: datetime) -> AccessGrant:
    """Accept the confidentiality agreement on which a secret is shown to ``by``: an act of that person.

    :param shown: SHA-256 of the text that was shown to them, in hexadecimal.
    :raises UnknownSecretError: when it is not shown to them.
    :raises SecretError: when another text was shown to them than belongs to the grant.
    """
    require_person(by)
    access = queries.access_to(by, secret, at=at)
    _hold_access(by, access, at=at)
    grant = None if access is None else access.grant
    held = AccessGrant.objects.select_for_update().filter(pk=grant.pk, withdrawn_at=None).first() if grant else None
    if access is None or grant is None or held is None:
        raise UnknownSecretError("There is no such trade secret, or it is not open to you.")
    if held.acceptance is not None:
        repeat([str(held.acceptance)])
        return held
    digests = _text_digests(grant.agreement.text).hex()
    if shown != digests["sha256"]:
        raise SecretError("The agreement has changed since you read it. Read it again.")
    event = AgreementAccepted(
        secret=secret, access=str(held.public_id), agreement=str(grant.agreement.public_id), **digests
    )
    recorded = record(event, by=_seen_as(by, grant), about=access.secret.holder, at=at)
    AccessGrant.objects.filter(pk=held.pk).update(accepted_at=at, acceptance=recorded.public_id)
    return held


def _hold_access(by: Standing, access: queries.Access | None, *, at: datetime) -> None:
    """Whose membership was ended a moment ago comes too late, who keeps the register as well."""
    if access is not None and (access.grant is None or access.grant.organisation):
        hold_membership(by, at=at)


def _seen_as(by: Standing, grant: AccessGrant | None) -> Actor:
    """An outsider acts for themselves alone: whom they act for otherwise has no part in it, nor sees it."""
    return by if grant is None or grant.organisation else NamedActor(by.person)


@action
def open_secret(secret: str, what: str, *, by: Standing, at: datetime) -> TradeSecret:
    """Record that ``by`` opens a secret; only then may it be shown.

    :param what: page, package or content.
    :raises UnknownSecretError: when it is not open to them, or they have not accepted the agreement.
    """
    require_scope(by, READ)
    access = queries.access_to(by, secret, at=at)
    _hold_access(by, access, at=at)
    if access is None or not access.is_accepted:
        raise UnknownSecretError("There is no such trade secret, or it is not open to you.")
    same = queries.last_opening(by, access.secret, what, at=at)
    if same is not None:
        repeat([str(same.entry)])
        return access.secret
    grant = access.grant
    event = SecretOpened(secret=secret, access="" if grant is None else str(grant.public_id), what=what)
    recorded = record(event, by=_seen_as(by, grant), about=access.secret.holder, at=at)
    SecretOpening.objects.create(
        secret=access.secret, grant=grant, what=what, person=by.person, at=at, entry=recorded.public_id
    )
    return access.secret


@action
def check_leaver(person: str, *, returned: str, note: str = "", by: Standing, at: datetime) -> LeaverCheck:
    """Close everything that is open to somebody, and say what became of what they had.

    :param returned: one of ``rules.RETURNS``.
    :raises UnknownSecretError: when they were never to see anything of ``by``'s.
    """
    require_may_keep(by, at=at)
    if returned not in RETURNS or not is_plain(note):
        raise SecretError("Say what became of what they had.")
    grants = queries.grants_to(by, person)
    if not grants:
        raise UnknownSecretError("Nothing of yours was ever open to this person.")
    closed = []
    for grant in AccessGrant.objects.select_for_update().filter(
        secret__holder=by.holder, person=as_uuid(person), withdrawn_at=None
    ):
        secret = next(each.secret for each in grants if each.pk == grant.pk)
        _withdraw(grant, secret, by=by, at=at)
        closed.append(str(grant.public_id))
    count = SecretOpening.objects.filter(secret__holder=by.holder, person=as_uuid(person)).count()
    event = LeaverChecked(person=person, accesses=closed, openings=count, returned=returned)
    recorded = record(event, by=by, about=by.holder, at=at)
    check = LeaverCheck.objects.create(
        public_id=new_id(at),
        holder=by.holder,
        person=person,
        returned=returned,
        note=note,
        checked_by=by.actor_id,
        checked_at=at,
        entry=recorded.public_id,
    )
    unchecked = AccessGrant.objects.filter(secret__holder=by.holder, person=as_uuid(person), leaver_check=None)
    unchecked.update(leaver_check=check)
    return check
