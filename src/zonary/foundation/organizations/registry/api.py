"""Importing a registry by program: parse, call one action or query, answer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query, Router

from zonary.common import problems
from zonary.common.clock import now, zone_date
from zonary.common.csv_export import CSV
from zonary.common.json_body import JSON, inlined, read_json
from zonary.common.language import language
from zonary.common.pagination import DEFAULT_LIMIT, MAX_LIMIT, listing, paginate
from zonary.common.problems import Problem
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import asked_by, needs
from zonary.foundation.organizations.actions import begin_registry_import
from zonary.foundation.organizations.models import RegistryImport
from zonary.foundation.organizations.permissions import require_officer
from zonary.foundation.organizations.registry import queries
from zonary.foundation.organizations.registry.arrivals import arrived_file, keep_arrived
from zonary.foundation.organizations.registry.files import RegistryFile, open_registry
from zonary.foundation.organizations.registry.holding import only_import
from zonary.foundation.organizations.registry.preview import preview_of
from zonary.foundation.organizations.registry.report import report_of
from zonary.foundation.organizations.registry.schemas import (
    ImportIn,
    ImportOut,
    ImportsOut,
    PreviewOut,
    import_out,
    preview_out,
)
from zonary.foundation.organizations.registry.uploads import keep_upload, upload_of
from zonary.foundation.organizations.schemas import ProblemOut
from zonary.foundation.organizations.standing import Standing

router = Router(tags=["registry"])
ADDRESS = "/api/v1/registry/imports"
TABLE = "application/octet-stream"
"""What a table is sent as, of whatever kind: its first bytes say which."""
_IMPORT = needs("registry:import")
_LIMIT: Any = Query(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)  # type: ignore[type-arg]  # a function to whoever calls it
_LOOKED = frozenset({401, 403, 404, 422})
_ASKED = frozenset({400, 401, 403, 404, 409, 413, 415, 422})
_BINARY = {TABLE: {"schema": {"type": "string", "format": "binary"}}}
_TAKES = {"requestBody": {"required": True, "content": {JSON: {"schema": inlined(ImportIn)}, **_BINARY}}}


@router.get("/imports", auth=_IMPORT, response={200: ImportsOut, _LOOKED: ProblemOut}, summary="Imports of registries")
def listed(request: HttpRequest, cursor: str = "", limit: int = _LIMIT) -> Any:
    """The latest first; for officers."""
    by = _officer(request)
    page = paginate(queries.imports(by), "-id", cursor=cursor, limit=limit)
    return listing([import_out(each) for each in page], page.link(ADDRESS, limit=limit))


@router.post(
    "/imports",
    auth=_IMPORT,
    response={200: PreviewOut, 201: ImportOut, _ASKED: ProblemOut},
    openapi_extra=_TAKES,
    summary="Import a registry, or with dry_run see what would be read",
)
@once
def begin(
    request: HttpRequest, dry_run: bool = False, source: str = "", sheet: str = "", name: str = ""
) -> tuple[int, Any]:
    """The body is a CSV, XLSX or Parquet file of up to 8 MB (`application/octet-stream`; then `source`, `sheet` and the
    file's `name` are parameters), or JSON that names a document of yours, which may be larger.

    It is read in within moments, one import at a time: ask for its state.
    """
    by, at = _officer(request), now()
    if request.content_type == TABLE:
        if not 1 <= len(source.strip()) <= 120 or len(sheet) > 100 or len(name) > 200:
            raise Problem(422, "invalid", "Say by source who keeps the registry, in at most 120 characters.")
        digest = keep_upload(settings.ZONARY_DATA, [request.body])
        file = _opened(digest, name or digest, sheet)
    else:
        asked = read_json(request.body, request.content_type or "", ImportIn)
        found = arrived_file(by, asked.document, at=at)
        file = _opened(keep_arrived(settings.ZONARY_DATA, found), found.name, asked.sheet)
        source = asked.source
    if dry_run:
        return 200, preview_out(preview_of(file, today=zone_date(at)))
    with only_import(settings.ZONARY_DATA):
        begun = begin_registry_import(file, source=source.strip(), by=by, at=at)
    return 201, import_out(begun)


def _opened(digest: str, name: str, sheet: str) -> RegistryFile:
    """The kept file; the hour's cleaning, which takes what nobody asked for in a day, has left it."""
    path = upload_of(settings.ZONARY_DATA, digest)
    if path is None:
        raise problems.unexpected()
    return open_registry(path, name=name, sheet=sheet)


@router.get(
    "/imports/{import_id}",
    auth=_IMPORT,
    response={200: ImportOut, _LOOKED: ProblemOut},
    summary="How far an import is, and what became of it",
)
def progress(request: HttpRequest, import_id: str) -> Any:
    return import_out(_found(request, import_id))


@router.get(
    "/imports/{import_id}/report",
    auth=_IMPORT,
    summary="What there is to say of the rows, as CSV",
    openapi_extra={"responses": {200: {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
def report(request: HttpRequest, import_id: str) -> HttpResponse:
    """In the language asked for; once the import is done its digest is in the log."""
    pieces = report_of(_found(request, import_id), language())
    response = StreamingHttpResponse(pieces, content_type=CSV, headers={"Cache-Control": "no-store"})
    response["Content-Disposition"] = 'attachment; filename="report.csv"'
    return response  # type: ignore[return-value]  # streamed, which ninja hands on as it is


def _found(request: HttpRequest, import_id: str) -> RegistryImport:
    found = queries.import_seen_by(_officer(request), import_id)
    if found is None:
        raise problems.not_found("There is no such import.")
    return found


def _officer(request: HttpRequest) -> Standing:
    by = asked_by(request)
    require_officer(by)
    return by
