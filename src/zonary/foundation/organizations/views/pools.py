"""Pools of experts, mediators and inspectors: the zone opens them, and whoever keeps one invites who is in it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from zonary.common.clock import now
from zonary.foundation.organizations.actions import open_pool
from zonary.foundation.organizations.forms import PoolForm
from zonary.foundation.organizations.models import Membership
from zonary.foundation.organizations.pages import attempt, for_people, refuse_unless, show
from zonary.foundation.organizations.queries import pools_seen_by
from zonary.foundation.organizations.standing import Standing


@require_http_methods(["GET", "POST"])
@for_people
def pools(request: HttpRequest, by: Standing) -> HttpResponse:
    """Those there are; an owner of the authority opens another, and is shown the link for whoever keeps it."""
    refuse_unless(by.is_officer)
    at, is_owner = now(), by.role == Membership.Role.OWNER
    form = PoolForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        refuse_unless(is_owner)
        opened = attempt(form, lambda: open_pool(form.cleaned_data["kind"], form.cleaned_data["name"], by=by, at=at))
        if opened is not None:
            pool, invitation, secret = opened
            link = settings.ZONARY_URL + reverse("organizations:accept-invitation", args=[secret])
            # Not a redirect: the secret is kept nowhere, so this is the one moment to show it.
            return show(
                request, "organizations/pool_opened.html", {"pool": pool, "invitation": invitation, "link": link}
            )
    return show(request, "organizations/pools.html", {"pools": pools_seen_by(by, at=at), "is_owner": is_owner}, form)
