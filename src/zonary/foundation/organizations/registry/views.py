"""The registry's pages, for officers: all enterprises, and importing a table of them in three steps."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from zonary.common.clock import now, zone_date
from zonary.common.csv_export import CSV
from zonary.common.language import language, say
from zonary.common.pagination import paginate
from zonary.common.tables import TableError
from zonary.foundation.organizations.actions import begin_registry_import
from zonary.foundation.organizations.models import RegistryImport
from zonary.foundation.organizations.permissions import require_may_import_registry
from zonary.foundation.organizations.registry import queries
from zonary.foundation.organizations.registry.arrivals import UnknownFileError, arrived_file, keep_arrived
from zonary.foundation.organizations.registry.files import open_registry
from zonary.foundation.organizations.registry.forms import SourceForm, StartForm, UploadForm
from zonary.foundation.organizations.registry.holding import only_import
from zonary.foundation.organizations.registry.preview import SHOWN_ROWS, preview_of
from zonary.foundation.organizations.registry.report import report_of
from zonary.foundation.organizations.registry.uploads import keep_upload, upload_of
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error

_SHOWN_IMPORTS = 20


def _officer(request: HttpRequest) -> Standing:
    """:raises PermissionDenied: for everybody else."""
    standing: Standing | None = request.standing  # type: ignore[attr-defined]
    if standing is None or not standing.is_officer:
        raise PermissionDenied
    return standing


@login_required
@require_http_methods(["GET"])
def registry(request: HttpRequest) -> HttpResponse:
    """All enterprises, by name; a search in names and codes."""
    reader, search = _officer(request), request.GET.get("q", "")
    found = queries.enterprises(reader, search=search)
    page = paginate(found, "name", "id", cursor=request.GET.get("cursor", ""))
    latest = queries.imports(reader)[:_SHOWN_IMPORTS] if not search else []
    return render(
        request, "registry/registry.html", {"page": page, "following": page.next, "search": search, "imports": latest}
    )


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The first step: a file."""
    by = _officer(request)
    require_may_import_registry(by)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "registry/upload.html", {"form": form}, status=422 if form.is_bound else 200)
    file: UploadedFile[bytes] = form.cleaned_data["file"]
    digest = keep_upload(settings.ZONARY_DATA, file.chunks())
    said = {"name": file.name or digest, "source": form.cleaned_data["source"], "sheet": form.cleaned_data["sheet"]}
    return redirect(f"{reverse('registry:preview', args=[digest])}?{urlencode(said)}")


@login_required
@require_http_methods(["GET", "POST"])
def from_document(request: HttpRequest, document: str) -> HttpResponse:
    """The first step for a large file, uploaded as a document: where it is from; then on as with any other."""
    by = _officer(request)
    require_may_import_registry(by)
    form = SourceForm(request.POST) if request.method == "POST" else SourceForm(initial=request.GET.dict())
    try:
        file = arrived_file(by, document, at=now())
    except UnknownFileError as error:
        raise Http404 from error
    try:
        if form.is_valid():
            said = {"name": file.name, **form.cleaned_data}
            digest = keep_arrived(settings.ZONARY_DATA, file)
            return redirect(f"{reverse('registry:preview', args=[digest])}?{urlencode(said)}")
    except TableError as error:
        form.add_error(None, say(error))
    context = {"form": form, "name": file.name}
    return render(request, "registry/from_document.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, digest: str) -> HttpResponse:
    """The second step: what the file holds, what would be refused; and the start."""
    by = _officer(request)
    path = upload_of(settings.ZONARY_DATA, digest)
    if path is None:
        raise Http404
    form = StartForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        return redirect("registry:upload")
    said = form.cleaned_data
    try:
        file = open_registry(path, name=said["name"], sheet=said["sheet"])
        if request.method == "POST":
            with only_import(settings.ZONARY_DATA):
                begun = begin_registry_import(file, source=said["source"], by=by, at=now())
            return redirect("registry:import", str(begun.public_id))
        return render(
            request, "registry/preview.html", {"form": form, "preview": preview_of(file, today=zone_date(now()))}
        )
    except Error as error:
        return render(request, "registry/preview.html", {"form": form, "error": say(error)}, status=422)


@login_required
@require_http_methods(["GET"])
def import_progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The third step: how far it is, and what became of it."""
    found = _import(request, public_id)
    looked_at = found.created + found.changed + found.unchanged + found.refused
    reason = "reason_zh" if language() == "zh" else "reason_en"
    context = {
        "found": found,
        "is_running": found.state == RegistryImport.State.RUNNING,
        "is_waiting": found.state == RegistryImport.State.RUNNING
        and upload_of(settings.ZONARY_DATA, found.digest) is None,
        "looked_at": looked_at,
        "percent": 100 * looked_at // max(found.rows, 1),
        "problem": found.problem_zh if language() == "zh" else found.problem_en,
        "remarks": found.remarks.order_by("row", "pk").values_list("row", "column", "value", reason)[:SHOWN_ROWS],
    }
    template = "registry/_progress.html" if request.headers.get("HX-Request") else "registry/import.html"
    return render(request, template, context)


@login_required
@require_http_methods(["GET"])
def import_report(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """What there is to say of the rows, for a spreadsheet."""
    found = _import(request, public_id)
    name = f"{Path(found.file_name).stem[:60]}-report.csv"
    response = StreamingHttpResponse(report_of(found, language()), content_type=CSV)
    response["Content-Disposition"] = _attachment(name)
    response["Cache-Control"] = "no-store"
    return response


def _attachment(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(True, name) or "attachment"


def _import(request: HttpRequest, public_id: str) -> RegistryImport:
    found = queries.import_seen_by(_officer(request), public_id)
    if found is None:
        raise Http404
    return found
