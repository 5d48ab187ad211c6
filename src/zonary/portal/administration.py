"""Pages of the zone's administrators: each sees and does their own, nothing of the others'."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from zonary.common.clock import now, rfc3339
from zonary.common.csv_export import CSV, csv_bytes
from zonary.common.language import _, say
from zonary.common.problems import Problem
from zonary.foundation.organizations import actions
from zonary.foundation.organizations.administration import (
    ActsAsked,
    account_acts,
    appointments,
    every_account_act,
    people,
)
from zonary.foundation.organizations.permissions import NotAllowedError
from zonary.proof.errors import Error

_COLUMNS = ("recorded_at", "kind", "actor", "about", "public_id", "details")
MAX_REASON = 200


@login_required
@require_safe
def acts(request: HttpRequest) -> HttpResponse:
    """What was done with accounts: who signed in, who failed, who was appointed; for the audit administrator."""
    asked = _asked(request)
    page = _of_admins(lambda: account_acts(_standing(request), asked, cursor=request.GET.get("cursor", "")))
    context = {"acts": page.items, "following": page.next, "asked": asked, "kind": asked.kind}
    return render(request, "administration/acts.html", context)


@login_required
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same as a table; no cell of it is a formula."""
    asked, reader = _asked(request), _standing(request)
    _of_admins(lambda: account_acts(reader, asked, limit=1))

    def rows() -> Iterator[tuple[object, ...]]:
        yield _COLUMNS
        for act in every_account_act(reader, asked):
            details = "" if act.body is None else json.dumps(act.body, ensure_ascii=False, sort_keys=True)
            yield (rfc3339(act.recorded_at), act.kind, act.actor, act.about, act.public_id, details)

    headers = {"Content-Disposition": 'attachment; filename="acts.csv"'}
    return StreamingHttpResponse(csv_bytes(rows()), content_type=CSV, headers=headers)


@login_required
@require_safe
def persons(request: HttpRequest) -> HttpResponse:
    """People and administrators; for the security administrator."""
    reader, search = _standing(request), request.GET.get("q", "")[:80]
    page = _of_admins(lambda: people(reader, search, cursor=request.GET.get("cursor", "")))
    context = {"people": page.items, "following": page.next, "search": search, "appointments": appointments(reader)}
    return render(request, "administration/people.html", context)


@login_required
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """One of the security administrator's decisions about a person, with its reason."""
    by, at, about = _standing(request), now(), request.POST.get("about", "")
    reason = request.POST.get("reason", "").strip()[:MAX_REASON]
    decisions: dict[str, Callable[[], Any]] = {
        "lock": lambda: actions.lock_person(about, reason=reason, by=by, at=at),
        "unlock": lambda: actions.unlock_person(about, reason=reason, by=by, at=at),
        "sign-out": lambda: actions.end_sessions_of(about, reason=reason, by=by, at=at),
        "system": lambda: actions.appoint_admin(about, role="system", by=by, at=at),
        "security": lambda: actions.appoint_admin(about, role="security", by=by, at=at),
        "audit": lambda: actions.appoint_admin(about, role="audit", by=by, at=at),
        "end": lambda: actions.end_appointment(about, reason=reason, by=by, at=at),
    }
    decision = decisions.get(request.POST.get("decision", ""))
    try:
        if decision is None or not reason:
            messages.error(request, _("Say what is to be done, and why."))
        else:
            _of_admins(decision)
            messages.success(request, _("Done, and recorded."))
    except Error as error:
        messages.error(request, say(error))
    return redirect("administration-people")


def _standing(request: HttpRequest) -> Any:
    return request.standing  # type: ignore[attr-defined]


def _of_admins(ask: Callable[[], Any]) -> Any:
    """:raises Problem: 403 for whoever is not this administrator."""
    try:
        return ask()
    except NotAllowedError as error:
        raise Problem(403, "forbidden", str(error)) from None


def _asked(request: HttpRequest) -> ActsAsked:
    kind = request.GET.get("kind", "")[:80]
    return ActsAsked(kind=kind, since=_day(request.GET.get("since", "")), until=_day(request.GET.get("until", "")))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
