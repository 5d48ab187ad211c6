"""The pages: parse, call one action or query, answer."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from zonary.common.clock import now
from zonary.common.language import _, say
from zonary.foundation.organizations.pages import for_people, found_or_404, refuse_unless
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error
from zonary.services.evidence import queries as evidence
from zonary.services.evidence.certificates import queries
from zonary.services.evidence.certificates.actions import issue_certificate
from zonary.services.evidence.certificates.making import PDF, file_of
from zonary.services.evidence.certificates.many import MAX_AT_ONCE, issued_files, require_certifiable
from zonary.services.evidence.permissions import may_register_evidence


@require_POST
@for_people
def issue(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Issue one, and go back to the record, from where it is fetched."""
    refuse_unless(may_register_evidence(by))
    found_or_404(evidence.find_receipt(by, public_id))
    try:
        issue_certificate(public_id, by=by, at=now())
    except Error as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("The certificate is issued. Its receipt is recorded."))
    return redirect("evidence:record", public_id)


@require_safe
@for_people
def certificate(request: HttpRequest, by: Standing, public_id: str, number: str) -> HttpResponse:
    """One certificate as a file."""
    found = found_or_404(queries.certificate_of(by, public_id, number))
    try:
        made = file_of(found)
    except Error as error:
        messages.error(request, say(error))
        return redirect("evidence:record", public_id)
    name = f'attachment; filename="{found.public_id}{PDF.suffix}"'
    return HttpResponse(made, content_type=PDF.media_type, headers={"Content-Disposition": name})


@require_POST
@for_people
def issue_many(request: HttpRequest, by: Standing) -> HttpResponse:
    """Issue one about each record that was ticked, and send them in one file."""
    refuse_unless(may_register_evidence(by))
    try:
        records = require_certifiable(request.POST.getlist("record")[: MAX_AT_ONCE + 1], by=by)
    except Error as error:
        messages.error(request, say(error))
        return redirect("evidence:list")
    headers = {"Content-Disposition": 'attachment; filename="certificates.zip"'}
    pieces = issued_files(records, by=by, clock=now)
    streamed = StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)
    return cast("HttpResponse", streamed)  # which what wraps this view does not mind


@login_not_required
@csrf_exempt  # it takes nothing, and says so by 405
@require_safe
def issued_here(request: HttpRequest, number: str) -> HttpResponse:
    """What whoever scans the QR code is told: one sentence, and what to compare. No name, no title, no file."""
    facts = queries.issued_under(number)
    context: dict[str, object] = {"facts": facts, "number": number if facts else ""}
    if facts is not None:
        context["issued_at"] = datetime.fromisoformat(facts.issued_at)
        context["registered_at"] = datetime.fromisoformat(facts.record.registered_at)
    return render(request, "certificates/issued.html", context, status=200 if facts else 404)
