"""The pages of claims: people see their own and take them back, officers see all and decide."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from zonary.common.clock import now
from zonary.common.language import _, say
from zonary.common.pagination import paginate
from zonary.foundation.accounts.queries import identity_of
from zonary.foundation.organizations.actions import decide_claim, withdraw_claim
from zonary.foundation.organizations.claims.forms import ClaimDecisionForm
from zonary.foundation.organizations.claims.queries import STATES, claim_seen_by, claims, others_on
from zonary.foundation.organizations.models import Claim
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error


@require_safe
@for_people
def list_claims(request: HttpRequest, by: Standing) -> HttpResponse:
    """Oldest first: for officers those that wait, or those decided on; for others all of their own."""
    asked = request.GET.get("state", "")
    state = (asked if asked in STATES else "open") if by.is_officer else ""
    page = paginate(claims(by, state=state), "public_id", cursor=request.GET.get("cursor", ""))
    return show(request, "claims/list.html", {"claims": page.items, "following": page.next, "state": state})


@require_safe
@for_people
def show_claim(request: HttpRequest, by: Standing, claim: str) -> HttpResponse:
    """One claim: beside what the registry says, for whoever decides."""
    return _page(request, by, found_or_404(claim_seen_by(by, claim)), ClaimDecisionForm())


@require_POST
@for_people
def decide(request: HttpRequest, by: Standing, claim: str) -> HttpResponse:
    """Confirm or refuse."""
    found = found_or_404(claim_seen_by(by, claim))
    refuse_unless(by.is_officer and by.may_act)
    form = ClaimDecisionForm(request.POST)
    is_confirmed = request.POST.get("decision") == "confirm"
    decided = attempt(
        form, lambda: decide_claim(claim, is_confirmed=is_confirmed, **form.cleaned_data, by=by, at=now())
    )
    if decided is None:
        found.refresh_from_db()
        return _page(request, by, found, form)
    name = decided.organization.name
    if is_confirmed:
        messages.success(request, _("Confirmed: whoever claimed {name} is its owner now.", name=name))
    else:
        messages.success(request, _("The claim on {name} is refused.", name=name))
    return redirect("claims:list")


@require_POST
@for_people
def withdraw(request: HttpRequest, by: Standing, claim: str) -> HttpResponse:
    """Take one's own back."""
    found_or_404(claim_seen_by(by, claim))
    try:
        withdraw_claim(claim, by=by, at=now())
        messages.success(request, _("The claim is withdrawn."))
    except Error as error:
        messages.error(request, say(error))
    return redirect("claims:claim", claim)


def _page(request: HttpRequest, by: Standing, claim: Claim, form: ClaimDecisionForm) -> HttpResponse:
    is_open = claim.state == Claim.State.OPEN
    is_own = str(claim.person.public_id) == by.person
    context = {
        "claim": claim,
        "organization": claim.organization,
        "is_own": is_own,
        "may_decide": is_open and not is_own and by.is_officer and by.may_act,
        "may_withdraw": is_open and is_own,
        "identity": identity_of(claim.person) if by.is_officer else None,
        "others": others_on(by, claim),
    }
    return show(request, "claims/claim.html", context, form)
