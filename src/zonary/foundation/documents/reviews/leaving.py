"""What a person who leaves has beside their answers."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.accounts.models import Person
from zonary.foundation.documents.reviews.actions import forget_review_notes
from zonary.foundation.documents.reviews.models import ReviewAnswer
from zonary.foundation.ledger.actors import Actor


def erase(person: Person, *, by: Actor, at: datetime) -> None:
    if ReviewAnswer.objects.filter(person=str(person.public_id)).exclude(note="").exists():
        forget_review_notes(person, by=by, at=at)
