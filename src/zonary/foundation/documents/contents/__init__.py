"""Where contents lie: a directory, or an S3-compatible object store, by one protocol."""

from __future__ import annotations

from zonary.foundation.documents.contents.opening import contents
from zonary.foundation.documents.contents.protocol import PIECE_BYTES, ContentStore

__all__ = ["PIECE_BYTES", "ContentStore", "contents"]
