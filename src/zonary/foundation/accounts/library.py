"""What the account library does, told to the ledger: receivers of its signals and of those of its tables.

The tables' own signals come in the change's transaction, whichever of the library's views it was; the library sends
some of its signals only after the commit, when it is too late to record.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.account import signals
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import Signal
from django.http import HttpRequest

from zonary.common.clock import now, rfc3339
from zonary.foundation.accounts.actions.account_acts import tell_account_act
from zonary.foundation.accounts.actions.identity import accept_identity_claim
from zonary.foundation.accounts.events import PersonRegistered
from zonary.foundation.accounts.models import Person
from zonary.foundation.accounts.queries import identity_of
from zonary.foundation.accounts.sign_in_events import (
    AccountEvent,
    AddressAdded,
    AddressChanged,
    AddressRemoved,
    LockedOut,
    PasswordChanged,
    ProviderHeard,
    ProviderLinked,
    ProviderUnlinked,
    SecondFactorAdded,
    SecondFactorChanged,
    SecondFactorRemoved,
    SecondFactorUsed,
    SessionEnded,
    SignedIn,
    SignedOut,
    SignInFailed,
)
from zonary.foundation.ledger.actors import SYSTEM, NamedActor
from zonary.foundation.ledger.acts import Event
from zonary.foundation.ledger.recording import begin_recording, is_recording, record

ANONYMOUS = NamedActor("anonymous")
"""Whoever does something before it is known who they are."""
MAX_AGENT = 200


def connect() -> None:
    """Listen; called once, when the applications are there."""
    for table in (Person, EmailAddress, Authenticator, SocialAccount):
        pre_save.connect(_begin, sender=table, dispatch_uid="begin")
        pre_delete.connect(_begin, sender=table, dispatch_uid="begin")
    table_signals: tuple[tuple[Signal, type[Model], Callable[..., None]], ...] = (
        (post_save, Person, _person_saved),
        (post_save, EmailAddress, _address_saved),
        (post_delete, EmailAddress, _address_deleted),
        (post_save, Authenticator, _factor_saved),
        (post_delete, Authenticator, _factor_deleted),
        (post_save, SocialAccount, _provider_saved),
        (post_delete, SocialAccount, _provider_deleted),
    )
    for signal, table, receiver in table_signals:
        signal.connect(receiver, sender=table, dispatch_uid=receiver.__name__)
    others: tuple[tuple[Signal, Callable[..., None]], ...] = (
        (user_logged_in, _signed_in),
        (user_logged_out, _signed_out),
        (signals.password_set, _password_set),
        (signals.password_changed, _password_changed),
        (signals.password_reset, _password_reset),
        (authentication_failed, _second_factor_failed),
    )
    for signal, receiver in others:
        signal.connect(receiver, dispatch_uid=receiver.__name__)


def tell_failure(request: HttpRequest, person: Person | None, method: str) -> None:
    """Somebody could not show that they are ``person``, or gave an address that is nobody's."""
    client, agent = _whence(request)
    _tell(SignInFailed(method=method, client=client, agent=agent), person, by=ANONYMOUS)


def tell_lock_out(request: HttpRequest, person: Person, seconds: int) -> None:
    client, agent = _whence(request)
    _tell(LockedOut(seconds=seconds, client=client, agent=agent), person, by=ANONYMOUS)


def tell_ended_session(request: HttpRequest, person: Person, began: datetime) -> None:
    client, agent = _whence(request)
    _tell(SessionEnded(began=rfc3339(began), client=client, agent=agent), person, by=_actor(request, person))


def _tell(event: Event, person: Person | None, *, by: NamedActor) -> None:
    """In the transaction of the view that changed something, else as an act of its own."""
    tell = record if is_recording() else tell_account_act
    tell(event, about=str(person.public_id) if person else "", by=by, at=now())


def _whence(request: HttpRequest | None) -> tuple[str, str]:
    """Client address and user agent of ``request``; nothing without one."""
    if request is None:
        return "", ""
    return get_adapter().get_client_ip(request), request.headers.get("User-Agent", "")[:MAX_AGENT]


def _actor(request: HttpRequest | None, person: Person) -> NamedActor:
    """Who is signed in, else the person concerned: they have just shown who they are, or are about to."""
    if request is None:
        return SYSTEM
    user = getattr(request, "user", None)
    return NamedActor(str((user if isinstance(user, Person) else person).public_id))


def _present_request() -> HttpRequest | None:
    return getattr(context, "request", None)


def _about_own_account(kind: type[AccountEvent], person: Person, **fields: object) -> None:
    """Told of ``person``'s account in the present request; a program's own doing is told by its own action."""
    request = _present_request()
    if request is None:
        return
    client, agent = _whence(request)
    event = kind(client=client, agent=agent, **fields)
    _tell(event, person, by=_actor(request, person))


def _begin(**_signal: Any) -> None:
    """The first write of a view that took its time before (:func:`recorded_once_begun`) begins its transaction."""
    if _present_request() is not None:
        begin_recording()


def _person_saved(instance: Person, created: bool, **_signal: Any) -> None:
    if created and _present_request() is not None:
        _tell(PersonRegistered(), instance, by=NamedActor(str(instance.public_id)))


def _signed_in(request: HttpRequest, user: Person, **_signal: Any) -> None:
    methods = [_method(each) for each in get_authentication_records(request, user)]
    client, agent = _whence(request)
    _tell(SignedIn(methods=methods, client=client, agent=agent), user, by=NamedActor(str(user.public_id)))


def _method(shown: dict[str, Any]) -> str:
    if shown.get("passwordless"):
        return "passkey"
    names = {"socialaccount": str(shown.get("provider", "")), "mfa": str(shown.get("type", ""))}
    return names.get(shown["method"], str(shown["method"]))


def _signed_out(request: HttpRequest, user: Person | None, **_signal: Any) -> None:
    if user is not None:
        client, agent = _whence(request)
        _tell(SignedOut(client=client, agent=agent), user, by=NamedActor(str(user.public_id)))


def _password_set(user: Person, **_signal: Any) -> None:
    _about_own_account(PasswordChanged, user, how="set")


def _password_changed(user: Person, **_signal: Any) -> None:
    _about_own_account(PasswordChanged, user, how="changed")


def _password_reset(user: Person, **_signal: Any) -> None:
    _about_own_account(PasswordChanged, user, how="reset")


def _second_factor_failed(request: HttpRequest, user: Person, **_signal: Any) -> None:
    tell_failure(request, user, "second-factor")


def _address_saved(instance: EmailAddress, created: bool, **_signal: Any) -> None:
    person = _person_of(instance)
    if created:
        _about_own_account(AddressAdded, person, address=instance.pk, is_confirmed=instance.verified)
    else:
        state = {"is_confirmed": instance.verified, "is_primary": instance.primary}
        _about_own_account(AddressChanged, person, address=instance.pk, **state)


def _address_deleted(instance: EmailAddress, **_signal: Any) -> None:
    _about_own_account(AddressRemoved, _person_of(instance), address=instance.pk)


def _factor_saved(instance: Authenticator, created: bool, update_fields: frozenset[str] | None, **_signal: Any) -> None:
    kind: type[AccountEvent] = SecondFactorAdded if created else SecondFactorChanged
    if update_fields is not None and set(update_fields) == {"last_used_at"}:
        kind = SecondFactorUsed
    _about_own_account(kind, _person_of(instance), factor=instance.type, number=instance.pk)


def _factor_deleted(instance: Authenticator, **_signal: Any) -> None:
    _about_own_account(SecondFactorRemoved, _person_of(instance), factor=instance.type, number=instance.pk)


def _provider_saved(instance: SocialAccount, created: bool, **_signal: Any) -> None:
    kind: type[AccountEvent] = ProviderLinked if created else ProviderHeard
    _about_own_account(kind, _person_of(instance), provider=instance.provider)
    _hear_identity(instance, _person_of(instance))


def _hear_identity(account: SocialAccount, person: Person) -> None:
    """If the provider says, and is set up to be believed, that a name is real: it is, if it is the one we know."""
    app = account.get_provider().app
    told = account.extra_data.get("userinfo") or account.extra_data.get("id_token") or {}
    claim, issuer = app.settings.get("identity_claim"), app.settings["server_url"]
    if not claim or told.get(claim) is not True or told.get("name") != person.name:
        return
    known = identity_of(person)
    if known is None or known.source != issuer:
        accept_identity_claim(person, issuer=issuer, by=NamedActor(f"provider:{account.provider}"), at=now())


def _provider_deleted(instance: SocialAccount, **_signal: Any) -> None:
    _about_own_account(ProviderUnlinked, _person_of(instance), provider=instance.provider)


def _person_of(row: Model) -> Person:
    person: Person = row.user  # type: ignore[attr-defined]
    return person
