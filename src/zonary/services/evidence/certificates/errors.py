"""What can go wrong with certificates."""

from __future__ import annotations

from zonary.proof.errors import Error


class CannotCertifyError(Error):
    """No certificate can be issued about this record, or not now."""


class CannotSignError(Error):
    """No certificate can be signed now."""


class TooManyCertificatesError(Error):
    """The holder has had as many certificates today as the zone issues to one in a day."""
