"""Documents as files of registries: a table too large for a form comes in by a resumable upload, and is read here."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.documents.contents import contents
from zonary.foundation.documents.errors import UnknownDocumentError
from zonary.foundation.documents.permissions import require_may_read
from zonary.foundation.documents.queries import own_document
from zonary.foundation.organizations.registry.arrivals import Arrived, UnknownFileError
from zonary.foundation.organizations.standing import Standing


def registry_file(by: Standing, document: str, at: datetime) -> Arrived:
    """The newest version of a document of ``by``'s own organisation.

    :raises UnknownFileError: when there is none, or it is not to be had any more.
    """
    require_may_read(by)
    try:
        found = own_document(by, document, at=at)
    except UnknownDocumentError:
        raise UnknownFileError("There is no such document of yours.") from None
    version = found.versions.select_related("content").order_by("-number").first()
    if version is None or version.content is None or version.restricted_at is not None:
        raise UnknownFileError("There is no such document of yours.")
    sha256, size = bytes(version.content.sha256), version.size
    return Arrived(name=version.file_name, size=size, read=lambda: contents().read(sha256, 0, size))
