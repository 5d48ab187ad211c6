"""The pages: parse, call one action or query, answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import qrcode
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from qrcode.image.svg import SvgPathImage

from zonary.common.clock import now, rfc3339
from zonary.common.csv_export import CSV, csv_bytes
from zonary.common.ids import new_id
from zonary.common.language import _, say
from zonary.foundation.documents.rules import MAX_DOCUMENT_BYTES
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.standing import Standing
from zonary.proof.origin import MAX_STATED, REPORTED_LABELS, STATED_LABELS
from zonary.proof.stages import Stage
from zonary.services.evidence import queries, tasks
from zonary.services.evidence.actions import describe_evidence, register_described
from zonary.services.evidence.certificates.queries import certificates_of
from zonary.services.evidence.copies.queries import copies_of
from zonary.services.evidence.declarations.queries import declarations_of, sealed_with
from zonary.services.evidence.declarations.rules import in_force
from zonary.services.evidence.dossiers.queries import choices, dossiers_with, records_in
from zonary.services.evidence.exporting.queries import acceptances_of
from zonary.services.evidence.forms import DescriptionForm, RegisterForm, WantedForm
from zonary.services.evidence.permissions import may_register_evidence
from zonary.services.evidence.queries.arrival import observed
from zonary.services.evidence.rules import MAX_MATERIAL_BYTES, Kind
from zonary.services.evidence.sharing.views import sharing_context

HINTS = {
    "source": "Such as the system or department it was exported from.",
    "generated_by": "Such as the program, machine or person that made it, and how.",
    "machine": "As you call it; nothing is looked up.",
    "custody": "Where it lay until now, and who could change it.",
    "notarisation": "Office, number and day, if there is one.",
    "witness": "Whoever outside saw it, and when.",
    "corroboration": "Mails, orders, photographs or other records that fit it.",
}
"""What a person may state -> an example of it."""
_REPORTABLE = (
    "user_agent", "system", "time_zone", "utc_offset_minutes", "clock", "clock_ahead_seconds", "selection",
)  # fmt: skip
MAX_EXPORTED = 100_000
"""Rows of a table, the newest ones; more than a spreadsheet is read for."""
_COLUMNS = ("id", "registered_at", "stage", "subject", "title", "note")


@require_safe
@for_people
def list_evidence(request: HttpRequest, by: Standing) -> HttpResponse:
    """What the holder registered, newest first, all of it or what is asked for; or those records that have a digest."""
    digest = "".join(request.GET.get("digest", "").split()).lower()
    found = queries.find_by_either(by, digest) if digest else None
    asked = WantedForm(request.GET, choices(by))
    wanted = asked.wanted(_among(request, by))
    page = queries.described(by, wanted, cursor=request.GET.get("cursor", ""))
    stages = queries.stages_of(page.items)
    query = request.GET.copy()
    query.pop("cursor", None)
    context = {
        "digest": digest,
        "found": found,
        "asked": asked,
        "is_filtered": bool(wanted),
        "records": [(each, stages.get(str(each.public_id), Stage.RECORDED)) for each in page.items],
        "following": page.next,
        "may_register": may_register_evidence(by),
        "same_as_table": query.urlencode(),
    }
    return show(request, "evidence/list.html", context)


def _among(request: HttpRequest, by: Standing) -> frozenset[str] | None:
    """The records of the dossier that is asked for; all when none is."""
    dossier = request.GET.get("dossier", "")
    return records_in(by, dossier) if dossier else None


@require_safe
@for_people
def export(request: HttpRequest, by: Standing) -> HttpResponse:
    """The same list as a table for a spreadsheet; no cell of it is a formula."""
    wanted = WantedForm(request.GET, []).wanted(_among(request, by))

    def rows() -> Iterator[tuple[object, ...]]:
        yield _COLUMNS
        for each, stage in queries.every_described(by, wanted, limit=MAX_EXPORTED):
            said = each.description()
            yield (str(each.public_id), rfc3339(each.registered_at), stage.value, said.subject, said.title, said.note)

    headers = {"Content-Disposition": 'attachment; filename="evidence.csv"'}
    streamed = StreamingHttpResponse(csv_bytes(rows()), content_type=CSV, headers=headers)
    return cast("HttpResponse", streamed)  # which what wraps this view does not mind


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
    context = {
        "holder": by.holder,
        "most": MAX_MATERIAL_BYTES,
        "most_stored": MAX_DOCUMENT_BYTES,
        "escrow": settings.ZONARY_ESCROW_RECIPIENT,
        "most_stated": MAX_STATED,
        "stated": [
            (name, say(label), _(HINTS[name]) if name in HINTS else "") for name, label in STATED_LABELS.items()
        ],
        "reportable": [(name, say(REPORTED_LABELS[name]), _words_for(name)) for name in _REPORTABLE],
    }
    return show(request, "evidence/register.html", context, form)


def _words_for(name: str) -> str:
    """What stands around the number that a browser reports; empty for a text."""
    if name != "clock_ahead_seconds":
        return ""
    return _("{value} seconds, give or take two; below 0 it is behind", value="{value}")


@require_safe
@for_people
def record(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """One record: its digests, how far it has come, and what to take away."""
    receipt = found_or_404(queries.find_receipt(by, public_id))
    is_progress = bool(request.headers.get("HX-Request"))
    context: dict[str, object] = {
        "receipt": receipt,
        "description": queries.description_of(by, public_id),
        "has_package": receipt.has_package,
        "has_digests": receipt.kind is Kind.DIGEST,
        "is_published": receipt.stage is Stage.PUBLISHED,
        "may_change": may_register_evidence(by),
        "observed": observed(by, receipt),
    }
    if is_progress:
        return show(request, "evidence/_progress.html", context)
    context |= {
        "certificates": certificates_of(by, public_id),
        "copies": copies_of(by, public_id, at=now()),
        "declared": in_force(declarations_of(by, public_id)),
        "sealed": sealed_with(receipt),
        "dossiers": dossiers_with(by, public_id),
        "exported": acceptances_of(by, public_id),
        "public_id": public_id,
        **sharing_context(by, public_id, now()),
    }
    return show(request, "evidence/record.html", context)


@require_safe
@for_people
def address_picture(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """The address of a record as a QR code, to be put beside what it is about; only its holder's people get further."""
    receipt = found_or_404(queries.find_receipt(by, public_id))
    address = settings.ZONARY_URL + reverse("evidence:record", args=[receipt.public_id])
    picture = qrcode.make(address, image_factory=SvgPathImage, border=2)
    return HttpResponse(picture.to_string(), content_type="image/svg+xml")


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
    """The package of a record whose statement is here."""
    receipt = found_or_404(queries.find_receipt(by, public_id))
    if not receipt.has_package or receipt.stage is not Stage.PUBLISHED:
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
