"""Pages of the three administrators (三员): who holds which role; and for the security administrator, people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from zonary.common.clock import now
from zonary.common.language import _
from zonary.foundation.accounts.queries import has_second_factor, identity_of
from zonary.foundation.organizations import actions
from zonary.foundation.organizations.administration import (
    appointment,
    appointments,
    count_sessions,
    earlier_appointments,
    names_of_appointers,
    people,
    person_as_administered,
    present_appointment,
)
from zonary.foundation.organizations.forms import AppointForm, ReasonForm
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, show
from zonary.foundation.organizations.queries import is_officer
from zonary.foundation.organizations.standing import Standing


@dataclass(frozen=True, slots=True)
class _Decision:
    """What the security administrator may decide about a person; the sentences are of the catalogue."""

    title: str
    consequence: str
    act: Callable[..., Any]
    is_grave: bool = False


DECISIONS: Mapping[str, _Decision] = {
    "lock": _Decision(
        "Lock the account",
        "They are signed out everywhere, and cannot sign in until you unlock the account.",
        actions.lock_person,
        is_grave=True,
    ),
    "unlock": _Decision("Unlock the account", "They can sign in again, as before.", actions.unlock_person),
    "sign-out": _Decision(
        "Sign out everywhere", "Wherever they are signed in, they have to sign in again.", actions.end_sessions_of
    ),
}


@require_safe
@for_people
def administrators(request: HttpRequest, by: Standing) -> HttpResponse:
    """Who holds which of the three roles, and held it before; for all three of them."""
    present, earlier = list(appointments(by)), list(earlier_appointments(by))
    names = names_of_appointers(by, [*present, *earlier])
    context = {"present": present, "earlier": earlier, "names": names, "may_decide": by.admin == "security"}
    return show(request, "administration/administrators.html", context)


@require_safe
@for_people
def persons(request: HttpRequest, by: Standing) -> HttpResponse:
    """Everybody with an account; for the security administrator."""
    search = request.GET.get("q", "")[:80]
    page = people(by, search, cursor=request.GET.get("cursor", ""))
    return show(request, "administration/people.html", {"people": page.items, "following": page.next, "search": search})


@require_safe
@for_people
def person(request: HttpRequest, by: Standing, person: UUID) -> HttpResponse:
    """One person, and what can be decided about them."""
    found = found_or_404(person_as_administered(by, str(person)))
    context = {
        "found": found,
        "sessions": count_sessions(by, found),
        "has_second_factor": has_second_factor(found),
        "identity": identity_of(found),
        "appointment": present_appointment(by, found),
        "is_officer": is_officer(found, at=now()),
        "is_self": by.person == str(found.public_id),
    }
    return show(request, "administration/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def decide(request: HttpRequest, by: Standing, person: UUID, decision: str) -> HttpResponse:
    """Lock, unlock or sign out, with the reason."""
    found = found_or_404(person_as_administered(by, str(person)))
    asked = found_or_404(DECISIONS.get(decision))
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def do() -> bool:
        asked.act(str(person), reason=form.cleaned_data["reason"], by=by, at=now())
        return True

    if request.method == "POST" and attempt(form, do):
        messages.success(request, _("Done, and recorded."))
        return redirect("administration-person", person)
    context = {
        "found": found,
        "title": _(asked.title),
        "consequence": _(asked.consequence),
        "is_grave": asked.is_grave,
    }
    return show(request, "administration/decide.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def appoint(request: HttpRequest, by: Standing, person: UUID) -> HttpResponse:
    """Make somebody one of the three."""
    found = found_or_404(person_as_administered(by, str(person)))
    form = AppointForm(request.POST if request.method == "POST" else None)

    def do(at: datetime) -> Any:
        return actions.appoint_admin(str(person), role=form.cleaned_data["role"], by=by, at=at)

    if request.method == "POST" and attempt(form, lambda: do(now())):
        messages.success(request, _("{name} is an administrator now.", name=found.name))
        return redirect("administration-administrators")
    return show(request, "administration/appoint.html", {"found": found}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def end(request: HttpRequest, by: Standing, appointment_id: UUID) -> HttpResponse:
    """End an appointment, with the reason; never the last of a role."""
    held = found_or_404(appointment(by, str(appointment_id)))
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def do() -> bool:
        actions.end_appointment(str(held.public_id), reason=form.cleaned_data["reason"], by=by, at=now())
        return True

    if request.method == "POST" and attempt(form, do):
        messages.success(request, _("The appointment of {name} has ended.", name=held.person.name))
        # Whoever ended their own sees no page of administrators any more.
        return redirect("start" if str(held.person.public_id) == by.person else "administration-administrators")
    return show(request, "administration/end.html", {"appointment": held}, form)
