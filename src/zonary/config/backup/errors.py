"""What may be wrong with a backup."""

from __future__ import annotations

from zonary.proof.errors import Error


class BackupError(Error):
    """A backup cannot be made, or put back; nothing half is left."""
