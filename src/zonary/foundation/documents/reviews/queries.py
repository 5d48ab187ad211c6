"""Every read, the reader first: one's own answers, and for the holder of a document all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import OuterRef, QuerySet

from zonary.foundation.accounts.models import Person
from zonary.foundation.documents.models import Document
from zonary.foundation.documents.reviews.models import ReviewAnswer
from zonary.foundation.documents.reviews.rules import Answer
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing

MAX_ANSWERS = 200
"""Of one document that are shown."""


def stood_aside(reader: Standing) -> QuerySet[ReviewAnswer]:
    """That the reader stood aside from the document of the query around this."""
    held = ReviewAnswer.objects.filter(document=OuterRef("pk"), person=reader.person, ended_at=None)
    return held.filter(answer=Answer.RECUSED)


def own_answers(reader: Standing, documents: Iterable[Document]) -> dict[int, ReviewAnswer]:
    """Key of a document -> what the reader answers now."""
    held = ReviewAnswer.objects.filter(document__in=list(documents), person=reader.person, ended_at=None)
    return {each.document_id: each for each in held}


def stood_aside_from(reader: Standing) -> Sequence[ReviewAnswer]:
    """From which documents the reader stood aside as a member of the pool they act for, the latest first."""
    held = ReviewAnswer.objects.filter(person=reader.person, pool=reader.organisation, ended_at=None)
    found = held.filter(answer=Answer.RECUSED).select_related("document").order_by("-answered_at", "-pk")
    return list(found[:MAX_ANSWERS])


def answers_to(reader: Standing, document: Document) -> list[tuple[ReviewAnswer, str]]:
    """What members of pools answer now, with their names: for the holder of the document alone."""
    if document.holder != reader.holder:
        return []
    found = list(
        ReviewAnswer.objects.filter(document=document, ended_at=None).order_by("answered_at", "pk")[:MAX_ANSWERS]
    )
    people = Person.objects.filter(public_id__in={as_uuid(each.person) for each in found}, restricted_at=None)
    names = {str(public_id): name for public_id, name in people.values_list("public_id", "name")}
    return [(each, names.get(each.person, "")) for each in found]
