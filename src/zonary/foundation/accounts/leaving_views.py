"""The pages by which a person leaves, and by which the security administrator lets one go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from zonary.common.clock import now, zone_date
from zonary.common.language import _, say
from zonary.foundation.accounts.actions import close_account, erase_person
from zonary.foundation.accounts.forms import CloseForm, ClosePersonForm, FindPersonForm
from zonary.foundation.accounts.models import Person
from zonary.foundation.accounts.permissions import is_security_admin
from zonary.foundation.accounts.queries import find_person, holds_appointment, restricted_people
from zonary.foundation.accounts.rules import last_day_kept
from zonary.foundation.ledger.actors import Actor
from zonary.proof.errors import Error

_SHOWN = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """What closing the account means, and yes."""
    raise_if_reauthentication_required(request, app="account")
    person: Any = request.user
    at = now()
    form = CloseForm(request.POST if request.method == "POST" else None)

    def leave() -> Person:
        return _leave(person, reason=form.cleaned_data["reason"], by=_actor(request), at=at)

    gone = _attempt(form, leave) if request.method == "POST" else None
    if gone is not None:
        # Its row went with the account; what is left of it is in this request alone.
        request.session.flush()
        request.user, request.standing = AnonymousUser(), None  # type: ignore[attr-defined]
        return render(request, "account/closed.html", {"gone": gone})
    context = {"form": form, "is_admin": holds_appointment(person), **_kept_until(at)}
    return render(request, "account/close.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """The security administrator's way to a person, and those whose data wait to be erased."""
    by = _security_admin(request)
    form = FindPersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = find_person(by, form.cleaned_data["person"])
        if found is not None:
            return redirect("account-person", found.public_id)
        form.add_error("person", _("Nobody is registered under that."))
    context = {"form": form, "restricted": restricted_people(by)[:_SHOWN]}
    return render(request, "account/people.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, person: UUID) -> HttpResponse:
    """One person, for the security administrator: closing the account, and erasing whose account is closed."""
    by, at = _security_admin(request), now()
    raise_if_reauthentication_required(request, app="account")
    found = find_person(by, str(person))
    if found is None:
        raise Http404
    is_due = found.restricted_until is not None and found.restricted_until <= zone_date(at)
    form = ClosePersonForm(request.POST if request.method == "POST" else None)

    def let_go() -> Person:
        reason = form.cleaned_data["reason"]
        if found.restricted_until is None:
            return _leave(found, reason=reason, by=by, at=at)
        erase_person(str(person), reason=reason, by=by, at=at)
        found.refresh_from_db()
        return found

    if request.method == "POST" and (gone := _attempt(form, let_go)) is not None:
        messages.success(request, _("The person is erased.") if gone.erased_at else _("The account is closed."))
        return redirect("account-person", person)
    context = {"found": found, "form": form, "is_due": is_due, "is_admin": holds_appointment(found), **_kept_until(at)}
    return render(request, "account/person.html", context, status=422 if form.is_bound else 200)


def _leave(person: Person, *, reason: str, by: Actor, at: datetime) -> Person:
    """Close the account; where nothing has to be kept, erase the person at once, not when upkeep comes to it."""
    closed = close_account(str(person.public_id), reason=reason, by=by, at=at)
    if closed.restricted_until is not None and closed.restricted_until <= zone_date(at):
        erase_person(str(person.public_id), reason=reason, by=by, at=at)
        closed.refresh_from_db()
    return closed


def _kept_until(at: datetime) -> dict[str, object]:
    until = last_day_kept(zone_date(at), settings.ZONARY_RETENTION)
    return {"until": until, "is_kept": until > zone_date(at)}


def _attempt(form: Form, act: Callable[[], Person]) -> Person | None:
    """Do ``act`` if the form is filled in; what stops it is told above the form."""
    if not form.is_valid():
        return None
    try:
        return act()
    except Error as error:
        form.add_error(None, say(error))
        return None


def _actor(request: HttpRequest) -> Actor:
    standing: Actor | None = getattr(request, "standing", None)
    if standing is None:
        raise PermissionDenied
    return standing


def _security_admin(request: HttpRequest) -> Actor:
    """:raises PermissionDenied: for everybody else."""
    by = _actor(request)
    if not is_security_admin(by):
        raise PermissionDenied
    return by
