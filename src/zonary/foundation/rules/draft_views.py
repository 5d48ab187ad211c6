"""Pages of drafts, for officers: proposing, reviewing, releasing, withdrawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zonary.common.clock import now, zone_date
from zonary.common.language import _, say
from zonary.common.pagination import paginate
from zonary.engines.clauses.checks.findings import Finding
from zonary.engines.clauses.errors import ClausesError
from zonary.engines.clauses.packs.shapes import MAX_PACK_BYTES
from zonary.foundation.organizations.pages import for_people
from zonary.foundation.organizations.permissions import NotAllowedError
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules import actions, queries
from zonary.foundation.rules.findings import findings_in
from zonary.foundation.rules.forms import NoteForm, ProposeForm, ReasonForm, ReviewForm
from zonary.foundation.rules.loaded import read_draft
from zonary.foundation.rules.models import FairCompetitionReview, PackDraft
from zonary.foundation.rules.offered import offered_packs
from zonary.foundation.rules.permissions import PackStateError, UnknownPackError, require_may_look_at_drafts
from zonary.foundation.rules.rules import WrongPackError
from zonary.foundation.rules.shown import shown
from zonary.foundation.rules.views import reader_of
from zonary.foundation.rules.wording import draft_title

_either = require_http_methods(["GET", "HEAD", "POST"])
_REFUSALS = (ClausesError, WrongPackError, PackStateError, UnknownPackError, NotAllowedError)


@require_safe
@for_people
def drafts(request: HttpRequest, by: Standing) -> HttpResponse:
    """Every draft, and the packs that come with the program and are not taken up."""
    require_may_look_at_drafts(by)
    page = paginate(queries.drafts(by).defer("content"), "-id", cursor=request.GET.get("cursor", ""))
    taken = queries.digests_taken_up(each.digest for each in offered_packs())
    offered = [(each, each.digest in taken) for each in offered_packs()]
    return render(request, "rules/drafts.html", {"page": page, "offered": offered})


@_either
@for_people
def propose(request: HttpRequest, by: Standing) -> HttpResponse:
    require_may_look_at_drafts(by)

    def do(form: Any) -> PackDraft:
        file = form.cleaned_data["file"]
        data = file.read(MAX_PACK_BYTES + 1)  # one more than the reader takes, so that it says so
        return actions.propose_pack(data, note=form.cleaned_data["note"], by=by, at=now())

    words = {
        "title": _("Propose a rule pack"),
        "lead": _("It is checked and shown to the others; it decides nothing until a second officer releases it."),
        "button": _("Propose"),
        "back": reverse("rules:drafts"),
    }
    return _form(request, ProposeForm(request.POST or None, request.FILES or None), do, words)


@_either
@for_people
def take_up(request: HttpRequest, by: Standing, offered: str) -> HttpResponse:
    """A pack that comes with the program, as a draft."""
    require_may_look_at_drafts(by)
    pack = next((each for each in offered_packs() if each.shape.id == offered), None)
    if pack is None:
        raise Http404

    def do(form: Any) -> PackDraft:
        return actions.take_up_pack(offered, note=form.cleaned_data["note"], by=by, at=now())

    words = {
        "title": _("Take up a rule pack that comes with the program"),
        "lead": f"{pack.shape.title.zh} · {pack.shape.title.en}",
        "button": _("Propose"),
        "back": reverse("rules:drafts"),
    }
    initial = {"note": pack.shape.number[: actions.MAX_NOTE]}
    return _form(request, NoteForm(request.POST or None, initial=initial), do, words)


@login_required
@require_safe
def draft(request: HttpRequest, draft: str) -> HttpResponse:
    """A draft with what was found in it, its reviews, and what the reader may do next."""
    return _draft_page(request, _draft(request, draft), ReviewForm())


@login_required
@require_POST
def review(request: HttpRequest, draft: str) -> HttpResponse:
    by, found = _officer(request), _draft(request, draft)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            actions.record_fair_competition_review(draft, **form.cleaned_data, by=by, at=now())
            messages.success(request, _("The review is recorded."))
            return redirect("rules:draft", draft)
        except _REFUSALS as error:
            form.add_error(None, say(error))
    return _draft_page(request, found, form, status=422)


@login_required
@_either
def release(request: HttpRequest, draft: str) -> HttpResponse:
    """Asked once more: from then on it decides."""
    by, found = _officer(request), _draft(request, draft)
    if request.method == "POST":
        try:
            made = actions.release_pack(draft, by=by, at=now())
            messages.success(request, _("The rule pack is released. It decides from now on."))
            return redirect("rules:release", made.pack, made.number)
        except _REFUSALS as error:
            messages.error(request, say(error))
            return redirect("rules:draft", draft)
    findings = findings_in(found.content, zone_date(now()))
    if not _may_release(by, found, findings):
        return redirect("rules:draft", draft)  # which says why
    context = {
        "title": _("Release the rule pack"),
        "consequence": _("“{title}” decides from now on. A release is public and stays.", title=draft_title(found)),
        "action": _("Release the rule pack"),
        "address": reverse("rules:release-draft", args=[draft]),
        "cancel": reverse("rules:draft", args=[draft]),
        "told": findings,  # nothing is in the way: it is offered
    }
    return render(request, "rules/release_draft.html", context)


@login_required
@_either
def withdraw(request: HttpRequest, draft: str) -> HttpResponse:
    by, found = _officer(request), _draft(request, draft)

    def do(form: Any) -> PackDraft:
        return actions.withdraw_pack(draft, reason=form.cleaned_data["reason"], by=by, at=now())

    words = {
        "title": _("Withdraw the draft"),
        "lead": draft_title(found),
        "button": _("Withdraw"),
        "back": reverse("rules:draft", args=[draft]),
    }
    return _form(request, ReasonForm(request.POST or None), do, words)


def _officer(request: HttpRequest) -> Standing:
    """Of a draft: that it is there is told to nobody else.

    :raises Http404: for who is none.
    """
    by = reader_of(request)
    if by is None or not by.is_officer:
        raise Http404
    return by


def _draft(request: HttpRequest, public_id: str) -> PackDraft:
    try:
        return queries.draft_of(_officer(request), public_id)
    except UnknownPackError:
        raise Http404 from None


def _form(request: HttpRequest, form: Form, do: Callable[[Any], PackDraft], words: dict[str, str]) -> HttpResponse:
    """A form's page; sent, ``do`` is done with it and leads to the draft. A refusal stands on the form."""
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                return redirect("rules:draft", do(form).public_id)
            except _REFUSALS as error:
                form.add_error(None, say(error))
        status = 422
    return render(request, "rules/form.html", {"form": form, **words}, status=status)


def _may_release(by: Standing, draft: PackDraft, findings: Sequence[Finding]) -> bool:
    """Whether its release is offered: to another officer, after a review, with nothing in the way."""
    if (
        draft.state != PackDraft.State.PROPOSED
        or not by.may_act
        or by.actor_id in (draft.proposed_by, *draft.written_by)
    ):
        return False
    review = queries.reviews_of(draft).first()
    if review is None or review.conclusion == FairCompetitionReview.Conclusion.FAILS:
        return False
    return not any(each.is_blocking for each in findings)


def _draft_page(request: HttpRequest, found: PackDraft, form: ReviewForm, status: int = 200) -> HttpResponse:
    by = _officer(request)
    is_open = found.state == PackDraft.State.PROPOSED
    findings = findings_in(found.content, zone_date(now())) if is_open else ()
    reviews = list(queries.reviews_of(found))
    is_own = found.proposed_by == by.actor_id
    passes = bool(reviews) and reviews[0].conclusion != FairCompetitionReview.Conclusion.FAILS
    people = [found.proposed_by, *(each.reviewed_by for each in reviews)]
    names = queries.names_of_officers(by, people)
    context = {
        "draft": found,
        "pack": shown(read_draft(found)),
        "in_the_way": [each for each in findings if each.is_blocking],
        "told": [each for each in findings if not each.is_blocking],
        "reviews": [(each, names.get(each.reviewed_by, "")) for each in reviews],
        "proposer": names.get(found.proposed_by, ""),
        "review_form": form,
        "is_open": is_open,
        "is_own": is_own,
        "may_act": by.may_act,
        "may_release": _may_release(by, found, findings),
        "needs_review": not passes,
        "release": queries.release_of_draft(found),
    }
    return render(request, "rules/draft.html", context, status=status)
