"""The pages: parse, call one action or query, answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from zonary.common.clock import now
from zonary.common.ids import new_id
from zonary.common.language import _
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.standing import Standing
from zonary.proof.stages import Stage
from zonary.services.evidence import queries, tasks
from zonary.services.evidence.actions import describe_evidence, register_described
from zonary.services.evidence.forms import DescriptionForm, RegisterForm
from zonary.services.evidence.permissions import may_register_evidence
from zonary.services.evidence.rules import Kind


@require_safe
@for_people
def list_evidence(request: HttpRequest, by: Standing) -> HttpResponse:
    """What the holder registered, newest first; or those records that have a digest."""
    digest = "".join(request.GET.get("digest", "").split()).lower()
    found = queries.find_by_either(by, digest) if digest else None
    page = queries.described(by, cursor=request.GET.get("cursor", ""))
    stages = queries.stages_of(page.items)
    context = {
        "digest": digest,
        "found": found,
        "records": [(each, stages.get(str(each.public_id), Stage.RECORDED)) for each in page.items],
        "following": page.next,
        "may_register": may_register_evidence(by),
    }
    return show(request, "evidence/list.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def register(request: HttpRequest, by: Standing) -> HttpResponse:
    """Register the digests of one file."""
    refuse_unless(may_register_evidence(by))
    at = now()
    form = RegisterForm(request.POST if request.method == "POST" else None, initial={"once": new_id(at)})
    if request.method == "POST":
        registered = attempt(form, lambda: register_described(form.registrations(), form.description(), by=by, at=at))
        if registered is not None:
            public_id = registered.public_ids[0]
            tasks.stamp_evidence(public_id, clock=lambda: at)
            messages.success(request, _("The evidence is registered."))
            return redirect("evidence:record", public_id)
    return show(request, "evidence/register.html", {}, form)


@require_safe
@for_people
def record(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """One record: its digests, how far it has come, and what to take away."""
    receipt = found_or_404(queries.find_receipt(by, public_id))
    context = {
        "receipt": receipt,
        "description": queries.description_of(by, public_id),
        "has_package": receipt.kind is Kind.DIGEST,
        "is_published": receipt.stage is Stage.PUBLISHED,
        "may_describe": may_register_evidence(by),
    }
    template = "evidence/_progress.html" if request.headers.get("HX-Request") else "evidence/record.html"
    return show(request, template, context)


@require_http_methods(["GET", "POST"])
@for_people
def describe(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Call a record something else."""
    refuse_unless(may_register_evidence(by))
    found_or_404(queries.find_receipt(by, public_id))
    known = queries.description_of(by, public_id)
    initial = known.description().columns() if known else None
    form = DescriptionForm(request.POST if request.method == "POST" else None, initial=initial)
    described = None
    if request.method == "POST":
        described = attempt(form, lambda: describe_evidence(public_id, form.description(), by=by, at=now()))
    if described is not None:
        messages.success(request, _("The description is saved."))
        return redirect("evidence:record", public_id)
    return show(request, "evidence/describe.html", {"public_id": public_id}, form)


@require_safe
@for_people
def package(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """The package of a record whose statement the server made."""
    receipt = found_or_404(queries.find_receipt(by, public_id))
    if receipt.kind is not Kind.DIGEST or receipt.stage is not Stage.PUBLISHED:
        return redirect("evidence:record", public_id)
    tasks.stamp_evidence(receipt.public_id, clock=now)
    made = found_or_404(queries.package_of(receipt))
    name = f'attachment; filename="{receipt.public_id}.zonary"'
    return HttpResponse(made, content_type="application/vnd.etsi.asic-e+zip", headers={"Content-Disposition": name})


@require_safe
@for_people
def proof(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """The proof that the record is in the log."""
    receipt = found_or_404(queries.find_receipt(by, public_id))
    if receipt.stage is not Stage.PUBLISHED:
        return redirect("evidence:record", public_id)
    name = f'attachment; filename="{receipt.public_id}.tlog-proof"'
    headers = {"Content-Disposition": name}
    return HttpResponse(queries.proof_of(receipt), content_type="text/plain; charset=utf-8", headers=headers)
