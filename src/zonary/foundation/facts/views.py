"""The enterprise's own pages: its profile, who read it, and what it says to that."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zonary.common.clock import now
from zonary.common.csv_export import CSV, csv_bytes
from zonary.common.language import _
from zonary.common.pagination import paginate
from zonary.foundation.facts import actions, queries
from zonary.foundation.facts.doors import show_form, standing
from zonary.foundation.facts.forms import (
    ClaimForm,
    ConsentForm,
    CorrectionForm,
    DisputeForm,
    OfficerCorrectionForm,
    ReasonForm,
    ShareForm,
)
from zonary.foundation.facts.models import Fact
from zonary.foundation.facts.permissions import UnknownFactError, is_subject, may_correct_fact, may_erase_fact
from zonary.foundation.facts.rules import written_period
from zonary.foundation.facts.wording import indicator_name, source_kind_name, unit_name
from zonary.foundation.organizations.queries import as_uuid

_either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """Every fact that stands, some at a time; officers are sent to where they find enterprises."""
    reader, at = standing(request), now()
    if reader.is_officer:
        return redirect("facts:find")
    order = ("-indicator", "-valid_from", "-recorded_at", "-id")  # a cursor's columns go one way
    page = paginate(queries.own_profile(reader, at=at), *order, cursor=request.GET.get("cursor", ""))
    return render(
        request, "facts/profile.html", {"facts": page.items, "following": page.next, "may_act": reader.may_act}
    )


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The profile as a table."""
    reader, at = standing(request), now()
    found = queries.latest_facts(reader.organisation, known_at=at) if reader.organisation else []
    columns = ["indicator", "name", "value", "unit", "period", "kind of source", "source", "sharing basis", "use limit"]
    columns += ["recorded at", "receipt"]
    rows = (_row(fact) for fact in found)
    response = StreamingHttpResponse(csv_bytes([columns, *rows]), content_type=CSV)
    response.headers["Content-Disposition"] = 'attachment; filename="facts.csv"'
    return response


def _row(fact: Fact) -> list[object]:
    return [
        fact.indicator,
        indicator_name(fact.indicator),
        fact.value,
        unit_name(fact.unit),
        written_period(fact.valid_from, fact.valid_until),
        source_kind_name(fact.source_kind),
        fact.source,
        fact.sharing_basis,
        " ".join(fact.use_limit),
        fact.recorded_at.isoformat(),
        str(fact.entry),
    ]


@login_required
@require_safe
def one(request: HttpRequest, fact: str) -> HttpResponse:
    """A fact with its history, its disputes and who read it."""
    reader = standing(request)
    found = _fact(request, fact)
    own = is_subject(reader, str(found.subject.public_id))
    history = queries.history_of(reader, fact)
    context: dict[str, Any] = {
        "fact": found,
        "history": history,
        "is_last": history[-1].pk == found.pk,
        "disputes": found.disputes.all(),
        "retraction": queries.retraction_of(found),
        "may_erase": may_erase_fact(reader, found) and bool(found.value),
        "readings": queries.readings(reader).filter(facts=found)[:50] if own else [],
        "may_correct": may_correct_fact(reader, found),
        "may_dispute": own and reader.may_act and found.source_kind != Fact.SourceKind.SELF,
    }
    return render(request, "facts/fact.html", context)


def _fact(request: HttpRequest, fact: str) -> Fact:
    found = queries.find_fact(standing(request), fact)
    if found is None:
        raise Http404
    return found


@login_required
@_either
def declare(request: HttpRequest) -> HttpResponse:
    def do(form: Any) -> str:
        actions.declare_fact(form.claim(), by=standing(request), at=now())
        return _("The fact is recorded.")

    words = {
        "title": _("State a fact"),
        "lead": _("It stands under your enterprise's name, with today's date, and is never changed: only corrected."),
        "button": _("Record"),
    }
    # Another page may have said which datum is missing: it need not be looked for again.
    initial = {name: request.GET[name][:40] for name in ("indicator", "period") if name in request.GET}
    form = ClaimForm(request.POST or None, initial=initial)
    return show_form(request, form, do, words=words, to=reverse("facts:list"))


@login_required
@_either
def correct(request: HttpRequest, fact: str) -> HttpResponse:
    """The enterprise its own word, officers what they recorded."""
    by, found = standing(request), _fact(request, fact)
    if not may_correct_fact(by, found):
        raise Http404
    kind = CorrectionForm if found.source_kind == Fact.SourceKind.SELF else OfficerCorrectionForm

    def do(form: Any) -> str:
        actions.correct_fact(fact, form.claim(), reason=form.cleaned_data["reason"], by=by, at=now())
        return _("The fact was corrected. The earlier one stays in its history.")

    form = kind(request.POST or None, initial=_initial(found))
    words = {"title": _("Correct a fact"), "lead": indicator_name(found.indicator), "button": _("Correct")}
    return show_form(request, form, do, words=words, to=reverse("facts:fact", args=[fact]))


def _initial(fact: Fact) -> dict[str, object]:
    names = ("indicator", "value", "unit", "source", "document", "sharing_basis", "consent_not_needed", "use_limit")
    period = written_period(fact.valid_from, fact.valid_until)
    consent = str(fact.consent.public_id) if fact.consent else ""
    return {name: getattr(fact, name) for name in names} | {"period": period, "consent": consent}


@login_required
@_either
def retract(request: HttpRequest, fact: str) -> HttpResponse:
    """The enterprise its own word, officers what they recorded."""
    by, found = standing(request), _fact(request, fact)
    if not may_correct_fact(by, found):
        raise Http404

    def do(form: Any) -> str:
        actions.retract_fact(fact, reason=form.cleaned_data["reason"], by=by, at=now())
        return _("The fact was retracted. Its history shows that it was, and why.")

    words = {
        "title": _("Retract a fact"),
        "lead": _(
            "For what should never have been recorded. Nothing takes its place; what was wrong is corrected instead."
        ),
        "button": _("Retract"),
    }
    back = reverse("facts:fact", args=[fact])
    return show_form(request, ReasonForm(request.POST or None), do, words=words, to=back)


@login_required
@_either
def dispute(request: HttpRequest, fact: str) -> HttpResponse:
    by, found = standing(request), _fact(request, fact)

    def do(form: Any) -> str:
        actions.dispute_fact(fact, **form.cleaned_data, by=by, at=now())
        return _("The fact is disputed. An officer who did not record it will answer.")

    words = {"title": _("Dispute a fact"), "lead": indicator_name(found.indicator), "button": _("Dispute")}
    back = reverse("facts:fact", args=[fact])
    return show_form(request, DisputeForm(request.POST or None), do, words=words, to=back)


@login_required
@require_safe
def readings(request: HttpRequest) -> HttpResponse:
    page = paginate(queries.readings(standing(request)), "-id", cursor=request.GET.get("cursor", ""))
    return render(request, "facts/readings.html", {"page": page})


@login_required
@_either
def consents(request: HttpRequest) -> HttpResponse:
    by, at = standing(request), now()

    def do(form: Any) -> str:
        actions.give_consent(**form.cleaned_data, by=by, at=at)
        return _("The consent is recorded.")

    given = [(each, queries.is_in_force(each, at=at)) for each in queries.consents(by)[:200]]
    words = {
        "title": _("Consents"),
        "lead": _("What rests on a consent is read by nobody else once you withdraw it."),
        "button": _("Give consent"),
        "consents": given,
    }
    form = ConsentForm(request.POST or None)
    return show_form(request, form, do, words=words, to=reverse("facts:consents"))


@login_required
@_either
def withdraw(request: HttpRequest, consent: str) -> HttpResponse:
    by = standing(request)
    if not queries.consents(by).filter(public_id=as_uuid(consent)).exists():
        raise Http404

    def do(form: Any) -> str:
        actions.withdraw_consent(consent, reason=form.cleaned_data["reason"], by=by, at=now())
        return _("The consent is withdrawn.")

    words = {
        "title": _("Withdraw a consent"),
        "lead": _("From now on nobody else reads the facts that rest on it. What was read stays on record."),
        "button": _("Withdraw"),
    }
    form = ReasonForm(request.POST or None)
    return show_form(request, form, do, words=words, to=reverse("facts:consents"))


@login_required
@_either
def shares(request: HttpRequest) -> HttpResponse:
    by, at = standing(request), now()

    def do(form: Any) -> str:
        chosen = dict(form.cleaned_data)
        actions.share_profile(chosen.pop("recipient"), **chosen, by=by, at=at)
        return _("The profile is handed over.")

    words = {
        "title": _("Hand over the profile"),
        "lead": _(
            "A bank or another enterprise sees facts with sources and dates, and no score; only what you choose."
        ),
        "button": _("Let them read it"),
        "shares": queries.shares(by)[:200],
        "today": at.date(),
    }
    form = ShareForm(request.POST or None)
    return show_form(request, form, do, words=words, to=reverse("facts:shares"))


@login_required
@require_POST
def end_share(request: HttpRequest, share: str) -> HttpResponse:
    try:
        actions.end_profile_share(share, by=standing(request), at=now())
    except UnknownFactError as error:
        raise Http404 from error
    messages.success(request, _("The profile was taken back."))
    return redirect("facts:shares")


@login_required
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Profiles other enterprises handed to the reader's organisation."""
    found = queries.shares_received(standing(request), at=now())[:200]
    return render(request, "facts/received.html", {"shares": found})
