"""What members of pools answered. Rows are never deleted: an answer that was changed says when it ended."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zonary.foundation.documents.reviews.rules import MAX_NOTE, Answer


class ReviewAnswer(models.Model):
    """What ``person`` (public id), of the ``pool`` the document was shared with, says to reviewing it.

    ``cause`` (a key of ``CAUSES``) and ``note`` say why they declined or stand aside; the note is the person's own, and
    goes with them.
    """

    public_id = models.UUIDField(unique=True)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="review_answers")
    pool = models.CharField(max_length=96)
    person = models.CharField(max_length=96, db_index=True)
    answer = models.CharField(max_length=8, choices=[(each.value, each.name) for each in Answer])
    cause = models.CharField(max_length=8, blank=True)
    note = models.CharField(max_length=MAX_NOTE, blank=True)
    answered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("document", "person"), condition=Q(ended_at__isnull=True), name="reviews_one_answer_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"answer {self.public_id}"
