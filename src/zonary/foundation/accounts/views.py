"""The pages of one's own account that the account library has none for."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zonary.foundation.accounts.queries import has_second_factor, identity_of


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Who I am here, how that is known, and what protects the account."""
    return render(request, "account/overview.html", _about(request))


@login_required
def begin(request: HttpRequest) -> HttpResponse:
    """The third screen of registration: whom do you act for?"""
    return render(request, "account/begin.html", _about(request))


def _about(request: HttpRequest) -> dict[str, object]:
    person: Any = request.user
    return {"person": person, "identity": identity_of(person), "has_second_factor": has_second_factor(person)}
