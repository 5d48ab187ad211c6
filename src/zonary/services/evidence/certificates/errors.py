"""What can go wrong with certificates."""

from __future__ import annotations

from zonary.proof.errors import Error


class CannotCertifyError(Error):
    """No certificate can be issued about this record, or not now."""


class CannotSignError(Error):
    """No certificate can be signed now."""
