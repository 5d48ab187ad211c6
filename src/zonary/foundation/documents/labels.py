"""What the fields of the events of documents are called."""

from __future__ import annotations

from zonary.foundation.ledger.act_labels import Label, Labels, Shape

FIELDS: Labels = {
    "holder": Label("Holder", Shape.WHO),
    "document": Label("Number of the document", Shape.CODE),
    "document_version": Label("Number of the version", Shape.CODE),
    "number": Label("Version"),
    "sha256": Label("SHA-256", Shape.CODE),
    "sm3": Label("SM3", Shape.CODE),
    "size": Label("Size in bytes"),
    "media_type": Label("Kind of file"),
    "encryption": Label("Encryption", words={"age": "Encrypted by the holder (age)"}),
    "escrow": Label("The zone holds a key"),
    "grant": Label("Number of the sharing", Shape.CODE),
    "grantee": Label("Shared with", Shape.WHO),
    "before": Label("As it was", Shape.FIELDS, words={"title": "Title"}),
    "after": Label("As it is from now on", Shape.FIELDS, words={"title": "Title"}),
    "until": Label("Last day", Shape.DAY),
}
