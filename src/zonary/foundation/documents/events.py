"""What happens to documents, as the ledger keeps it: digests and public ids, no names of files or people;
a title only where it is corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAdded(Event):
    """A document came in, with its first version. ``number`` and so on are those of that.

    ``sha256`` and ``sm3`` are of the bytes the server has: of the ciphertext where ``encryption`` is not empty.
    ``escrow``: the holder had the zone's key among those that open it.
    """

    kind: ClassVar[str] = "documents.document.added"
    holder: str
    document: str
    document_version: str
    number: int
    sha256: str
    sm3: str
    size: int
    media_type: str
    encryption: str
    escrow: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionAdded(DocumentAdded):
    """A document has another version from now on; the earlier ones stay."""

    kind: ClassVar[str] = "documents.version.added"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTitleCorrected(Event):
    """The title of a document was put right; ``before`` and ``after`` hold it."""

    kind: ClassVar[str] = "documents.document-title.corrected"
    before: dict[str, str]
    after: dict[str, str]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentShared(Event):
    """``grantee`` may see and fetch the document. ``until`` is the last day, or empty."""

    kind: ClassVar[str] = "documents.document.shared"
    grant: str
    grantee: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareEnded(Event):
    kind: ClassVar[str] = "documents.share.ended"
    grant: str
    grantee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSetApart(Event):
    """The document is in the care of another part of the application from now on, and shared with nobody here."""

    kind: ClassVar[str] = "documents.document.set-apart"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReturned(Event):
    """The document is among its holder's again."""

    kind: ClassVar[str] = "documents.document.returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDownloaded(Event):
    """Somebody else than its holder fetched a version."""

    kind: ClassVar[str] = "documents.document.downloaded"
    document_version: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVersionErased(Event):
    """The content of a version, and what its receipt was made of, were erased; its leaf in the log stays."""

    kind: ClassVar[str] = "documents.version.erased"
    document_version: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVersionRestricted(Event):
    """A version is kept because a law wants it until ``until``, and nobody can fetch it (个人信息保护法 art. 47)."""

    kind: ClassVar[str] = "documents.version.restricted"
    document_version: str
    number: int
    until: str
    reason: str
