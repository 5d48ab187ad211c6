"""The page at the end of an invitation's link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from zonary.common.clock import now
from zonary.common.language import _, say
from zonary.foundation.organizations.actions import accept_invitation
from zonary.foundation.organizations.queries import invitation_by_secret
from zonary.foundation.organizations.standing import ACTS_FOR
from zonary.proof.errors import Error

_SECRET = "invitation"  # noqa: S105 - where the session keeps it


@require_http_methods(["GET"])
def arrive(request: HttpRequest, secret: str) -> HttpResponse:
    """Remember the secret and go on without it in the address, which a browser tells to other sites."""
    request.session[_SECRET] = secret
    return redirect("invitation")


@login_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Who invites me, to act as what; and yes."""
    secret = request.session.get(_SECRET, "")
    found = invitation_by_secret(secret)
    if request.method == "GET" or found is None:
        return render(request, "account/invitation.html", {"invitation": found}, status=200 if found else 404)
    try:
        accept_invitation(secret, by=request.standing, at=now())  # type: ignore[attr-defined]
    except Error as error:
        return render(request, "account/invitation.html", {"invitation": found, "error": say(error)}, status=409)
    del request.session[_SECRET]
    request.session[ACTS_FOR] = str(found.organization.public_id)
    messages.success(request, _("You now act for {name}.", name=found.organization.name))
    return redirect("start")
