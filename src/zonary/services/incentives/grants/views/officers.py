"""Batches as officers go through them: one page says what comes next, and who has to do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zonary.common.clock import now, zone_date
from zonary.common.language import _, say
from zonary.common.pagination import paginate
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, officers_only, show
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error
from zonary.services.incentives.grants import actions, queries
from zonary.services.incentives.grants.forms import ReasonForm, StartForm
from zonary.services.incentives.grants.models import AutomaticBatch
from zonary.services.incentives.grants.permissions import may_run_batches
from zonary.services.incentives.grants.repeating import replay_batch
from zonary.services.incentives.grants.rules.allocating import Last
from zonary.services.incentives.grants.rules.steps import BatchState, GrantState
from zonary.services.incentives.grants.wording import next_step, title_of
from zonary.services.incentives.measures.models import Measure

either = require_http_methods(["GET", "HEAD", "POST"])
JSON = "application/json"
_CANCELLABLE = (BatchState.LISTED, BatchState.NOTICED, BatchState.OPEN, BatchState.CLOSED)


def sent(request: HttpRequest) -> Any:
    """What a form was filled in with, or nothing when the page is only opened."""
    return request.POST if request.method == "POST" else None


@require_safe
@for_people
def listed(request: HttpRequest, by: Standing) -> HttpResponse:
    """All batches, the newest first."""
    officers_only(by.is_officer)
    page = paginate(queries.batches(by), "-id", cursor=request.GET.get("cursor", ""))
    context = {"rows": page.items, "following": page.next, "may_run": may_run_batches(by)}
    return show(request, "grants/batches.html", context)


@either
@for_people
def start(request: HttpRequest, by: Standing) -> HttpResponse:
    """Choose a measure; everything else is filled in."""
    officers_only(may_run_batches(by))
    offered = Measure.objects.filter(state=Measure.State.PUBLISHED, mode=Measure.Mode.AUTOMATIC).exclude(amount="")
    measures = [(str(each.public_id), each.title) for each in offered.order_by("title")[:500]]
    initial = {"measure": request.GET.get("measure", ""), "day": zone_date(now())}
    form = StartForm(sent(request), measures=measures, initial=initial)
    made = None
    if request.method == "POST":
        made = attempt(form, lambda: _start(form, by))
    if made is not None:
        messages.success(request, _("The list is made. Look through it, then publish it."))
        return redirect("grants:batch", made.public_id)
    return show(request, "grants/start.html", {"has_measures": bool(measures)}, form)


def _start(form: StartForm, by: Standing) -> AutomaticBatch:
    given = dict(form.cleaned_data)
    return actions.start_batch(given.pop("measure"), **{**given, "last": Last(given["last"])}, by=by, at=now())


@require_safe
@for_people
def one(request: HttpRequest, by: Standing, batch: str) -> HttpResponse:
    """A batch: what comes next, its grants, objections and payment files."""
    found, at = found_or_404(queries.find_batch(by, batch)), now()
    page = paginate(queries.grants_of(found), "id", cursor=request.GET.get("cursor", ""))
    counts, file = queries.counts_of(found), queries.file_under_way(found)
    objections = queries.objections_of(found)
    sentence, step = _next(found, file, objections, counts, at)
    changed = [each for each in queries.grants_of(found) if each.anew is not None] if found.looked_at else []
    context = {
        "batch": found,
        "terms": queries.terms_of_batch(found),
        "total": sum(queries.grants_of(found).values_list("computed", flat=True)),
        "grants": page.items,
        "following": page.next,
        "counts": counts,
        "sentence": sentence,
        "step": step if may_run_batches(by) else "",
        "file": file,
        "files": list(found.files.order_by("number")),
        "objections": objections,
        "changed": changed,
        "may_run": may_run_batches(by),
        "may_cancel": may_run_batches(by) and found.state in _CANCELLABLE,
        "may_look": found.state in (BatchState.CLOSED, BatchState.PAYING)
        and file is None
        and not queries.was_released(found),
        "is_fresh": found.looked_at is not None and zone_date(found.looked_at) == zone_date(at),
    }
    return show(request, "grants/batch.html", context)


def _next(
    batch: AutomaticBatch, file: Any, objections: list[Any], counts: dict[str, int], at: datetime
) -> tuple[str, str]:
    """The sentence that says what comes next, and the button for it."""
    if batch.state == BatchState.LISTED:
        if queries.terms_of_batch(batch).notice_workdays:
            return _("Look through the list, then publish it: nobody but officers has seen it."), "notice"
        return _("Look through the list, then ask the enterprises: this measure needs no public notice."), "ask"
    if batch.state == BatchState.CLOSED or (
        batch.state == BatchState.PAYING and file is None and not queries.was_released(batch)
    ):
        return _checked(batch, at)
    waiting = sum(each.state == "open" for each in objections)
    silent = counts.get(GrantState.LISTED, 0)
    is_over = batch.consent_until is not None and zone_date(at) > batch.consent_until
    return next_step(
        batch, file, is_in_notice=queries.is_in_notice(batch, at), waiting=waiting, silent=0 if is_over else silent
    )


def _checked(batch: AutomaticBatch, at: datetime) -> tuple[str, str]:
    if batch.looked_at is None or zone_date(batch.looked_at) != zone_date(at):
        return _("Facts may have been corrected since. Make the decisions anew before money goes out."), "look"
    undecided = batch.grants.filter(state=GrantState.CONSENTED, anew__isnull=False, kept_because="").count()
    if undecided:
        return _("Decisions came out otherwise: {count}. Take each out, or say why it stays.", count=undecided), ""
    return _("Every decision stands as of today. Make the payment file."), "prepare"


_STEPS: dict[str, Callable[..., Any]] = {
    "notice": actions.open_notice,
    "ask": actions.open_consents,
    "close": actions.close_consents,
    "look": actions.look_again,
    "prepare": actions.prepare_payment,
}


@require_POST
@for_people
def step(request: HttpRequest, by: Standing, batch: str) -> HttpResponse:
    """Do what comes next; pressed twice, or by two at once, it is done once."""
    found_or_404(queries.find_batch(by, batch))
    act = found_or_404(_STEPS.get(request.POST.get("step", "")))
    try:
        act(batch, by=by, at=now())
    except Error as error:
        messages.error(request, say(error))
    return redirect("grants:batch", batch)


@either
@for_people
def cancel(request: HttpRequest, by: Standing, batch: str) -> HttpResponse:
    """Give a batch up, with a reason."""
    officers_only(may_run_batches(by))
    found = found_or_404(queries.find_batch(by, batch))
    form = ReasonForm(sent(request))
    if request.method == "POST":
        reason = form.data.get("reason", "")
        if attempt(form, lambda: actions.cancel_batch(batch, reason=reason, by=by, at=now())) is not None:
            return redirect("grants:batch", batch)
    words = {
        "title": _("Give up batch {number}", number=found.number),
        "lead": _("Nobody is paid from it; who was asked sees why."),
        "button": _("Give it up"),
        "is_grave": True,
        "batch": found,
    }
    return show(request, "grants/form.html", words, form)


@require_POST
@for_people
def export(request: HttpRequest, by: Standing, batch: str) -> HttpResponse:
    """The file an outsider repeats the batch from."""
    found = found_or_404(queries.find_batch(by, batch))
    content = actions.export_batch(batch, by=by, at=now())
    headers = {"Content-Disposition": f'attachment; filename="zonary-batch-{found.number}.json"'}
    return HttpResponse(content, content_type=JSON, headers=headers)


@require_safe
@for_people
def replay(request: HttpRequest, by: Standing, batch: str) -> HttpResponse:
    """Decide, allocate and write anew, and say whether the same comes out."""
    officers_only(by.is_officer)
    found = found_or_404(queries.find_batch(by, batch))
    context: dict[str, Any] = {"batch": found, "title": title_of(found)}
    try:
        context["repeated"] = replay_batch(found)
    except Error as error:
        context["differs"] = say(error)
    return show(request, "grants/replay.html", context)
