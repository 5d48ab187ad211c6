"""Who acts for an organisation: the list, inviting, changing, ending, handing over."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zonary.common.clock import now
from zonary.common.language import _, say
from zonary.foundation.organizations.actions import (
    accept_invitation,
    change_membership,
    end_membership,
    hand_over_organization,
    invite_member,
    withdraw_invitation,
)
from zonary.foundation.organizations.forms import HandOverForm, InviteForm, MemberForm, ReasonForm
from zonary.foundation.organizations.models import Membership
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.queries import (
    departments_of,
    invitation_by,
    member,
    members,
    open_invitations,
    own_organization,
)
from zonary.foundation.organizations.standing import ACTS_FOR, Standing
from zonary.proof.errors import Error


@require_safe
@for_people
def list_members(request: HttpRequest, by: Standing) -> HttpResponse:
    """Everybody who acts for it, and whoever is invited."""
    at = now()
    organization = found_or_404(own_organization(by))
    context = {
        "organization": organization,
        "members": members(by, at=at),
        "invitations": open_invitations(by, at=at),
        "is_owner": by.role == Membership.Role.OWNER,
        "own_membership": by.membership,
    }
    return show(request, "organizations/members.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def invite(request: HttpRequest, by: Standing) -> HttpResponse:
    """Make an invitation; its link is shown once, on the page that answers."""
    refuse_unless(by.role == Membership.Role.OWNER)
    organization = found_or_404(own_organization(by))
    departments = list(departments_of(organization)) if by.is_officer else []
    form = InviteForm(request.POST if request.method == "POST" else None, departments=departments)
    if request.method == "POST":
        made = attempt(
            form,
            lambda: invite_member(
                role=form.cleaned_data["role"],
                email=form.cleaned_data["email"],
                until=form.term(),
                department=form.cleaned_data.get("department", ""),
                by=by,
                at=now(),
            ),
        )
        if made is not None:
            invitation, secret = made
            link = settings.ZONARY_URL + reverse("organizations:accept-invitation", args=[secret])
            # Not a redirect: the secret is kept nowhere, so this is the one moment to show it.
            context = {"invitation": invitation, "link": link, "organization": organization}
            return show(request, "organizations/invited.html", context)
    return show(request, "organizations/invite.html", {"organization": organization}, form)


@require_POST
@for_people
def withdraw(request: HttpRequest, by: Standing, invitation: str) -> HttpResponse:
    """Take an invitation back."""
    try:
        withdraw_invitation(invitation, by=by, at=now())
        messages.success(request, _("The invitation is withdrawn."))
    except Error as error:
        messages.error(request, say(error))
    return redirect("organizations:members")


@require_http_methods(["GET", "POST"])
@for_people
def accept(request: HttpRequest, by: Standing, secret: str) -> HttpResponse:
    """What one is invited to, and yes."""
    if request.method == "POST":
        try:
            membership = accept_invitation(secret, by=by, at=now())
        except Error as error:
            return show(request, "organizations/invitation.html", {"problem": error})
        organization = membership.organization
        request.session[ACTS_FOR] = str(organization.public_id)
        messages.success(request, _("You act for {name} now.", name=organization.name))
        return redirect("organizations:own")
    invitation = invitation_by(secret, at=now())
    return show(request, "organizations/invitation.html", {"invitation": invitation})


@require_http_methods(["GET", "POST"])
@for_people
def change(request: HttpRequest, by: Standing, membership: str) -> HttpResponse:
    """Another role, or another term."""
    refuse_unless(by.role == Membership.Role.OWNER)
    held = found_or_404(member(by, membership, at=now()))
    form = MemberForm(
        request.POST if request.method == "POST" else None, initial={"role": held.role, "until": held.until}
    )
    changed = None
    if request.method == "POST":
        changed = attempt(
            form,
            lambda: change_membership(membership, role=form.cleaned_data["role"], until=form.term(), by=by, at=now()),
        )
    if changed is not None:
        messages.success(request, _("The membership of {name} is changed.", name=held.person.name))
        return redirect("organizations:members")
    return show(request, "organizations/change.html", {"membership": held}, form)


@require_http_methods(["GET", "POST"])
@for_people
def end(request: HttpRequest, by: Standing, membership: str) -> HttpResponse:
    """End somebody's membership, or one's own."""
    refuse_unless(by.role == Membership.Role.OWNER or by.membership == membership)
    held = found_or_404(member(by, membership, at=now()))
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def do() -> bool:
        end_membership(membership, reason=form.cleaned_data["reason"], by=by, at=now())
        return True

    if request.method == "POST" and attempt(form, do):
        if by.membership == membership:
            request.session[ACTS_FOR] = ""
            return redirect("start")
        messages.success(request, _("{name} no longer acts for the organisation.", name=held.person.name))
        return redirect("organizations:members")
    return show(request, "organizations/end.html", {"membership": held, "is_own": by.membership == membership}, form)


@require_http_methods(["GET", "POST"])
@for_people
def hand_over(request: HttpRequest, by: Standing, membership: str) -> HttpResponse:
    """Make another member the owner."""
    refuse_unless(by.role == Membership.Role.OWNER and by.membership != membership)
    held = found_or_404(member(by, membership, at=now()))
    form = HandOverForm(request.POST if request.method == "POST" else None)

    def do() -> bool:
        hand_over_organization(membership, stay_as=form.cleaned_data["stay_as"], by=by, at=now())
        return True

    if request.method == "POST" and attempt(form, do):
        messages.success(request, _("{name} owns the organisation here now.", name=held.person.name))
        return redirect("start" if not form.cleaned_data["stay_as"] else "organizations:members")
    return show(request, "organizations/hand_over.html", {"membership": held}, form)
