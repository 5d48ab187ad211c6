"""Which contents there are, for whoever copies them all."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from zonary.foundation.documents.models import Content, DocumentVersion


def kept_contents() -> Iterator[tuple[bytes, int]]:
    """SHA-256 and size of every content that a version of a document consists of."""
    kept = Content.objects.filter(Exists(DocumentVersion.objects.filter(content=OuterRef("pk"))))
    for sha256, size in kept.order_by("pk").values_list("sha256", "size").iterator(1000):
        yield bytes(sha256), size
