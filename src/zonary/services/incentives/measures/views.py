"""The pages of measures: parse, call one action or query, answer. Who only reads needs no account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zonary.common.clock import now, zone_date
from zonary.common.language import _, say
from zonary.common.pagination import Page, paginate
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, officers_only, show
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.search.rules import MAX_QUERY, QueryError
from zonary.proof.errors import Error
from zonary.services.incentives.library.queries import edition_in_force, editions_of
from zonary.services.incentives.library.views import address_in
from zonary.services.incentives.measures import queries, rules
from zonary.services.incentives.measures.actions import (
    change_measure,
    confirm_change,
    end_measure,
    prepare_measure,
    publish_measure,
    reject_change,
)
from zonary.services.incentives.measures.budgets import budget_uses
from zonary.services.incentives.measures.forms import MeasureForm, ReasonForm, initial_of
from zonary.services.incentives.measures.models import Measure
from zonary.services.incentives.measures.permissions import may_offer
from zonary.services.incentives.measures.wording import change_shown, yuan

_either = require_http_methods(["GET", "HEAD", "POST"])
_LATEST, _LONGEST_VERSION = 3, 9
"""Changes that the card itself shows."""
STATES = {"prepared": "Prepared", "published": "Published", "ended": "Ended"}


def _reader(request: HttpRequest) -> Standing | None:
    found: Standing | None = getattr(request, "standing", None)
    return found


def _wanted(request: HttpRequest) -> queries.Wanted:
    """What is asked for, as far as there is such a thing."""
    known = {"kind": rules.KINDS, "mode": rules.MODES, "audience": rules.AUDIENCES, "state": STATES}
    asked = {name: request.GET.get(name, "") for name in known}
    return queries.Wanted(**{name: text for name, text in asked.items() if text in known[name]})


@login_not_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    reader, wanted, at = _reader(request), _wanted(request), now()
    query, problem, cursor = request.GET.get("q", "").strip(), "", request.GET.get("cursor", "")
    page: Page[Measure] = Page([], "")
    try:
        if query:
            page = queries.measures_with(reader, query, wanted, cursor=cursor, at=at)
        else:
            page = queries.measures(reader, wanted, cursor=cursor)
    except QueryError as error:
        problem = say(error)
    choices = [
        ("kind", _("Kind of measure"), rules.KINDS),
        ("mode", _("How one gets it"), rules.MODES),
        ("audience", _("For whom"), rules.AUDIENCES),
    ]
    if may_offer(reader):
        choices.append(("state", _("State"), STATES))
    context = {
        "rows": [(each, _(rules.KINDS[each.kind]), _(rules.MODES[each.mode]), _state(each)) for each in page],
        "filters": [
            (name, label, [(key, _(word)) for key, word in words.items()], getattr(wanted, name))
            for name, label, words in choices
        ],
        "query": query,
        "problem": problem,
        "most": MAX_QUERY,
        "following": page.next,
        "may_offer": may_offer(reader),
        "is_limited": bool(query or wanted != queries.Wanted()),
    }
    return render(request, "measures/list.html", context, status=422 if problem else 200)


def _state(measure: Measure) -> tuple[str, str]:
    tones = {"prepared": "wait", "published": "good", "ended": "plain"}
    return _(STATES[measure.state]), tones[measure.state]


@login_not_required
@require_safe
def one(request: HttpRequest, public_id: str) -> HttpResponse:
    """The card: what, who, how much, by when, on what words it rests."""
    reader, at = _reader(request), now()
    measure = found_or_404(queries.measure_of(reader, public_id))
    offered = queries.item_of(measure.pack, measure.item, at=at)
    document = measure.document or (queries.document_of_pack(offered.loaded) if offered else None)
    words = (edition_in_force(document, zone_date(at)) or editions_of(document)[0]) if document else None

    def cited(clause: Any) -> str:
        return address_in(words, clause.article, clause.quote) if words else ""

    context = {
        "measure": measure,
        "offered": offered,
        "kind": _(rules.KINDS[measure.kind]),
        "mode": _(rules.MODES[measure.mode]),
        "mode_said": _(rules.MODES_SAID[measure.mode]),
        "exhaustion": _(rules.EXHAUSTIONS[measure.exhaustion]),
        "audience": [_(rules.AUDIENCES[each]) for each in measure.audience if each in rules.AUDIENCES],
        "state": _state(measure),
        "is_open": queries.is_open_on(measure, zone_date(at)),
        "condition": _shown(queries.requirements_of(offered), cited) if offered else None,
        "tables": queries.tables_of(offered, measure.amount, at=at) if offered else [],
        "budget": yuan(measure.budget),
        "cap": yuan(measure.cap),
        "use": _use(measure),
        "together": queries.published().filter(stacking=measure.stacking).exclude(pk=measure.pk)[:10]
        if measure.stacking
        else [],
        "document": document,
        "may_offer": may_offer(reader),
        "may_claim": offered is not None and _may_claim(reader, measure, at),
        **_changes(reader, measure),
    }
    return render(request, "measures/measure.html", context)


def _may_claim(reader: Standing | None, measure: Measure, at: datetime) -> bool:
    """Whoever is not signed in is asked to by the next page; an officer claims nothing."""
    is_claimed = measure.mode == Measure.Mode.INSTANT and queries.is_open_on(measure, zone_date(at))
    return is_claimed and (reader is None or (bool(reader.organisation) and not reader.is_officer and reader.may_act))


def _use(measure: Measure) -> dict[str, Any] | None:
    found = budget_uses([measure]).get(measure.pk)
    if found is None:
        return None
    return {"is_used_up": found.is_used_up, "granted": yuan(found.granted), "left": yuan(found.left)}


def _changes(reader: Standing | None, measure: Measure) -> dict[str, Any]:
    """What was changed, for everybody; what waits for a second officer, for officers."""
    is_prepared = measure.state == Measure.State.PREPARED
    waiting = queries.waiting_change(measure) if reader is not None and reader.is_officer else None
    latest = list(queries.changes_made(measure).order_by("-number")[: _LATEST + 1])
    return {
        "waiting": change_shown(waiting) if waiting else None,
        "may_confirm": waiting is not None and may_offer(reader) and reader is not None
        and reader.actor_id != waiting.proposed_by,
        "needs_another": is_prepared and queries.needs_another(reader, measure),
        "latest": [change_shown(each) for each in latest[:_LATEST]],
        "has_more_changes": len(latest) > _LATEST,
    }  # fmt: skip


@login_not_required
@require_safe
def changes(request: HttpRequest, public_id: str) -> HttpResponse:
    """All that was changed on a card since it was published."""
    measure = found_or_404(queries.measure_of(_reader(request), public_id))
    page = paginate(queries.changes_made(measure), "-number", cursor=request.GET.get("cursor", ""))
    context = {"measure": measure, "rows": [change_shown(each) for each in page], "following": page.next}
    return render(request, "measures/changes.html", context)


def _shown(joined: queries.Joined, cited: Any) -> dict[str, Any]:
    """As a template walks through it."""
    return {
        "how": joined.how,
        "count": joined.count,
        "parts": [
            _shown(each, cited)
            if isinstance(each, queries.Joined)
            else {"clause": each.clause, "english": each.english, "address": cited(each.clause)}
            for each in joined.parts
        ],
    }


@require_safe
@for_people
def items(request: HttpRequest, by: Standing) -> HttpResponse:
    """Items of released rules, to prepare a card of one."""
    officers_only(may_offer(by))
    return show(request, "measures/items.html", {"rows": queries.offered(now())})


@_either
@for_people
def prepare(request: HttpRequest, by: Standing, pack: str, item: str) -> HttpResponse:
    officers_only(may_offer(by))
    offered = found_or_404(queries.item_of(pack, item, at=now()))
    amount = offered.item.amount
    initial = {
        "title": offered.item.title.zh,
        "title_english": offered.item.title.en,
        "amount": amount,
        "mode": "automatic" if amount else "reviewed",
        "claim_until": offered.item.last,
    }
    form = MeasureForm(request.POST or None, initial=initial, offered=offered)
    made = attempt(form, lambda: prepare_measure(pack, item, form.card(), by=by, at=now()))
    if made is not None:
        another = _("The card is prepared. Another officer looks at it and publishes it.")
        own = _("The card is prepared. Look at it, then publish it.")
        messages.success(request, another if queries.needs_another(by, made) else own)
        return redirect("measures:measure", made.public_id)
    context = {"title": _("Prepare a card"), "offered": offered, "measure": None}
    return show(request, "measures/edit.html", context, form)


@_either
@for_people
def change(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    officers_only(may_offer(by))
    measure = found_or_404(queries.measure_of(by, public_id))
    offered = found_or_404(queries.item_of(measure.pack, measure.item, at=now()))
    initial = initial_of(queries.card_of(measure)) | {"version": measure.version}
    form = MeasureForm(request.POST or None, initial=initial, offered=offered)
    changed = attempt(
        form,
        lambda: change_measure(public_id, form.card(), version=form.cleaned_data["version"], by=by, at=now()),
    )
    if changed is not None:
        messages.success(request, _("The card is saved."))
        if queries.waiting_change(changed) is not None:
            messages.info(request, _("What decides about money stays as it is until another officer confirms it."))
        return redirect("measures:measure", public_id)
    return show(
        request, "measures/edit.html", {"title": _("Change the card"), "offered": offered, "measure": measure}, form
    )


@require_POST
@for_people
def confirm(request: HttpRequest, by: Standing, card_change: str) -> HttpResponse:
    found = found_or_404(queries.change_called(by, card_change))
    try:
        confirm_change(card_change, by=by, at=now())
        messages.success(request, _("The change is confirmed and counts from now on."))
    except Error as error:
        messages.error(request, say(error))
    return redirect("measures:measure", found.measure.public_id)


@_either
@for_people
def reject(request: HttpRequest, by: Standing, card_change: str) -> HttpResponse:
    officers_only(may_offer(by))
    found = found_or_404(queries.change_called(by, card_change))
    form = ReasonForm(request.POST or None)
    if attempt(form, lambda: reject_change(card_change, reason=form.cleaned_data["reason"], by=by, at=now())):
        messages.success(request, _("The change is not made."))
        return redirect("measures:measure", found.measure.public_id)
    return show(request, "measures/reject.html", {"measure": found.measure, "shown": change_shown(found)}, form)


@require_POST
@for_people
def publish(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    found_or_404(queries.measure_of(by, public_id))
    seen = request.POST.get("version", "")
    try:
        # A form without its version is answered as one that is out of date.
        version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < _LONGEST_VERSION else 0
        publish_measure(public_id, version=version, by=by, at=now())
        messages.success(request, _("The measure is published."))
    except Error as error:
        messages.error(request, say(error))
    return redirect("measures:measure", public_id)


@_either
@for_people
def end(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    officers_only(may_offer(by))
    measure = found_or_404(queries.measure_of(by, public_id))
    form = ReasonForm(request.POST or None)
    if attempt(form, lambda: end_measure(public_id, reason=form.cleaned_data["reason"], by=by, at=now())) is not None:
        messages.success(request, _("The measure is ended."))
        return redirect("measures:measure", public_id)
    return show(request, "measures/end.html", {"measure": measure}, form)
