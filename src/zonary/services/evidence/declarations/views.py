"""The page: parse, call one action, answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from zonary.common.clock import now
from zonary.common.language import _
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence import queries as evidence
from zonary.services.evidence.declarations.actions import declare_fact
from zonary.services.evidence.declarations.forms import DeclarationForm
from zonary.services.evidence.declarations.queries import declaration_of
from zonary.services.evidence.permissions import may_register_evidence


@require_http_methods(["GET", "POST"])
@for_people
def declare(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Declare something of a record; with ``?replaces=`` in place of what was declared before."""
    refuse_unless(may_register_evidence(by))
    found_or_404(evidence.find_receipt(by, public_id))
    replaces = request.GET.get("replaces", "")
    earlier = found_or_404(declaration_of(by, public_id, replaces)) if replaces else None
    initial = None
    if earlier is not None:
        initial = {name: getattr(earlier, name) for name in ("topic", "text", "who", "happened_on")}
    form = DeclarationForm(request.POST if request.method == "POST" else None, initial=initial)
    declared = None
    if request.method == "POST":
        declared = attempt(form, lambda: declare_fact(public_id, form.said(), replaces=replaces, by=by, at=now()))
    if declared is not None:
        messages.success(request, _("It is declared, and its receipt is recorded."))
        return redirect("evidence:record", public_id)
    return show(request, "declarations/declare.html", {"public_id": public_id, "earlier": earlier}, form)
