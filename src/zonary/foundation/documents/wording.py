"""Words of the pages for what the program knows by codes."""

from __future__ import annotations

from zonary.common.language import _
from zonary.foundation.documents.models import Document

_KINDS = {
    Document.Kind.CONTRACT: "Contract",
    Document.Kind.LICENCE: "Licence or certificate",
    Document.Kind.DRAWING: "Drawing",
    Document.Kind.REPORT: "Report",
    Document.Kind.EVIDENCE: "Material as evidence",
    Document.Kind.APPLICATION: "Application material",
    Document.Kind.OTHER: "Other document",
}


def kind_name(kind: str) -> str:
    return _(_KINDS.get(Document.Kind(kind), "Other document"))


def kinds() -> list[tuple[str, str]]:
    return [(kind.value, kind_name(kind)) for kind in _KINDS]
