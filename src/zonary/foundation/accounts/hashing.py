"""How passwords are kept."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id at OWASP's minimum of 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet).

    Django's own 100 MiB would, with sixteen requests at work in each of four processes, be more memory than the whole
    server may take.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def must_update(self, encoded: str) -> bool:
        """Never: whoever signs in reads their row, and changes no password, which would be an act of its own."""
        return False
