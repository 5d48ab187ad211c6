"""A registry of enterprises as somebody else keeps it, read in from a file: rows checked, listed, and compared."""

from __future__ import annotations

MAX_UPLOAD = 8 * 1024 * 1024
"""Bytes of a request with a file; larger ones come as documents, by a resumable upload."""
