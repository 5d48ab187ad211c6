"""The receipts of acts: the list, one with how far it has come, its file, and correcting what it wrote down."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from zonary.common.clock import now
from zonary.common.language import _, say
from zonary.foundation.ledger.act_labels import ids_in, told_fields
from zonary.foundation.ledger.receipts import receipt_of
from zonary.foundation.organizations.actions import decide_correction, propose_correction
from zonary.foundation.organizations.corrections import corrector_for, corrector_of
from zonary.foundation.organizations.forms import CorrectionForm, DecisionForm
from zonary.foundation.organizations.models import Correction
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, show
from zonary.foundation.organizations.queries import (
    act_seen_by,
    acts_page,
    correction_acts,
    corrections_of,
    corrections_waiting,
    names_of,
)
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error


@require_safe
@for_people
def list_receipts(request: HttpRequest, by: Standing) -> HttpResponse:
    """What was done by oneself, for the organisation or about it, newest first."""
    page = acts_page(by, cursor=request.GET.get("cursor", ""))
    context = {"acts": page.items, "following": page.next, "names": names_of(by, page.items)}
    return show(request, "receipts/list.html", {**context, "waiting": corrections_waiting(by).count()})


@require_safe
@for_people
def act(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """One act: what, who, when, and how far its receipt has come."""
    found = found_or_404(act_seen_by(by, public_id))
    corrections = list(corrections_of(by, public_id))
    told = correction_acts(by, found.about) if corrections else {}
    body = found.body or {}
    context = {
        "act": found,
        "rows": told_fields(found.kind, body),
        "raw": json.dumps(found.body, ensure_ascii=False, sort_keys=True, indent=1),
        "names": names_of(by, [found], also={found.about, *ids_in(found.kind, body)}),
        "corrections": [(each, told.get(str(each.public_id), "")) for each in corrections],
        "is_correctable": found.body is not None and corrector_for(by, found) is not None,
    }
    template = "receipts/_stage.html" if request.headers.get("HX-Request") else "receipts/act.html"
    return show(request, template, context)


@require_safe
@for_people
def receipt_file(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """The receipt itself, to be checked by anyone: ``zonary verify FILE``."""
    found = found_or_404(act_seen_by(by, public_id))
    try:
        receipt = receipt_of(found.public_id)
    except Error as error:
        messages.error(request, say(error))
        return redirect("receipts:act", public_id)
    name = f'attachment; filename="{found.public_id}.tlog-proof"'
    return HttpResponse(receipt, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": name})


@require_http_methods(["GET", "POST"])
@for_people
def correct(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Say what was wrong, what it should be, and why; somebody else then decides."""
    found = found_or_404(act_seen_by(by, public_id))
    corrector = found_or_404(corrector_for(by, found))
    present = dict(corrector.present(found))
    form = CorrectionForm(
        request.POST if request.method == "POST" else None, fields=dict(corrector.fields), present=present
    )
    changed = None
    if request.method == "POST":
        changed = attempt(
            form,
            lambda: propose_correction(
                public_id, changes=form.changes(), reason=form.cleaned_data["reason"], by=by, at=now()
            ),
        )
    if changed is not None:
        messages.success(request, _("The correction is proposed. It takes effect once somebody else approves it."))
        return redirect("receipts:act", public_id)
    return show(request, "receipts/correct.html", {"act": found}, form)


@require_safe
@for_people
def waiting(request: HttpRequest, by: Standing) -> HttpResponse:
    """Corrections that wait for this person's decision."""
    proposals = [
        {"correction": each, "form": DecisionForm(prefix=str(each.public_id)), "rows": _rows(each)}
        for each in corrections_waiting(by)[:50]
    ]
    return show(request, "receipts/waiting.html", {"proposals": proposals})


@require_http_methods(["POST"])
@for_people
def decide(request: HttpRequest, by: Standing, correction: str) -> HttpResponse:
    """Yes or no to a correction."""
    form = DecisionForm(request.POST, prefix=correction)
    is_approved = request.POST.get("decision") == "approve"
    try:
        answer = form.cleaned_data["answer"] if form.is_valid() else ""
        decide_correction(correction, is_approved=is_approved, answer=answer, by=by, at=now())
    except Error as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("The correction is made.") if is_approved else _("The correction is refused."))
    return redirect("receipts:waiting")


def _rows(correction: Correction) -> list[tuple[str, str]]:
    corrector = corrector_of(correction.kind)
    labels = corrector.fields if corrector else {}
    return [(_(labels.get(name, "Field")), text) for name, text in correction.changes.items()]
