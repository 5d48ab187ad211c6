"""The pages: parse, call one action or query, answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zonary.common.clock import now
from zonary.common.language import _, say
from zonary.foundation.organizations.pages import for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.standing import Standing
from zonary.proof.disclosure import MAX_DISCLOSED
from zonary.proof.errors import Error
from zonary.proof.printable import printable
from zonary.services.evidence import queries as evidence
from zonary.services.evidence.certificates import queries
from zonary.services.evidence.certificates.actions import issue_certificate
from zonary.services.evidence.certificates.contents import WHOLE, Shown, names_in
from zonary.services.evidence.certificates.errors import CannotCertifyError
from zonary.services.evidence.certificates.making import PDF, file_of
from zonary.services.evidence.certificates.many import MAX_AT_ONCE, issued_files, require_certifiable
from zonary.services.evidence.permissions import may_register_evidence
from zonary.services.evidence.rules import MAX_GIVEN_BYTES


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


_OFFERED = 500
"""Names of files offered at one time; words choose among more."""


@require_http_methods(["GET", "POST"])
@for_people
def disclose(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Issue one that shows chosen files alone, or what its holder shows of a list they keep themselves."""
    refuse_unless(may_register_evidence(by))
    receipt = found_or_404(evidence.find_receipt(by, public_id))
    names = names_in(receipt)
    if request.method == "POST":
        try:
            issue_certificate(public_id, shown=_chosen(request, names), by=by, at=now())
        except Error as error:
            messages.error(request, say(error))
            return redirect("evidence:disclosure-certificate", public_id)
        messages.success(request, _("The certificate is issued. Its receipt is recorded."))
        return redirect("evidence:record", public_id)
    words = request.GET.get("words", "").split()
    found = [
        (number, printable(name))
        for number, name in enumerate(names)
        if all(word.encode("utf-8", "surrogatepass") in name for word in words)
    ]
    context = {
        "receipt": receipt,
        "description": evidence.description_of(by, public_id),
        "offered": found[:_OFFERED],
        "found": len(found),
        "count": len(names),
        "words": " ".join(words),
        "is_here": receipt.has_package,
    }
    return show(request, "certificates/disclose.html", context)


def _chosen(request: HttpRequest, names: Sequence[bytes]) -> Shown:
    """What was ticked, by its place in the list; or the package that was handed in.

    :raises CannotCertifyError: when it is neither.
    """
    given = request.FILES.get("package")
    if given is not None:
        return Shown(disclosure=given.read(MAX_GIVEN_BYTES + 1))
    places = [int(each) for each in request.POST.getlist("file")[: MAX_DISCLOSED + 1] if each.isdecimal()]
    files = tuple(names[each] for each in places if each < len(names))
    if not files:
        raise CannotCertifyError("Choose at least one file to be shown.")
    return Shown(files=files)


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
        ticked = [(each, WHOLE) for each in request.POST.getlist("record")[: MAX_AT_ONCE + 1]]
        wanted = require_certifiable(ticked, by=by, at=now())
    except Error as error:
        messages.error(request, say(error))
        return redirect("evidence:list")
    headers = {"Content-Disposition": 'attachment; filename="certificates.zip"'}
    pieces = issued_files(wanted, by=by, clock=now)
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
