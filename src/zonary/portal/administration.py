"""The audit administrator's pages: what was done with accounts, to be read and taken away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zonary.common.clock import rfc3339
from zonary.common.csv_export import CSV, csv_bytes
from zonary.common.language import _
from zonary.common.problems import Problem
from zonary.foundation.organizations.administration import ActsAsked, account_acts, every_account_act
from zonary.foundation.organizations.happenings import HAPPENINGS
from zonary.foundation.organizations.permissions import NotAllowedError

_COLUMNS = ("recorded_at", "kind", "actor", "about", "public_id", "details")


@login_required
@require_safe
def acts(request: HttpRequest) -> HttpResponse:
    """What was done with accounts: who signed in, who failed, who was appointed; for the audit administrator."""
    asked = _asked(request)
    page = _of_admins(lambda: account_acts(_standing(request), asked, cursor=request.GET.get("cursor", "")))
    named = [(act, _(HAPPENINGS[act.kind]) if act.kind in HAPPENINGS else "") for act in page.items]
    context = {"acts": named, "following": page.next, "asked": asked, "kind": asked.kind}
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
