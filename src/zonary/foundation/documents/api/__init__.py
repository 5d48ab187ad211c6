"""Documents and uploads over HTTP."""

from __future__ import annotations

from zonary.foundation.documents.api.documents import router as documents
from zonary.foundation.documents.api.uploads import router as uploads

__all__ = ["documents", "uploads"]
