"""Every write."""

from __future__ import annotations

from datetime import datetime

from zonary.common.ids import new_id
from zonary.foundation.accounts.models import Person
from zonary.foundation.documents.errors import DocumentError, UnknownDocumentError
from zonary.foundation.documents.models import Document
from zonary.foundation.documents.permissions import require_may_write
from zonary.foundation.documents.queries import find_document
from zonary.foundation.documents.reviews.events import (
    ReviewAccepted,
    ReviewDeclined,
    ReviewNotesForgotten,
    ReviewRecused,
)
from zonary.foundation.documents.reviews.models import ReviewAnswer
from zonary.foundation.documents.reviews.permissions import require_may_answer_review
from zonary.foundation.documents.reviews.rules import CAUSES, MAX_NOTE, Answer, is_note, may_follow
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.standing import Standing


class ReviewError(DocumentError):
    """This cannot be answered."""


@action
def accept_review(document: str, *, by: Standing, at: datetime) -> ReviewAnswer:
    """Say that one reviews a document.

    :raises UnknownDocumentError: when it is not shared with ``by``'s pool, or ``by`` stood aside from it.
    :raises ReviewError: when that was answered before.
    """
    made = _answer(document, Answer.ACCEPTED, by=by, at=at)
    record(ReviewAccepted(pool=made.pool, holder=made.document.holder), by=_alone(by), about=document, at=at)
    return made


@action
def decline_review(document: str, *, note: str = "", by: Standing, at: datetime) -> ReviewAnswer:
    """Say that one does not; it can be accepted later.

    :raises UnknownDocumentError: and ReviewError, as :func:`accept_review`.
    """
    made = _answer(document, Answer.DECLINED, note=note, by=by, at=at)
    record(ReviewDeclined(pool=made.pool, holder=made.document.holder), by=_alone(by), about=document, at=at)
    return made


@action
def recuse_review(document: str, *, cause: str, note: str = "", by: Standing, at: datetime) -> ReviewAnswer:
    """Stand aside, for a reason: from then on the document is closed to this person, for whomever they act.

    :param cause: a key of ``CAUSES``.
    :raises UnknownDocumentError: and ReviewError, as :func:`accept_review`.
    """
    if cause not in CAUSES:
        raise ReviewError("Say why you stand aside: one of the reasons that are offered.")
    made = _answer(document, Answer.RECUSED, cause=cause, note=note, by=by, at=at)
    event = ReviewRecused(pool=made.pool, holder=made.document.holder, cause=cause)
    record(event, by=_alone(by), about=document, at=at)
    return made


def _alone(by: Standing) -> Standing:
    """Their own act: not among the receipts of the pool, where its other members read."""
    return Standing(person=by.person)


def _answer(
    document: str, answer: Answer, *, cause: str = "", note: str = "", by: Standing, at: datetime
) -> ReviewAnswer:
    require_may_write(by, at=at)
    require_may_answer_review(by)
    if not is_note(note):
        raise ReviewError("A note has at most {count} characters that can be read.", count=MAX_NOTE)
    found = find_document(by, document, at=at)
    if found.holder == by.holder:
        raise UnknownDocumentError("There is no such document, or it is not shared with you.")  # nobody invited them
    # Of two answers of one person at one time, the second waits here and then ends the first.
    Document.objects.select_for_update().get(pk=found.pk)
    held = ReviewAnswer.objects.filter(document=found, person=by.person, ended_at=None)
    before = held.first()
    if not may_follow(before.answer if before else "", answer):
        raise ReviewError("You answered that already.")
    held.update(ended_at=at)
    return ReviewAnswer.objects.create(
        public_id=new_id(at),
        document=found,
        pool=by.organisation,
        person=by.person,
        answer=answer,
        cause=cause,
        note=note,
        answered_at=at,
    )


@action
def forget_review_notes(person: Person, *, by: Actor, at: datetime) -> None:
    """Erase what an erased person wrote beside their answers."""
    count = ReviewAnswer.objects.filter(person=str(person.public_id)).exclude(note="").update(note="")
    record(ReviewNotesForgotten(count=count), by=by, about=str(person.public_id), at=at)
