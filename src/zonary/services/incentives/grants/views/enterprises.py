"""What an enterprise finds: one sentence why it has a grant, the amount, and where it is to go to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from zonary.common.clock import now, zone_date
from zonary.common.language import _, language
from zonary.common.pagination import paginate
from zonary.foundation.facts.queries import open_disputes
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants import actions, queries
from zonary.services.incentives.grants.forms import AccountForm, NoAccountForm, ObjectionForm, ReasonForm
from zonary.services.incentives.grants.lines import account_shown
from zonary.services.incentives.grants.models import Grant
from zonary.services.incentives.grants.permissions import may_keep, may_run_batches
from zonary.services.incentives.grants.rules.steps import BatchState, GrantState, GrantStep, may_step
from zonary.services.incentives.grants.views.officers import either, sent
from zonary.services.incentives.grants.wording import benefit_of, gives_right, sentence
from zonary.services.incentives.matching.wording import kept_amount_lines, kept_disputes
from zonary.services.incentives.measures.models import Measure
from zonary.services.incentives.measures.wording import title_of as measure_title


@require_safe
@for_people
def own(request: HttpRequest, by: Standing) -> HttpResponse:
    """The enterprise's grants, the newest first; officers go to their batches."""
    if by.is_officer:
        return redirect("grants:batches")
    page = paginate(queries.own_grants(by), "-id", cursor=request.GET.get("cursor", ""))
    waiting = {each.pk for each in queries.grants_to_answer(by)}
    rows = [(each, each.pk in waiting) for each in page.items]
    return show(request, "grants/own.html", {"rows": rows, "following": page.next})


@either
@for_people
def grant(request: HttpRequest, by: Standing, grant: str) -> HttpResponse:
    """One grant: the enterprise consents here; officers see what was decided, and what can be done."""
    found = found_or_404(queries.find_grant(by, grant))
    is_own = not by.is_officer
    is_asked = is_own and by.may_act and _is_asked(found)
    form = AccountForm(sent(request), initial={"payee": found.subject.name}) if is_asked else None
    if form is not None and request.method == "POST" and attempt(form, lambda: _consent(form, grant, by)) is not None:
        messages.success(request, _("You consented. You are told when the money was paid."))
        return redirect("grants:grant", grant)
    runs = may_run_batches(by)
    failed = queries.failed_line(found) if runs and may_step(found.state, GrantStep.CORRECT) else None
    is_second = failed is not None and failed.answered_by != by.actor_id
    context = {
        "may_confirm": is_second and failed is not None and not failed.confirmed_by,
        "may_correct": is_second,
        "is_unconfirmed": failed is not None and not failed.confirmed_by,
        "grant": found,
        "batch": found.batch,
        "sentence": sentence(found, is_own=is_own),
        "account": account_shown(found),
        "gives_right": gives_right(found),
        "benefit": benefit_of(found),
        "is_own": is_own,
        "amount_said": kept_amount_lines(found.decision, item=found.batch.measure.item) if is_own else [],
        "disputes": kept_disputes(found.decision, open_disputes(by, str(found.subject.public_id))),
        "is_asked": is_asked,
        "claw_back": getattr(found, "claw_back", None),
        "may_remove": runs and _may_remove(found),
        "may_keep": may_keep(by, found.batch)
        and found.anew is not None
        and not found.kept_because
        and found.state == GrantState.CONSENTED,
        "may_claw_back": runs and found.state == GrantState.PAID,
        "may_repay": runs and found.state == GrantState.CLAWED_BACK and found.claw_back.decided_by != by.actor_id,
        "may_object": runs and queries.is_in_notice(found.batch, now()),
    }
    return show(request, "grants/grant.html", context, form)


def _consent(form: AccountForm, grant: str, by: Standing) -> Grant:
    return actions.consent_to_grant(grant, form.account(), by=by, at=now())


def _is_asked(grant: Grant) -> bool:
    if grant.state == GrantState.FAILED:
        return True
    until = grant.batch.consent_until
    is_open = grant.batch.state == BatchState.OPEN and until is not None and zone_date(now()) <= until
    return is_open and may_step(grant.state, GrantStep.CONSENT)


def _may_remove(grant: Grant) -> bool:
    is_movable = may_step(grant.state, GrantStep.REMOVE) or may_step(grant.state, GrantStep.RECONSIDER)
    return is_movable and queries.file_under_way(grant.batch) is None


@either
@for_people
def decline(request: HttpRequest, by: Standing, grant: str) -> HttpResponse:
    """Say no, with a reason."""
    found = found_or_404(queries.find_own_grant(by, grant))
    refuse_unless(by.may_act)
    form = ReasonForm(sent(request))
    if request.method == "POST":
        reason = form.data.get("reason", "")
        if attempt(form, lambda: actions.decline_grant(grant, reason=reason, by=by, at=now())) is not None:
            messages.success(request, _("You declined. Nothing is paid."))
            return redirect("grants:grant", grant)
    words = {
        "title": _("Decline the grant"),
        "lead": sentence(found, is_own=True),
        "button": _("Decline the grant"),
        "is_grave": True,
        "back": reverse("grants:grant", args=[grant]),
    }
    return show(request, "grants/form.html", words, form)


@either
@for_people
def claim(request: HttpRequest, by: Standing, measure: str) -> HttpResponse:
    """Claim a measure that is decided on the spot (即申即享); of any other, how it is had."""
    refuse_unless(bool(by.organisation) and not by.is_officer and by.may_act)
    published = Measure.objects.filter(public_id=as_uuid(measure), state=Measure.State.PUBLISHED)
    found = found_or_404(published.first())
    form = _claim_form(request, found, by)
    if request.method == "POST":
        made = attempt(form, lambda: actions.claim_measure(measure, form.account(), by=by, at=now()))
        if made is not None:
            messages.success(request, _claimed(made))
            return redirect("grants:grant", made.public_id)
    is_zh = language() == "zh"
    context = {
        "measure": found,
        "title": measure_title(found),
        "summary": found.summary if is_zh else found.summary_english,
        "is_instant": found.mode == Measure.Mode.INSTANT,
        "is_automatic": found.mode == Measure.Mode.AUTOMATIC,
        "back": reverse("measures:measure", args=[measure]),
    }
    return show(request, "grants/claim.html", context, form)


def _claim_form(request: HttpRequest, measure: Measure, by: Standing) -> AccountForm | NoAccountForm:
    if not measure.amount:
        return NoAccountForm(sent(request))
    own_name = Organization.objects.get(public_id=by.organisation).name
    return AccountForm(sent(request), initial={"payee": own_name})


def _claimed(grant: Grant) -> str:
    if grant.state == GrantState.GRANTED:
        return _("Granted: the rule says yes, and your enterprise has it from now on.")
    return _("Claimed: the rule says yes. You are told when the money was paid.")


@either
@for_people
def raise_objection(request: HttpRequest, by: Standing, grant: str) -> HttpResponse:
    """Object to a grant in public notice."""
    found = found_or_404(queries.find_noticed_grant(grant))
    form = ObjectionForm(sent(request), is_officer=by.is_officer)
    if request.method == "POST":
        made: Any = attempt(form, lambda: actions.object_to_grant(grant, **form.cleaned_data, by=by, at=now()))
        if made is not None:
            messages.success(request, _("Your objection is recorded; you are told what comes of it."))
            return redirect("grants:objection", made.public_id)
    words = {
        "title": _("Object to a grant"),
        "lead": found.subject.name,
        "button": _("Object"),
        "back": reverse("grants:notice", args=[found.batch.public_id]),
    }
    return show(request, "grants/form.html", words, form)
