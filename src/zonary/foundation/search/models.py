"""The index, derived from the rows it finds: all of it may be deleted and is made anew.

Beside these there is ``search_grams``, which the two databases have each in their own way (see the first migration).
"""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """A thing that can be found.

    :ivar text: what it is found by, folded (``rules.folded``), a text a line.
    :ivar scopes: for whom it is proposed, separated by spaces.
    """

    kind = models.CharField(max_length=24)
    public_id = models.CharField(max_length=36)
    scopes = models.TextField()
    text = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "public_id"), name="search_a_thing_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class SearchBuild(models.Model):
    """How far things of one kind that were there before the index have come into it.

    :ivar after: the public id of the last one.
    """

    kind = models.CharField(max_length=24, primary_key=True)
    after = models.CharField(max_length=36, default="")
    is_whole = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"index of {self.kind}"
