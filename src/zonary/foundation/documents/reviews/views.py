"""Answering whether one reviews a document: by one button where nothing has to be said, else on a page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from zonary.common.clock import now
from zonary.common.language import _
from zonary.foundation.documents.errors import UnknownDocumentError
from zonary.foundation.documents.queries import find_document
from zonary.foundation.documents.reviews.actions import accept_review, decline_review, recuse_review
from zonary.foundation.documents.reviews.forms import AnswerForm
from zonary.foundation.documents.reviews.models import ReviewAnswer
from zonary.foundation.documents.reviews.permissions import may_answer_review
from zonary.foundation.documents.reviews.queries import own_answers
from zonary.foundation.documents.reviews.rules import Answer
from zonary.foundation.organizations.pages import attempt, for_people, refuse_unless, show
from zonary.foundation.organizations.standing import Standing

SAID = {
    Answer.ACCEPTED: "You review it. Whoever shared it sees that.",
    Answer.DECLINED: "You do not review it. Whoever shared it sees that.",
    Answer.RECUSED: "You stand aside; the file is closed to you. Whoever shared it sees the reason.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def answer(request: HttpRequest, by: Standing, document: str) -> HttpResponse:
    """Accept, decline or stand aside."""
    refuse_unless(may_answer_review(by))
    at = now()
    try:
        found = find_document(by, document, at=at)
    except UnknownDocumentError as error:
        raise Http404 from error
    if found.holder == by.holder:
        raise Http404  # nobody invited them
    asked = request.POST if request.method == "POST" else None
    form = AnswerForm(asked, initial={"answer": request.GET.get("answer", "")})

    def do() -> ReviewAnswer:
        given = form.cleaned_data
        if given["answer"] == Answer.ACCEPTED:
            return accept_review(document, by=by, at=at)
        if given["answer"] == Answer.DECLINED:
            return decline_review(document, note=given["note"], by=by, at=at)
        return recuse_review(document, cause=given["cause"], note=given["note"], by=by, at=at)

    made = attempt(form, do) if request.method == "POST" else None
    if made is not None:
        messages.success(request, _(SAID[Answer(made.answer)]))
        return redirect("start")
    context = {"document": found, "present": own_answers(by, [found]).get(found.pk)}
    return show(request, "reviews/answer.html", context, form)
