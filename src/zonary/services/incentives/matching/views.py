"""Parse, call one action or query, answer."""

from __future__ import annotations

from collections.abc import Callable
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
from zonary.common.problems import Problem
from zonary.foundation.facts.queries import bases_of, open_disputes
from zonary.foundation.organizations.pages import for_people, officers_only
from zonary.foundation.organizations.permissions import NotAllowedError
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.matching import actions, queries
from zonary.services.incentives.matching.forms import CheckForm, LiftForm, NotForUsForm, PromiseForm
from zonary.services.incentives.matching.listing import filtered_by, filters, row_of, sections_of
from zonary.services.incentives.matching.permissions import is_enterprise
from zonary.services.incentives.matching.queries import Group, MatchingError, Result, UnknownAnswerError
from zonary.services.incentives.matching.queries.deciding import facts_read
from zonary.services.incentives.matching.rules import WrongAnswerError, digest_of_words, total_of
from zonary.services.incentives.matching.wording import (
    Backing,
    StoredView,
    amount_lines,
    amount_words,
    clause_views,
    missing_most,
    promise_words,
    reason_of,
    sentence_of,
    stored_view,
    title_of,
)
from zonary.services.incentives.measures.rules import KINDS, MODES
from zonary.services.incentives.measures.wording import title_of as measure_title

_either = require_http_methods(["GET", "HEAD", "POST"])


def _standing(request: HttpRequest) -> Standing:
    found: Standing | None = getattr(request, "standing", None)
    if found is None:
        raise Problem(403, "sign-in-needed", "Sign in first.")
    return found


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What fits, what is one condition short, what is not known yet: from the facts of this moment."""
    reader, at = _standing(request), now()
    if reader.is_officer:
        return redirect("matching:promises")
    if not is_enterprise(reader):
        return render(request, "matching/mine.html", {"is_enterprise": False})
    results = queries.own_results(reader, at=at)
    known = queries.circumstances(reader, results, at=at)
    wanted = _wanted(request)
    shown = [each for each in results if _fits(filtered_by(each), wanted)]
    fits = [each.answer for each in results if each.group is Group.FITS]
    rows = [row_of(each, known) for each in shown]
    context = {
        "sections": sections_of(rows),
        "hints": missing_most([each.answer for each in shown if each.group is Group.MISSING]),
        "fits": len(fits),
        "total": amount_words(total_of((each.question.measure.stacking, each.amount or 0) for each in fits) or None),
        "is_enterprise": True,
        "is_filtered": any(wanted.values()),
        "is_empty": not results,
        "filters": filters(results, wanted),
        "today": zone_date(at),
    }
    return render(request, "matching/mine.html", context)


def _fits(has: dict[str, str], wanted: dict[str, str]) -> bool:
    return all(not text or has[name] == text for name, text in wanted.items())


def _wanted(request: HttpRequest) -> dict[str, str]:
    """What the list is limited to, as far as there is such a thing; empty: by nothing."""
    known = {"group": list(Group), "kind": KINDS, "mode": MODES}
    asked = {name: request.GET.get(name, "") for name in known}
    return {name: text if text in known[name] else "" for name, text in asked.items()}


@login_required
@require_safe
def measure(request: HttpRequest, measure: str) -> HttpResponse:
    """One measure, clause by clause, with what was read and what would do."""
    reader, at = _standing(request), now()
    result = _result(request, measure)
    answer, known = result.answer, queries.circumstances(reader, [result], at=at)
    backing = Backing(known.disputed, bases_of(reader, facts_read(answer.decision)))
    promises = queries.promises_of(reader).filter(measure=answer.question.measure)
    is_over = answer.question.measure.state != "published"
    context = {
        "title": title_of(answer),
        "measure": answer.question.measure,
        "pack": answer.question.loaded,
        "state": answer.truth,
        "group": result.group.value,
        "row": row_of(result, known),
        "amount": amount_words(answer.amount),
        "reason": reason_of(answer),
        "clauses": clause_views(answer, backing),
        "amount_said": amount_lines(answer),
        "promises": [(each, _promised_sentence(answer, each.clause)) for each in promises],
        "kept": queries.decisions_of(reader, measure=measure)[:10],
        "may_act": reader.may_act and not is_over,
        "may_promise": result.may_promise,
        "is_over": is_over,
        "at": at,
    }
    return render(request, "matching/measure.html", context)


def _promised_sentence(answer: queries.Answered, clause: str) -> str:
    """Of a clause the rules no longer have, its id."""
    known = {each.id for each in answer.question.loaded.pack.document.clauses}
    return sentence_of(answer, clause) if clause in known else clause


def _result(request: HttpRequest, measure: str) -> Result:
    try:
        return queries.own_result(_standing(request), measure, at=now())
    except UnknownAnswerError as error:
        raise Http404 from error


@login_required
@require_POST
def keep(request: HttpRequest, measure: str) -> HttpResponse:
    try:
        kept = actions.keep_answer(measure, by=_standing(request), at=now())
    except (UnknownAnswerError, NotAllowedError) as error:
        raise Http404 from error
    except MatchingError as error:
        messages.error(request, say(error))
        return redirect("matching:measure", measure)
    messages.success(request, _("This answer is kept. Its file can be checked without us."))
    return redirect("matching:decision", kept.public_id)


@login_required
@_either
def promise(request: HttpRequest, measure: str, clause: str) -> HttpResponse:
    """The words, and a tick that they are meant."""
    by, answer = _standing(request), _result(request, measure).answer
    if not any(each.id == clause for each in clause_views(answer)):
        raise Http404
    words = promise_words(answer, clause)
    back = reverse("matching:measure", args=[measure])

    def do(form: Any) -> str:
        actions.give_promise(measure, clause, words_sha256=form.cleaned_data["words"], by=by, at=now())
        return _("The promise is given, and the measure decided anew.")

    form = PromiseForm(request.POST or None, initial={"words": digest_of_words(words)})
    context = {"title": _("Promise a condition"), "lead": title_of(answer), "button": _("Promise"), "words": words}
    return _show_form(request, form, do, words=context, to=back)


@login_required
@_either
def not_for_us(request: HttpRequest, measure: str) -> HttpResponse:
    by, answer = _standing(request), _result(request, measure).answer

    def do(form: Any) -> str:
        actions.say_not_for_us(measure, reason=form.cleaned_data["reason"], by=by, at=now())
        return _("You are not told of this measure again.")

    context = {"title": _("Not for us"), "lead": title_of(answer), "button": _("Say so")}
    return _show_form(request, NotForUsForm(request.POST or None), do, words=context, to=reverse("matching:mine"))


@login_required
@require_POST
def for_us(request: HttpRequest, measure: str) -> HttpResponse:
    try:
        actions.say_for_us(measure, by=_standing(request), at=now())
    except (MatchingError, NotAllowedError) as error:
        raise Http404 from error
    messages.success(request, _("You are told of this measure again."))
    return redirect("matching:measure", measure)


@login_required
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    page = paginate(queries.decisions_of(_standing(request)), "-id", cursor=request.GET.get("cursor", ""))
    return render(request, "matching/decisions.html", {"decisions": page.items, "following": page.next})


@login_required
@_either
def decision(request: HttpRequest, decision: str) -> HttpResponse:
    """As it was kept, said again from what was kept; that it still comes out is tried each time its data are shown.

    An officer sees the data after a POST, which is recorded; they are shown at once and nowhere else.
    """
    kept = _opened(request, decision) if request.method == "POST" else _kept(request, decision)
    is_open = request.method == "POST" or not _standing(request).is_officer
    disputed = open_disputes(_standing(request), str(kept.subject.public_id)) if is_open else {}
    view = stored_view(kept, disputed) if is_open else StoredView()
    context = {
        "decision": kept,
        "clauses": view.clauses,
        "amount_said": view.amount,
        "differs": view.differs,
        "amount": amount_words(kept.amount),
        "is_officer": _standing(request).is_officer,
        "is_open": is_open,
    }
    return render(request, "matching/decision.html", context)


def _kept(request: HttpRequest, decision: str) -> Any:
    try:
        return queries.decision_of(_standing(request), decision)
    except UnknownAnswerError as error:
        raise Http404 from error


def _opened(request: HttpRequest, decision: str) -> Any:
    try:
        return actions.open_decision(decision, by=_standing(request), at=now())
    except (UnknownAnswerError, NotAllowedError) as error:
        raise Http404 from error


@login_required
@_either
def file(request: HttpRequest, decision: str) -> HttpResponse:
    """What an outsider repeats it from; an officer takes it by POST, which is recorded."""
    if request.method != "POST" and _standing(request).is_officer:
        return redirect("matching:decision", _kept(request, decision).public_id)
    kept = _opened(request, decision) if request.method == "POST" else _kept(request, decision)
    response = HttpResponse(queries.bundle_of(kept), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="decision-{kept.digest[:12]}.json"'
    return response


@require_safe
@for_people
def promises(request: HttpRequest, reader: Standing) -> HttpResponse:
    """For officers: what is to be looked at, the soonest due first."""
    officers_only(reader.is_officer)
    page = paginate(queries.promises_to_check(reader), "due", "id", cursor=request.GET.get("cursor", ""))
    checked = queries.promises_of(reader).exclude(state="open").order_by("-checked_at", "-id")[:20]
    barring = paginate(queries.promises_barring(reader), "-id", cursor=request.GET.get("barring", ""))
    context = {
        "promises": page.items,
        "following": page.next,
        "checked": checked,
        "today": zone_date(now()),
        "barring": barring.items,
        "following_barring": barring.next,
        "reader": reader,
    }
    return render(request, "matching/promises.html", context)


@login_required
@_either
def check(request: HttpRequest, promise: str) -> HttpResponse:
    by = _standing(request)
    found = queries.promises_to_check(by).filter(public_id=as_uuid(promise)).first()
    if found is None:
        raise Http404

    def do(form: Any) -> str:
        actions.check_promise(promise, **form.cleaned_data, by=by, at=now())
        return _("The finding is recorded, and the enterprise told.")

    context = {
        "title": _("Look at a promise"),
        "lead": f"{found.subject.name} · {measure_title(found.measure)}",
        "button": _("Record the finding"),
        "words": found.words,
    }
    return _show_form(request, CheckForm(request.POST or None), do, words=context, to=reverse("matching:promises"))


@login_required
@_either
def lift(request: HttpRequest, broken: str) -> HttpResponse:
    """For officers: the credit was repaired, so promises are taken again."""
    by = _standing(request)
    found = queries.promises_barring(by).filter(public_id=as_uuid(broken)).first()
    if found is None:
        raise Http404

    def do(form: Any) -> str:
        actions.lift_promise(broken, **form.cleaned_data, by=by, at=now())
        return _("It is recorded, and the enterprise told. Promises for this measure are taken again.")

    context = {
        "title": _("The credit was repaired"),
        "lead": f"{found.subject.name} · {measure_title(found.measure)}",
        "button": _("Take promises again"),
        "words": f"{found.words}\n\n{_('Finding: {finding}', finding=found.finding)}",
    }
    return _show_form(request, LiftForm(request.POST or None), do, words=context, to=reverse("matching:promises"))


def _show_form(
    request: HttpRequest, form: Form, do: Callable[[Any], str], *, words: dict[str, Any], to: str
) -> HttpResponse:
    """A form's page; sent, ``do`` is done with it and answers what to say on the page ``to``."""
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                messages.success(request, do(form))
                return redirect(to)
            except (WrongAnswerError, MatchingError, NotAllowedError, UnknownAnswerError) as error:
                form.add_error(None, say(error))
        status = 422
    return render(request, "matching/form.html", {"form": form, "back": to, **words}, status=status)
