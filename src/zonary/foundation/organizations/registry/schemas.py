"""What goes in and out over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.language import language, translate
from zonary.common.plain_text import PLAIN, PlainBody
from zonary.foundation.organizations.models import RegistryImport
from zonary.foundation.organizations.registry.preview import Preview

_TEXT = {"pattern": PLAIN}


class ImportIn(PlainBody, frozen=True):
    """A file that was uploaded as a document of your own (`/api/v1/uploads`): its newest version is read.

    `source` says who keeps the registry; `sheet` names one of a workbook's, its first without.
    """

    document: Annotated[str, Meta(max_length=40, extra_json_schema=_TEXT)]
    source: Annotated[str, Meta(min_length=1, max_length=120, extra_json_schema=_TEXT)]
    sheet: Annotated[str, Meta(max_length=100, extra_json_schema=_TEXT)] = ""


class RemarkOut(BaseModel):
    row: int
    column: str
    value: str
    is_refused: bool
    reason: str


class PreviewOut(BaseModel):
    """What would be read: `columns` are our names and the file's, `remarks` and `refused` are of the first `looked_at`
    rows."""

    file_sha256: str
    rows: int
    columns: list[dict[str, str]]
    ignored: list[str]
    looked_at: int
    refused: int
    remarks: list[RemarkOut]


class ImportOut(BaseModel):
    """`rows_done` is the number of the last row that was looked at, as a spreadsheet counts; `problem` says why a
    stopped import could not go on. The same file sent again goes on from there, and does nothing twice."""

    id: str
    state: str
    file_name: str
    file_sha256: str
    sheet: str
    source: str
    rows: int
    rows_done: int
    created: int
    changed: int
    unchanged: int
    refused: int
    begun_at: str
    finished_at: str | None
    problem: str
    receipt: str


class ImportsOut(BaseModel):
    items: list[ImportOut]
    next: str | None


def preview_out(preview: Preview) -> dict[str, Any]:
    remarks = [
        {
            "row": each.row,
            "column": each.column,
            "value": each.value,
            "is_refused": each.is_refused,
            "reason": translate(each.reason.msgid, language(), each.reason.params),
        }
        for each in preview.remarks
    ]
    return {
        "file_sha256": preview.file.digest,
        "rows": preview.file.rows,
        "columns": [{"name": ours, "in_file": theirs} for ours, theirs in preview.columns],
        "ignored": list(preview.file.columns.ignored),
        "looked_at": preview.looked_at,
        "refused": preview.refused,
        "remarks": remarks,
    }


def import_out(found: RegistryImport) -> dict[str, Any]:
    return {
        "id": str(found.public_id),
        "state": str(found.state),
        "file_name": found.file_name,
        "file_sha256": found.digest,
        "sheet": found.sheet,
        "source": found.source,
        "rows": found.rows,
        "rows_done": found.rows_done,
        "created": found.created,
        "changed": found.changed,
        "unchanged": found.unchanged,
        "refused": found.refused,
        "begun_at": rfc3339(found.begun_at),
        "finished_at": rfc3339(found.finished_at) if found.finished_at else None,
        "problem": found.problem_zh if language() == "zh" else found.problem_en,
        "receipt": str(found.act),
    }
