"""Whether those who were invited to review a document do: their answers, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from msgspec import Meta
from ninja import Router, Schema

from zonary.common.clock import now, rfc3339
from zonary.common.json_answers import json_answer
from zonary.common.json_body import read_json, takes
from zonary.common.plain_text import PLAIN, PlainBody
from zonary.foundation.documents.queries import find_document
from zonary.foundation.documents.refusals import telling
from zonary.foundation.documents.reviews.actions import accept_review, decline_review, recuse_review
from zonary.foundation.documents.reviews.models import ReviewAnswer
from zonary.foundation.documents.reviews.queries import answers_to, own_answers
from zonary.foundation.documents.reviews.rules import CAUSES, MAX_NOTE, Answer
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import needs
from zonary.foundation.organizations.standing import Standing

router = Router(tags=["documents"])
READ, WRITE = needs("documents:read"), needs("documents:write")


class ReviewIn(PlainBody, frozen=True, kw_only=True):
    """``cause``: why somebody stands aside, and only then. ``note``: for whoever shared the document."""

    answer: Annotated[str, Meta(extra_json_schema={"enum": [each.value for each in Answer]})]
    cause: Annotated[str, Meta(extra_json_schema={"enum": ["", *CAUSES]})] = ""
    note: Annotated[str, Meta(max_length=MAX_NOTE, extra_json_schema={"pattern": PLAIN})] = ""

    def misfit(self) -> str | None:
        if self.answer not in set(Answer):
            return f"“answer” is one of {', '.join(Answer)}"
        if (self.answer == Answer.RECUSED) != (self.cause in CAUSES):
            return f"“cause” goes with standing aside, and is one of {', '.join(CAUSES)}"
        return super().misfit()


class ReviewOut(Schema):
    id: str
    person: str
    name: str
    pool: str
    answer: str
    cause: str
    note: str
    answered_at: datetime


class ReviewsOut(Schema):
    items: list[ReviewOut]


def _review_out(made: ReviewAnswer, name: str) -> dict[str, object]:
    return {
        "id": str(made.public_id),
        "person": made.person,
        "name": name,
        "pool": made.pool,
        "answer": made.answer,
        "cause": made.cause,
        "note": made.note,
        "answered_at": rfc3339(made.answered_at),
    }


@router.get(
    "/{document_id}/reviews", auth=READ, response=ReviewsOut, summary="Who reviews a document, and who does not"
)
@telling
def reviews(request: HttpRequest, document_id: str) -> HttpResponse:
    """Present answers: all of them for its holder, with names; for everybody else their own."""
    reader: Standing = request.standing  # type: ignore[attr-defined]
    found = find_document(reader, document_id, at=now())
    if found.holder == reader.holder:
        shown = answers_to(reader, found)
    else:
        shown = [(each, "") for each in own_answers(reader, [found]).values()]
    return json_answer({"items": [_review_out(*each) for each in shown]})


@router.post(
    "/{document_id}/reviews",
    auth=WRITE,
    response={201: ReviewOut},
    summary="Accept, decline, or stand aside from a review",
    openapi_extra=takes(ReviewIn),
)
@telling
@once
def answer(request: HttpRequest, document_id: str) -> HttpResponse:
    """For oneself, as a member of the pool it was shared with; the answer before ends.

    Who stands aside does not see the document any more.
    """
    wanted = read_json(request.body, request.content_type or "", ReviewIn)
    by: Standing = request.standing  # type: ignore[attr-defined]
    at = now()
    if wanted.answer == Answer.ACCEPTED:
        made = accept_review(document_id, by=by, at=at)
    elif wanted.answer == Answer.DECLINED:
        made = decline_review(document_id, note=wanted.note, by=by, at=at)
    else:
        made = recuse_review(document_id, cause=wanted.cause, note=wanted.note, by=by, at=at)
    return json_answer(_review_out(made, ""), 201)
