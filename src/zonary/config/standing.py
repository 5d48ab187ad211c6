"""For whom whoever signed in is acting: looked up with each request, from what the session says they chose."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from zonary.common.clock import now
from zonary.foundation.accounts.models import Person
from zonary.foundation.organizations.queries import standing_of
from zonary.foundation.organizations.standing import ACTS_FOR, Standing


class StandingMiddleware:
    """Sets ``request.standing``: a Standing, or None for somebody who is not signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.standing = _standing(request)  # type: ignore[attr-defined]
        response = self._get_response(request)
        if request.standing is not None:  # type: ignore[attr-defined]
            # What one person sees stays on no shared machine, and in no proxy.
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _standing(request: HttpRequest) -> Standing | None:
    person = request.user
    if not isinstance(person, Person) or not person.is_active:
        return None
    return standing_of(person, request.session.get(ACTS_FOR, ""), at=now())
