"""Payment files and single grants, for officers: the sample, the bank's answer, what is taken out or claimed back."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from zonary.common.clock import now
from zonary.common.csv_export import CSV
from zonary.common.language import _, say
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, officers_only, show
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error
from zonary.services.incentives.grants import actions, queries
from zonary.services.incentives.grants.forms import (
    ClawBackForm,
    DecideForm,
    ReasonForm,
    ReleaseForm,
    ResultsForm,
)
from zonary.services.incentives.grants.lines import accounts_shown
from zonary.services.incentives.grants.models import Objection, PaymentFile, PaymentLine
from zonary.services.incentives.grants.permissions import may_release, may_run_batches
from zonary.services.incentives.grants.results_files import read_rows
from zonary.services.incentives.grants.rules.accounts import Account
from zonary.services.incentives.grants.rules.payment_files import yuan
from zonary.services.incentives.grants.rules.steps import FileState, Reason
from zonary.services.incentives.grants.sampled import Sampled, sample_of_file
from zonary.services.incentives.grants.views.officers import either, sent


@either
@for_people
def file(request: HttpRequest, by: Standing, file: str) -> HttpResponse:
    """A payment file: its sample and its release, then the bank's answer."""
    found = found_or_404(queries.find_file(by, file))
    sample, written = sample_of_file(found), queries.lines_of(found)
    choices = [(str(each.grant.public_id), each.grant.subject.name) for each in sample]
    release = ReleaseForm(None, sample=choices)
    results, reject = ResultsForm(None), ReasonForm(None)
    form: forms.Form | None = None
    if request.method == "POST":
        form, is_done = _sent(request, by, found, choices)
        if is_done:
            return redirect("grants:file", file)
        release = form if isinstance(form, ReleaseForm) else release
        results = form if isinstance(form, ResultsForm) else results
        reject = form if isinstance(form, ReasonForm) else reject
    is_prepared = found.state == FileState.PREPARED
    context = {
        "file": found,
        "batch": found.batch,
        "sample": _with_accounts(found, sample, written),
        "lines": accounts_shown(found, written[:200]),
        "release": release,
        "reject": reject,
        "results": results,
        "may_release": is_prepared and may_release(by, found, found.batch),
        "is_waiting": is_prepared,
        "is_out": found.state in (FileState.RELEASED, FileState.ANSWERED) and may_run_batches(by),
        "is_at_bank": found.state == FileState.RELEASED and may_run_batches(by),
    }
    return show(request, "grants/file.html", context, form)


def _with_accounts(
    file: PaymentFile, sample: list[Sampled], written: list[PaymentLine]
) -> list[tuple[Sampled, Account | None]]:
    wanted = {each.grant.pk for each in sample}
    lines = [each for each in written if each.grant_id in wanted]
    accounts = {line.grant_id: account for line, account in accounts_shown(file, lines)}
    return [(each, accounts.get(each.grant.pk)) for each in sample]


def _sent(
    request: HttpRequest, by: Standing, file: PaymentFile, sample: list[tuple[str, str]]
) -> tuple[forms.Form, bool]:
    """The form that was sent, and whether what it asked for was done."""
    public_id, wanted = str(file.public_id), request.POST.get("do", "")
    if wanted == "release":
        release = ReleaseForm(request.POST, sample=sample)
        done = attempt(release, lambda: actions.release_payment(public_id, **release.cleaned_data, by=by, at=now()))
        return release, done is not None
    if wanted == "reject":
        reject = ReasonForm(request.POST)
        done = attempt(reject, lambda: actions.reject_payment(public_id, **reject.cleaned_data, by=by, at=now()))
        return reject, done is not None
    results = ResultsForm(request.POST, request.FILES)
    told = attempt(results, lambda: _read_back(public_id, results.cleaned_data["file"], by))
    if told is not None:
        messages.success(request, _("Paid: {paid}. Failed: {failed}.", paid=told[0], failed=told[1]))
    return results, told is not None


def _read_back(file: str, uploaded: UploadedFile[Any], by: Standing) -> tuple[int, int]:
    came = hashlib.sha256()
    for piece in uploaded.chunks():
        came.update(piece)
    return actions.read_back(file, _rows(uploaded), upload_digest=came.hexdigest(), by=by, at=now())


def _rows(uploaded: UploadedFile[Any]) -> list[tuple[int, dict[str, str]]]:
    """A table is read from a file: some kinds are read from their end."""
    with tempfile.NamedTemporaryFile() as kept:
        for piece in uploaded.chunks():
            kept.write(piece)
        kept.flush()
        return read_rows(Path(kept.name))


@require_POST
@for_people
def content(request: HttpRequest, by: Standing, file: str) -> HttpResponse:
    """The released file itself; a button, not a link: that it was fetched goes on record."""
    found = found_or_404(queries.find_file(by, file))
    try:
        taken = actions.take_payment_file(file, by=by, at=now())
    except Error as error:
        messages.error(request, say(error))
        return redirect("grants:file", file)
    headers = {"Content-Disposition": f'attachment; filename="payment-{found.batch.number}-{found.number}.csv"'}
    return HttpResponse(taken, content_type=CSV, headers=headers)


@either
@for_people
def objection(request: HttpRequest, by: Standing, objection: str) -> HttpResponse:
    """An objection: for officers with the form of its answer, for who raised it to read."""
    found = found_or_404(queries.find_objection(by, objection))
    is_open = found.state == Objection.State.OPEN and may_run_batches(by)
    form = DecideForm(sent(request)) if is_open else None
    is_sent = form is not None and request.method == "POST"
    if form is not None and is_sent and attempt(form, lambda: _decide(form, objection, by)) is not None:
        messages.success(request, _("The objection is answered."))
        return redirect("grants:batch", found.grant.batch.public_id)
    return show(
        request, "grants/objection.html", {"objection": found, "grant": found.grant, "is_officer": by.is_officer}, form
    )


def _decide(form: DecideForm, objection: str, by: Standing) -> Objection:
    is_upheld = form.cleaned_data["outcome"] == "upheld"
    answer = form.cleaned_data["answer"]
    return actions.decide_objection(objection, is_upheld=is_upheld, answer=answer, by=by, at=now())


@either
@for_people
def remove(request: HttpRequest, by: Standing, grant: str) -> HttpResponse:
    """Take one grant out, with a reason."""
    words = {"title": _("Take the grant out"), "button": _("Take it out"), "is_grave": True}
    return _with_reason(request, by, grant, words, actions.remove_grant)


@either
@for_people
def keep(request: HttpRequest, by: Standing, grant: str) -> HttpResponse:
    """Say why a grant stays though a fresh look came out otherwise."""
    words = {"title": _("Say why the grant stays"), "button": _("It stays")}
    return _with_reason(request, by, grant, words, actions.keep_grant)


@either
@for_people
def confirm_failure(request: HttpRequest, by: Standing, grant: str) -> HttpResponse:
    """Say that the bank did not pay, as another officer read."""
    words = {
        "title": _("Confirm that the bank could not pay"),
        "button": _("The payment failed"),
        "explained": _(
            "Ask the bank first, and say how you know. From then on the enterprise may be paid again, to another "
            "account or by another file."
        ),
        "back": reverse("grants:grant", args=[grant]),
    }
    return _with_reason(request, by, grant, words, actions.confirm_failure)


@either
@for_people
def correct(request: HttpRequest, by: Standing, grant: str) -> HttpResponse:
    """Say that the bank did pay what another officer read as failed."""
    words = {
        "title": _("Correct the bank's answer"),
        "button": _("The bank did pay"),
        "is_grave": True,
        "explained": _(
            "Ask the bank first, and say how you know. The grant counts as paid then, is in no other file, and the "
            "enterprise is told. This is not taken back here."
        ),
        "back": reverse("grants:grant", args=[grant]),
    }
    return _with_reason(request, by, grant, words, actions.correct_result)


def _with_reason(
    request: HttpRequest, by: Standing, grant: str, words: dict[str, Any], act: Callable[..., Any]
) -> HttpResponse:
    officers_only(may_run_batches(by))
    found = found_or_404(queries.find_grant(by, grant))
    form = ReasonForm(sent(request))
    done = None
    if request.method == "POST":
        done = attempt(form, lambda: act(grant, reason=form.cleaned_data["reason"], by=by, at=now()))
    if done is not None:
        return redirect("grants:batch", found.batch.public_id)
    context = {"lead": found.subject.name, "batch": found.batch, "grant": found, **words}
    return show(request, "grants/form.html", context, form)


@either
@for_people
def claw_back(request: HttpRequest, by: Standing, grant: str) -> HttpResponse:
    """Claim a paid grant back."""
    officers_only(may_run_batches(by))
    found = found_or_404(queries.find_grant(by, grant))
    form = ClawBackForm(sent(request), initial={"amount": yuan(found.allocated or 0)})
    if request.method == "POST" and attempt(form, lambda: _claw_back(form, grant, by)) is not None:
        messages.success(request, _("The grant is claimed back, and the enterprise is told."))
        return redirect("grants:grant", grant)
    words = {
        "title": _("Claim a grant back"),
        "lead": found.subject.name,
        "button": _("Claim it back"),
        "is_grave": True,
        "batch": found.batch,
        "back": reverse("grants:grant", args=[grant]),
    }
    return show(request, "grants/form.html", words, form)


def _claw_back(form: ClawBackForm, grant: str, by: Standing) -> object:
    given = form.cleaned_data
    return actions.claw_back_grant(
        grant, why=Reason(given["why"]), note=given["note"], amount=given["amount"], workdays=given["workdays"],
        by=by, at=now(),
    )  # fmt: skip


@require_POST
@for_people
def repaid(request: HttpRequest, by: Standing, grant: str) -> HttpResponse:
    """The money came back."""
    found_or_404(queries.find_grant(by, grant))
    try:
        actions.record_repayment(grant, by=by, at=now())
    except Error as error:
        messages.error(request, say(error))
    return redirect("grants:grant", grant)
