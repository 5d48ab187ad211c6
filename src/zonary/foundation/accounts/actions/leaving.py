"""Closing an account, and erasing who it was (个人信息保护法 art. 47). The leaves stay, so receipts verify on."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q

from zonary.common.clock import zone_date
from zonary.foundation.accounts.events import PersonErased, PersonRestricted
from zonary.foundation.accounts.leaving import close_elsewhere, erase_elsewhere
from zonary.foundation.accounts.models import AccessToken, AdminAppointment, IdentityCheck, Person
from zonary.foundation.accounts.permissions import is_security_admin
from zonary.foundation.accounts.rules import last_day_kept
from zonary.foundation.ledger.actors import SYSTEM, Actor
from zonary.foundation.ledger.erasure import erase_acts
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record
from zonary.proof.errors import Noun

RETENTION_BASIS = "网络安全法 (2016) art. 21 no. 3"
"""As events have had it from the first version on."""
RETENTION = Noun("Cybersecurity Law (2016), article 21(3)")
"""The same to people, in their language."""


class LeavingError(LedgerError):
    """The account cannot be closed, or the person not erased, as things are."""


@action
def close_account(person: str, *, reason: str, by: Actor, at: datetime) -> Person:
    """Close the account of ``person`` (public id), and restrict what is known of them until it may be erased.

    They can sign in no longer, act for nobody, and are shown to nobody but the security administrator.

    :raises LeavingError: unless it is ``by``'s own, or ``by`` is the security administrator; or it is closed already.
    """
    if by.actor_id != person and not is_security_admin(by):
        raise LeavingError("Only the person and the security administrator close an account.")
    found = Person.objects.filter(public_id=person, is_active=True).first()
    if found is None:
        raise LeavingError("There is no such account that is open.")
    if AdminAppointment.objects.filter(person=found, ended_at=None).exists():
        raise LeavingError("An administrator's account cannot be closed. The appointment has to end first.")
    close_elsewhere(found, by=by, at=at)
    _end_access(found, at=at)
    until = last_day_kept(zone_date(at), settings.ZONARY_RETENTION)
    Person.objects.filter(pk=found.pk).update(is_active=False, restricted_at=at, restricted_until=until)
    event = PersonRestricted(until=until.isoformat(), basis=RETENTION_BASIS, reason=reason)
    record(event, by=by, about=person, at=at)
    found.refresh_from_db()
    return found


@action
def erase_person(person: str, *, reason: str, by: Actor, at: datetime) -> int:
    """Erase what is known of a person whose account is closed; returns of how many acts the bodies went with it.

    What stays is a public id that says nothing about anybody, the leaves of the log, and that this was done.

    :raises LeavingError: while it has to be kept: until then it is restricted, not erased.
    """
    if by.actor_id not in (person, SYSTEM.actor_id) and not is_security_admin(by):
        raise LeavingError("Only the person and the security administrator have a person erased.")
    found = Person.objects.filter(public_id=person, is_active=False, erased_at=None).first()
    if found is None or found.restricted_until is None:
        raise LeavingError("There is no such closed account. An account is closed before it is erased.")
    if zone_date(at) < found.restricted_until:
        raise LeavingError(
            "What is known of this person has to be kept until {day} ({basis}). Until then it is restricted: nobody "
            "but the security administrator sees it.",
            day=found.restricted_until.isoformat(),
            basis=RETENTION,
        )
    erase_elsewhere(found, by=by, at=at)
    SocialToken.objects.filter(account__user=found).delete()
    SocialAccount.objects.filter(user=found).delete()
    Authenticator.objects.filter(user=found).delete()
    EmailAddress.objects.filter(user=found).delete()
    IdentityCheck.objects.filter(person=found).update(source="")
    Person.objects.filter(pk=found.pk).update(email="", name="", password="", last_login=None, erased_at=at)
    concerning = Q(actor=person) | Q(about=person)
    acts = erase_acts(concerning, kinds="accounts.", about=person, by=by, reason=reason, at=at)
    record(PersonErased(acts=acts, reason=reason), by=by, about=person, at=at)
    return acts


def _end_access(person: Person, *, at: datetime) -> None:
    keys = list(UserSession.objects.filter(user=person).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=person).delete()
    AccessToken.objects.filter(owner=str(person.public_id), revoked_at=None).update(revoked_at=at)
