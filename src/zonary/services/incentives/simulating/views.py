"""Parse, call one action or query, answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zonary.common.clock import now
from zonary.common.csv_export import CSV, csv_bytes
from zonary.common.language import _, say
from zonary.common.problems import Problem
from zonary.engines.clauses.errors import ClausesError
from zonary.foundation.organizations.pages import for_people
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.permissions import UnknownPackError
from zonary.services.incentives.matching.queries import MatchingError, UnknownAnswerError
from zonary.services.incentives.measures.rules import KINDS
from zonary.services.incentives.simulating import queries
from zonary.services.incentives.simulating.actions import MAX_NAMES, begin_trying, show_names
from zonary.services.incentives.simulating.remembering import tell
from zonary.services.incentives.simulating.wording import grouped, outcome_view, title_of, turnable

_PREFIX = "set."
_MOST_WORDS, _FEW = 100, 20
"""Characters that are looked for; as many items stand open, more are folded by document."""


@require_safe
@for_people
def choose(request: HttpRequest, by: Standing) -> HttpResponse:
    """All there is to try out, by document; searched and limited without a script."""
    at, words, gives = now(), request.GET.get("q", "")[:_MOST_WORDS].strip(), request.GET.get("gives", "")
    gives = gives if gives in KINDS else ""
    found = queries.choices(by, words=words, gives=gives, at=at)
    groups = grouped(found)
    context = {
        "groups": groups,
        "is_open": bool(words or gives) or len(found) <= _FEW,
        "has_any": bool(groups or words or gives),
        "words": words,
        "gives": gives,
        "kinds": [(key, _(name)) for key, name in KINDS.items()],
    }
    return render(request, "simulating/choose.html", context)


@require_safe
@for_people
def attempt(request: HttpRequest, by: Standing, kind: str, model: str, item: str) -> HttpResponse:
    """The item's numbers, and what they do; while somebody types, only the answer is sent."""
    tried, at = _model(by, kind, model, item), now()
    changes = _changes(request.GET)
    context: dict[str, Any] = {"model": tried, "title": title_of(tried.choice), "max": MAX_NAMES}
    try:
        context["dials"] = turnable(tried, changes, at=at)
        if queries.begun(by, tried, at=at):
            context["outcome"] = outcome_view(tried, *tell(by, tried, changes, at=at))
    except (ClausesError, MatchingError) as error:
        context["refused"] = say(error)
    context["changes"] = changes
    if request.headers.get("HX-Request"):
        return render(request, "simulating/_outcome.html", context)
    return render(request, "simulating/attempt.html", context, status=422 if "refused" in context and changes else 200)


@require_POST
@for_people
def begin(request: HttpRequest, by: Standing, kind: str, model: str, item: str) -> HttpResponse:
    tried = _model(by, kind, model, item)
    begin_trying(tried, by=by, at=now())
    changes = urlencode({f"{_PREFIX}{key}": text for key, text in _changes(request.POST).items()})
    address = reverse("simulating:attempt", args=[kind, model, item])
    return redirect(f"{address}?{changes}" if changes else address)


@require_POST
@for_people
def names(request: HttpRequest, by: Standing, kind: str, model: str, item: str) -> HttpResponse:
    """Who they are: shown at once and nowhere else; asked again, it is looked at again."""
    tried, at = _model(by, kind, model, item), now()
    side = request.POST.get("side", "")
    changes = _changes(request.POST)
    try:
        named = show_names(tried, changes, side=side, by=by, at=at)
    except (ClausesError, MatchingError) as error:
        raise Problem(409, "matching", say(error)) from error
    if not named.count:
        raise Problem(409, "matching", _("Nobody is on this side of the change."))
    if request.POST.get("format") == "csv":
        rows = ([each.uscc or "", each.name, str(each.public_id)] for each in named.enterprises)
        headers = {"Content-Disposition": f'attachment; filename="{side}.csv"'}
        return HttpResponse(b"".join(csv_bytes([["uscc", "name", "id"], *rows])), content_type=CSV, headers=headers)
    context = {"model": tried, "title": title_of(tried.choice), "named": named, "side": side, "changes": changes}
    return render(request, "simulating/names.html", context)


def _model(by: Standing, kind: str, public_id: str, item: str) -> queries.Model:
    """Who is no officer is told so, whatever stands in the address."""
    try:
        return queries.model_of(by, kind, public_id, item, at=now())
    except (UnknownAnswerError, UnknownPackError) as error:
        raise Http404 from error


def _changes(given: Mapping[str, Any]) -> dict[str, str]:
    """Of a form: ``set.KEY`` -> number; an empty one stays as it is."""
    found = {key.removeprefix(_PREFIX): str(given[key])[:40] for key in given if key.startswith(_PREFIX)}
    return {key: text for key, text in list(found.items())[:200] if text.strip()}
