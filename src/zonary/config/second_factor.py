"""Officers and administrators use a second factor: whoever has none is led to set one up before any other page.

Demo mode (``ZONARY_DEMO=1``) waives it, and every page says so.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from zonary.common.clock import now
from zonary.common.problems import Problem
from zonary.config.problem_pages import problem_page
from zonary.foundation.accounts.models import Person
from zonary.foundation.accounts.queries import has_second_factor, holds_appointment
from zonary.foundation.organizations.queries import is_officer

_OPEN = ("/account/2fa/", "/account/reauthenticate/", "/account/logout/", "/account/password/", "/static/", "/healthz")
"""What somebody without a second factor still reaches, to set one up or to leave."""


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(_OPEN) or not _lacks_second_factor(request):
            return self._get_response(request)
        if request.path.startswith("/api/"):
            detail = "Set up a second factor before you act for the zone: your account's page leads there."
            return problem_page(Problem(403, "second-factor-needed", detail))
        return redirect("mfa_index")


def _lacks_second_factor(request: HttpRequest) -> bool:
    person = request.user
    if settings.ZONARY_DEMO or not isinstance(person, Person) or has_second_factor(person):
        return False
    return holds_appointment(person) or is_officer(person, at=now())
