"""Whom events of documents tell. No notice says what a document is called: mails are read by others, too."""

from __future__ import annotations

from zonary.foundation.ledger.notices import Notice, named
from zonary.foundation.ledger.watching import Happening


def _document(happening: Happening) -> str:
    return happening.about


NOTICES: dict[str, tuple[Notice, ...]] = {
    "documents.document.shared": (
        Notice(
            sentence="{organisation} shared a document with you.",
            to=named("grantee"), page="documents:document", argument=_document, many="documents:list",
        ),
    ),
    "documents.share.ended": (
        Notice(
            sentence="{organisation} no longer shares a document with you.",
            to=named("grantee"), page="documents:list", by_default=False,
        ),
    ),
}  # fmt: skip
