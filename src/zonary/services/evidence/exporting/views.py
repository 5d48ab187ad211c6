"""The page on which the notice is read and accepted."""

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
from zonary.services.evidence.exporting.actions import accept_export_notice
from zonary.services.evidence.exporting.forms import AcceptForm
from zonary.services.evidence.exporting.rules import DIGEST, TEXT, VERSION
from zonary.services.evidence.permissions import may_register_evidence


def notice_context() -> dict[str, object]:
    """The text in the reader's language, and the digest of all of it."""
    return {"notice": [_(each) for each in TEXT], "notice_digest": DIGEST, "notice_version": VERSION}


@require_http_methods(["GET", "POST"])
@for_people
def accept(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Read the notice, and accept it, before the package of a record is handed to somebody abroad."""
    refuse_unless(may_register_evidence(by))
    found_or_404(evidence.find_receipt(by, public_id))
    form = AcceptForm(request.POST if request.method == "POST" else None)

    def do() -> object:
        ticked = request.POST.get("notice", "")
        return accept_export_notice(public_id, form.cleaned_data["receiver"], ticked, by=by, at=now())

    if request.method == "POST" and not request.POST.get("notice"):
        form.is_valid()
        form.add_error(
            None, _("Read the notice below, and accept it if you want to go on. Nothing has been handed over yet.")
        )
    elif request.method == "POST" and attempt(form, do) is not None:
        messages.success(request, _("The notice is accepted, and that is on record. You can take the package now."))
        return redirect("evidence:record", public_id)
    return show(request, "exporting/accept.html", {"public_id": public_id, **notice_context()}, form)
