"""Every write that somebody decided: adding, sharing, fetching, erasing."""

from __future__ import annotations

from zonary.foundation.documents.actions.adding import add_document, add_version
from zonary.foundation.documents.actions.correcting import correct_document_title
from zonary.foundation.documents.actions.fetching import download_document
from zonary.foundation.documents.actions.removing import erase_document_version
from zonary.foundation.documents.actions.setting_apart import return_document, set_document_apart
from zonary.foundation.documents.actions.sharing import end_share, share_document

__all__ = [
    "add_document",
    "add_version",
    "correct_document_title",
    "download_document",
    "end_share",
    "erase_document_version",
    "return_document",
    "set_document_apart",
    "share_document",
]
