"""What can be wrong with a document, its content or an upload."""

from __future__ import annotations

from zonary.foundation.ledger.errors import LedgerError


class DocumentError(LedgerError):
    """What was asked for cannot be done with this document."""


class UnknownDocumentError(DocumentError):
    """There is no such document, version, grant or upload, or it is no business of whoever asks."""


class RefusedContentError(DocumentError):
    """The bytes that came are not what was announced, or may not be kept."""


class QuotaError(DocumentError):
    """More than a holder may keep, or have under way at one time."""


class MissingContentError(DocumentError):
    """The store does not have the content of a version that should be there."""
