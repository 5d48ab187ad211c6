from __future__ import annotations

from django.db import models


class AccessToken(models.Model):
    """A bearer token, kept only as its SHA-256: with 256 random bits a faster guess does not exist."""

    digest = models.BinaryField(max_length=32, unique=True)
    owner = models.CharField(max_length=96)
    issued_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"token of {self.owner}"
