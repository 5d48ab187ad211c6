"""Parse, call one action or query, answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zonary.common.clock import now
from zonary.common.csv_export import CSV, csv_bytes
from zonary.common.language import _, say
from zonary.common.problems import Problem
from zonary.engines.clauses.errors import ClausesError
from zonary.foundation.organizations.permissions import NotAllowedError
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.permissions import UnknownPackError
from zonary.services.incentives.matching.queries import MatchingError, UnknownAnswerError
from zonary.services.incentives.simulating import queries
from zonary.services.incentives.simulating.actions import MAX_NAMES, begin_trying, show_names
from zonary.services.incentives.simulating.remembering import tell
from zonary.services.incentives.simulating.wording import outcome_view, title_of, turnable

_PREFIX = "set."


def _standing(request: HttpRequest) -> Standing:
    found: Standing | None = getattr(request, "standing", None)
    if found is None:
        raise Problem(403, "sign-in-needed", "Sign in first.")
    return found


@login_required
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    try:
        found = queries.choices(_standing(request), at=now())
    except NotAllowedError as error:
        raise Http404 from error
    choices = [(each, title_of(each)) for each in found]
    return render(request, "simulating/choose.html", {"choices": choices})


@login_required
@require_safe
def attempt(request: HttpRequest, kind: str, model: str, item: str) -> HttpResponse:
    """The item's numbers, and what they do; while somebody types, only the answer is sent."""
    tried, at = _model(request, kind, model, item), now()
    changes = _changes(request.GET)
    context: dict[str, Any] = {"model": tried, "title": title_of(tried.choice), "max": MAX_NAMES}
    try:
        context["dials"] = turnable(tried, changes, at=at)
        if queries.begun(_standing(request), tried, at=at):
            context["outcome"] = outcome_view(tried, *tell(_standing(request), tried, changes, at=at))
    except (ClausesError, MatchingError) as error:
        context["refused"] = say(error)
    context["changes"] = changes
    if request.headers.get("HX-Request"):
        return render(request, "simulating/_outcome.html", context)
    return render(request, "simulating/attempt.html", context, status=422 if "refused" in context and changes else 200)


@login_required
@require_POST
def begin(request: HttpRequest, kind: str, model: str, item: str) -> HttpResponse:
    tried = _model(request, kind, model, item)
    try:
        begin_trying(tried, by=_standing(request), at=now())
    except NotAllowedError as error:
        raise Http404 from error
    changes = urlencode({f"{_PREFIX}{key}": text for key, text in _changes(request.POST).items()})
    address = reverse("simulating:attempt", args=[kind, model, item])
    return redirect(f"{address}?{changes}" if changes else address)


@login_required
@require_POST
def names(request: HttpRequest, kind: str, model: str, item: str) -> HttpResponseBase:
    """Who they are: shown at once and nowhere else; asked again, it is looked at again."""
    tried, at = _model(request, kind, model, item), now()
    side = request.POST.get("side", "")
    changes = _changes(request.POST)
    try:
        named = show_names(tried, changes, side=side, by=_standing(request), at=at)
    except NotAllowedError as error:
        raise Http404 from error
    except (ClausesError, MatchingError) as error:
        raise Problem(409, "matching", say(error)) from error
    if not named.count:
        raise Problem(409, "matching", _("Nobody is on this side of the change."))
    if request.POST.get("format") == "csv":
        rows = ([each.uscc or "", each.name, str(each.public_id)] for each in named.enterprises)
        response = StreamingHttpResponse(csv_bytes([["uscc", "name", "id"], *rows]), content_type=CSV)
        response.headers["Content-Disposition"] = f'attachment; filename="{side}.csv"'
        return response
    context = {"model": tried, "title": title_of(tried.choice), "named": named, "side": side, "changes": changes}
    return render(request, "simulating/names.html", context)


def _model(request: HttpRequest, kind: str, public_id: str, item: str) -> queries.Model:
    try:
        return queries.model_of(_standing(request), kind, public_id, item, at=now())
    except (UnknownAnswerError, UnknownPackError, NotAllowedError) as error:
        raise Http404 from error


def _changes(given: Mapping[str, Any]) -> dict[str, str]:
    """Of a form: ``set.KEY`` -> number; an empty one stays as it is."""
    found = {key.removeprefix(_PREFIX): str(given[key])[:40] for key in given if key.startswith(_PREFIX)}
    return {key: text for key, text in list(found.items())[:200] if text.strip()}
