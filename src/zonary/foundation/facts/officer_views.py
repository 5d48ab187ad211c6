"""Pages for who is not the enterprise: finding one, reading with a purpose, recording, answering disputes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from zonary.common.clock import now
from zonary.common.language import _, say
from zonary.common.pagination import paginate
from zonary.common.tables import TableError
from zonary.foundation.deadlines.queries import deadlines_of
from zonary.foundation.facts import actions, queries
from zonary.foundation.facts.actions.importing import ImportRow
from zonary.foundation.facts.doors import show_form, standing
from zonary.foundation.facts.forms import AnswerForm, ImportForm, OfficerClaimForm, ReadForm, ReasonForm
from zonary.foundation.facts.import_files import read_rows
from zonary.foundation.facts.models import Dispute
from zonary.foundation.facts.permissions import UnknownFactError
from zonary.foundation.facts.rules import Claim, WrongFactError
from zonary.foundation.facts.wording import indicator_name
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.permissions import NotAllowedError

_either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """For officers: whose profile? And how many disputes wait."""
    reader = standing(request)
    if not reader.is_officer:
        raise Http404
    text = request.GET.get("q", "")[:100]
    context = {
        "text": text,
        "found": queries.find_enterprises(reader, text),
        "waiting": queries.disputes_waiting(reader).count(),
    }
    return render(request, "facts/find.html", context)


@login_required
@_either
def read(request: HttpRequest, subject: str) -> HttpResponse:
    """State the purpose, and read. What was read is shown at once and nowhere else; asked again, it is read again."""
    by, at = standing(request), now()
    found = _subject(request, subject)
    form = ReadForm(request.POST or None)
    context: dict[str, Any] = {"subject": found, "form": form, "is_officer": by.is_officer}
    context["corrector"] = by.person if by.is_officer else ""
    if request.method == "POST" and form.is_valid():
        try:
            context["profile"] = actions.read_profile(subject, **form.cleaned_data, by=by, at=at)
            return render(request, "facts/reading.html", context)
        except (WrongFactError, NotAllowedError, UnknownFactError) as error:
            form.add_error(None, say(error))
    return render(request, "facts/read.html", context, status=422 if request.method == "POST" else 200)


def _subject(request: HttpRequest, subject: str) -> Organization:
    """An enterprise whose name the reader may know: an officer any, others one that handed its profile over."""
    found = queries.readable_enterprise(standing(request), subject, at=now())
    if found is None:
        raise Http404
    return found


@login_required
@_either
def record(request: HttpRequest, subject: str) -> HttpResponse:
    by = standing(request)
    if not by.is_officer:
        raise Http404
    found = _subject(request, subject)

    def do(form: Any) -> str:
        actions.record_fact(subject, form.claim(), source_kind=form.cleaned_data["source_kind"], by=by, at=now())
        return _("The fact is recorded.")

    words = {"title": _("Record a fact"), "lead": found.name, "button": _("Record")}
    to = reverse("facts:read-profile", args=[subject])
    return show_form(request, OfficerClaimForm(request.POST or None), do, words=words, to=to)


@login_required
@_either
def erase(request: HttpRequest, fact: str) -> HttpResponse:
    """The value of a fact that names a person; it is not shown here to who erases it."""
    by = standing(request)
    found = queries.erasable_fact(by, fact)
    if found is None:
        raise Http404

    def do(form: Any) -> str:
        actions.erase_fact(fact, reason=form.cleaned_data["reason"], by=by, at=now())
        return _("The value is erased; that there was one stays on record.")

    words = {
        "title": _("Erase the value of a fact"),
        "lead": _(
            "{indicator} of {name}: nothing brings the value back. Never repeat it in the reason.",
            indicator=indicator_name(found.indicator),
            name=found.subject.name,
        ),
        "button": _("Erase"),
    }
    to = reverse("facts:read-profile", args=[found.subject.public_id])
    return show_form(request, ReasonForm(request.POST or None), do, words=words, to=to)


@login_required
@_either
def import_file(request: HttpRequest) -> HttpResponse:
    """Many facts at one time: what is right is recorded, and each row that is not is told with its number."""
    by, at = standing(request), now()
    if not by.is_officer:
        raise Http404
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            rows = _uploaded_rows(given.pop("file"))
            done = actions.import_facts(rows, **given, by=by, at=at)
            return render(request, "facts/imported.html", {"done": done})
        except (TableError, WrongFactError, NotAllowedError) as error:
            form.add_error(None, say(error))
    status = 422 if request.method == "POST" else 200
    return render(request, "facts/import.html", {"form": form}, status=status)


def _uploaded_rows(file: UploadedFile[Any]) -> list[ImportRow]:
    """A table is read from a file: some kinds are read from their end."""
    with tempfile.NamedTemporaryFile() as kept:
        for piece in file.chunks():
            kept.write(piece)
        kept.flush()
        return read_rows(Path(kept.name))


@login_required
@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    """The enterprise's own; for officers those that wait, or with ``?all=1`` all."""
    reader = standing(request)
    is_all = not reader.is_officer or request.GET.get("all") == "1"
    rows = queries.disputes(reader) if is_all else queries.disputes_waiting(reader)
    page = paginate(rows, "-id", cursor=request.GET.get("cursor", ""))
    due = deadlines_of(str(each.public_id) for each in page.items)
    with_terms = [(each, due.get(str(each.public_id))) for each in page.items]
    context = {"page": page, "rows": with_terms, "is_officer": reader.is_officer, "is_all": is_all}
    return render(request, "facts/disputes.html", context)


@login_required
@_either
def answer(request: HttpRequest, dispute: str) -> HttpResponse:
    """A dispute; for officers, while it waits, with the form of the answer."""
    by = standing(request)
    found = queries.find_dispute(by, dispute)
    if found is None:
        raise Http404

    def do(form: Any) -> str:
        is_upheld = form.cleaned_data["outcome"] == "upheld"
        claim = _right(form, found) if is_upheld else None
        actions.answer_dispute(
            dispute, is_upheld=is_upheld, answer=form.cleaned_data["answer"], claim=claim, by=by, at=now()
        )
        return _("The dispute is answered.")

    words: dict[str, Any] = {
        "title": _("Dispute of a fact"),
        "lead": found.subject.name,
        "button": _("Answer"),
        "dispute": found,
        "is_answerable": by.is_officer and found.state == Dispute.State.OPEN,
    }
    form = AnswerForm(request.POST or None)
    return show_form(request, form, do, words=words, to=reverse("facts:disputes"))


def _right(form: AnswerForm, dispute: Dispute) -> Claim:
    given = {name: value for name, value in form.cleaned_data.items() if name not in ("outcome", "answer")}
    return Claim(indicator=dispute.fact.indicator, **given)
