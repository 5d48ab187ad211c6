"""The pages of one's own account that the account library has none for."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from zonary.common.clock import now
from zonary.foundation.accounts.identity_codes import show_code
from zonary.foundation.accounts.queries import has_second_factor, identity_of


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Who I am here, how that is known, and what protects the account."""
    return render(request, "account/overview.html", _about(request))


@login_required
def begin(request: HttpRequest) -> HttpResponse:
    """The third screen of registration: whom do you act for?"""
    return render(request, "account/begin.html", _about(request))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def identity_code(request: HttpRequest) -> HttpResponse:
    """A code by which an officer finds me; not a redirect, since this is the one moment to show it."""
    person: Any = request.user
    shown = show_code(person, at=now()) if request.method == "POST" else None
    answer = render(request, "account/identity_code.html", {"shown": shown})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """End one's own session somewhere else; another person's number is nobody's."""
    session = UserSession.objects.filter(user_id=request.user.pk, pk=number).first()
    if session is None:
        raise Http404
    end_sessions(request, [session])
    return redirect("usersessions_list")


def _about(request: HttpRequest) -> dict[str, object]:
    person: Any = request.user
    return {"person": person, "identity": identity_of(person), "has_second_factor": has_second_factor(person)}
