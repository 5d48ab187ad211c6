"""The pages: parse, call one action or query, answer. The recording itself is sent to the interface for programs."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from zonary.common.clock import now
from zonary.common.language import _, language
from zonary.common.pagination import paginate
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence.onsite import queries
from zonary.services.evidence.onsite.actions import give_code
from zonary.services.evidence.onsite.events import MEDIA
from zonary.services.evidence.onsite.forms import PlanForm
from zonary.services.evidence.onsite.models import OnsiteCapture
from zonary.services.evidence.onsite.permissions import may_give_code
from zonary.services.evidence.onsite.rules import GOOD_FOR, MAX_FILE, MAX_SECONDS, UNPROVEN, WAYS, is_over, told_in

DEVICES = "camera=(self), microphone=(self), geolocation=()"
"""Permissions policy of the one page that uses them; no other page may ask for a camera or a microphone."""
_MINUTES = int(GOOD_FOR.total_seconds() // 60)


@require_safe
@for_people
def list_onsite(request: HttpRequest, by: Standing) -> HttpResponse:
    """The holder's, newest first."""
    at = now()
    page = paginate(queries.onsite_captures(by), "-public_id", cursor=request.GET.get("cursor", ""))
    titles = queries.titles_of(by, page.items)
    context = {
        "captures": [
            (each, titles[str(each.public_id)], _(MEDIA[each.medium]), _verdict(each, at)) for each in page.items
        ],
        "following": page.next,
        "may_begin": may_give_code(by),
    }
    return show(request, "onsite/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def begin(request: HttpRequest, by: Standing) -> HttpResponse:
    """Ask for a code."""
    refuse_unless(may_give_code(by))
    form = PlanForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        given = attempt(form, lambda: give_code(form.plan(), language=language(), by=by, at=now()))
        if given is not None:
            return redirect("onsite:capture", given.public_id)
    context = {"minutes": _MINUTES, "unproven": [_(each) for each in UNPROVEN]}
    return show(request, "onsite/begin.html", context, form)


@require_safe
@for_people
def one(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Where it is recorded while the code is good; afterwards what was sealed."""
    at = now()
    found = found_or_404(queries.find_onsite_capture(by, public_id))
    title = queries.titles_of(by, [found])[str(found.public_id)]
    context: dict[str, Any] = {
        "capture": found,
        "title": title,
        "medium": _(MEDIA[found.medium]),
        "verdict": _verdict(found, at),
        "unproven": [_(each) for each in UNPROVEN],
    }
    if found.sealed_at is not None:
        return show(request, "onsite/sealed.html", context | _sealed(by, found))
    is_open = not is_over(found.good_until, at) and found.given_to == by.person and may_give_code(by)
    if not is_open:
        return show(request, "onsite/over.html", context | {"is_over": is_over(found.good_until, at)})
    context |= {
        "holder": by.holder,
        "seconds": math.floor((found.good_until - at).total_seconds()),
        "most_bytes": MAX_FILE,
        "most_seconds": MAX_SECONDS,
        "minutes_of_film": MAX_SECONDS // 60,
    }
    page = show(request, "onsite/record.html", context)
    page["Permissions-Policy"] = DEVICES
    return page


def _sealed(by: Standing, found: OnsiteCapture) -> dict[str, Any]:
    statement = queries.statement_of(found)
    version = queries.deposited(by, found)
    facts = told_in(statement.declared, statement.observed) if statement is not None else {}
    return {
        "is_there": statement is not None,
        "declared": statement.declared if statement is not None else {},
        "told": facts,
        "way": _(WAYS.get(str(facts.get("way", "")), WAYS["program"])),
        "document": version.document if version is not None else None,
        "sha256": bytes(found.sha256).hex(),
        "sm3": bytes(found.sm3).hex(),
        "between": math.ceil(((found.sealed_at or found.given_at) - found.given_at).total_seconds()),
    }


def _verdict(found: OnsiteCapture, at: datetime) -> tuple[str, str]:
    """Word and tone for how it stands."""
    if found.sealed_at is not None:
        return _("Sealed"), "good"
    return (_("No recording came"), "plain") if is_over(found.good_until, at) else (_("The code is good"), "wait")
