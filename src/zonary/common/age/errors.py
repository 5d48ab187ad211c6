"""What may be wrong with an encrypted file or a key for it."""

from __future__ import annotations

from zonary.proof.errors import Error


class AgeError(Error):
    """It cannot be opened, or is no such file or key."""
