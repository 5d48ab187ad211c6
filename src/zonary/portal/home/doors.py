"""Two of an inventor's doors lead to a page that says what to do, and not to do, before anything else is clicked."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zonary.foundation.organizations.pages import for_people
from zonary.foundation.organizations.standing import Standing
from zonary.portal.navigation import address_of

DOORS = {"apply": "home/door_apply.html", "copied": "home/door_copied.html"}


@require_safe
@for_people
def door(request: HttpRequest, by: Standing, door: str) -> HttpResponse:
    """What to do first."""
    if door not in DOORS:
        raise Http404
    return render(request, DOORS[door], {"capture": address_of("captures:request")})
