"""What happens to policy documents, as the ledger keeps it; ``about`` is the document's public id.

The words themselves are public and stand in the edition; the entry has their digest, so that anyone who is given them
sees whether they are those that were recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRecorded(Event):
    kind: ClassVar[str] = "library.document.recorded"
    document_number: str
    title: str
    issuer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRecorded(Event):
    """Its words from ``first`` on; ``text_sha256`` is of them in UTF-8, with LF for line ends.

    ``last`` may be empty.
    """

    kind: ClassVar[str] = "library.edition.recorded"
    edition: str
    number: int
    text_sha256: str
    issued_on: str
    first: str
    last: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepealRecorded(Event):
    """The document, or these articles of it, ceased to be in force; ``by`` is the public id of another, or empty."""

    kind: ClassVar[str] = "library.repeal.recorded"
    by: str
    articles: str
    since: str
    reason: str


FIELDS: Labels = {
    "document_number": Label("Document number"),
    "title": Label("Title"),
    "issuer": Label("Issued by"),
    "edition": Label("Number of the edition", Shape.CODE),
    "number": Label("Edition"),
    "text_sha256": Label("SHA-256 of the text", Shape.CODE),
    "issued_on": Label("Issued on", Shape.DAY),
    "first": Label("In force from", Shape.DAY),
    "last": Label("In force until", Shape.DAY),
    "by": Label("Repealed by the document", Shape.CODE),
    "articles": Label("Articles"),
    "since": Label("Since", Shape.DAY),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    DocumentRecorded.kind: "A policy document was recorded",
    EditionRecorded.kind: "An edition of a policy document was recorded",
    RepealRecorded.kind: "A repeal was recorded",
}
"""Kind of event -> the sentence that names it in lists of receipts."""
