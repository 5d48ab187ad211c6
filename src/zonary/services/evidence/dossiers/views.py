"""The pages: parse, call one action or query, answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zonary.common.clock import now
from zonary.common.language import _, say
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.queries import names_of
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error
from zonary.services.evidence import queries as evidence
from zonary.services.evidence.dossiers import queries
from zonary.services.evidence.dossiers.actions import (
    DossierChangedError,
    change_dossier,
    file_evidence,
    open_dossier,
    take_evidence,
)
from zonary.services.evidence.dossiers.forms import ChangeForm, DossierForm, FileForm
from zonary.services.evidence.dossiers.matters import STAGES
from zonary.services.evidence.dossiers.models import Dossier
from zonary.services.evidence.dossiers.rules import Stage
from zonary.services.evidence.permissions import may_register_evidence
from zonary.services.evidence.sharing.views import sharing_context

_OFFERED = 100
"""Newest records offered on the page of a dossier."""


@require_safe
@for_people
def listed(request: HttpRequest, by: Standing) -> HttpResponse:
    """The dossiers of whom the reader acts for, newest first; with ``?record=`` to put that into one of them."""
    record = request.GET.get("record", "")
    if record:
        found_or_404(evidence.find_receipt(by, record))
    page = queries.dossiers(by, cursor=request.GET.get("cursor", ""))
    rows = [(each, _(queries.template_of(each).name), _(STAGES[Stage(each.stands_at)])) for each in page]
    context = {"rows": rows, "following": page.next, "may_change": may_register_evidence(by), "record": record}
    return show(request, "dossiers/list.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def open_new(request: HttpRequest, by: Standing) -> HttpResponse:
    """Begin a dossier."""
    refuse_unless(may_register_evidence(by))
    form = DossierForm(request.POST if request.method == "POST" else None)
    opened = None
    if request.method == "POST":
        opened = attempt(form, lambda: open_dossier(form.cover(), by=by, at=now()))
    if opened is not None:
        messages.success(request, _("The dossier is open. Put evidence into it."))
        return redirect("dossiers:dossier", str(opened.public_id))
    return show(request, "dossiers/open.html", {}, form)


@require_safe
@for_people
def one(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """What lies in a dossier, by stage, and what is missing."""
    found = found_or_404(queries.dossier_of(by, public_id))
    contents, template = queries.contents_of(found), queries.template_of(found)
    shelves = [
        (
            _(STAGES[each.stage]),
            each.is_reached,
            [(_(ask.name), ask, filed, ask in contents.gaps) for ask, filed in each.asked],
            each.others,
        )
        for each in contents.shelves
    ]
    worst = contents.gaps[0] if contents.gaps else None
    context = {
        "dossier": found,
        "matter": _(template.name),
        "stands_at": _(STAGES[Stage(found.stands_at)]),
        "shelves": shelves,
        "worst": worst,
        "worst_name": _(worst.name) if worst else "",
        "other_gaps": len(contents.gaps) - 1,
        "may_change": may_register_evidence(by),
        **sharing_context(by, public_id, now()),
    }
    return show(request, "dossiers/dossier.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def change(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Write something else on a dossier; who was second is shown what the first wrote."""
    refuse_unless(may_register_evidence(by))
    found = found_or_404(queries.dossier_of(by, public_id))
    initial = {name: getattr(found, name) for name in ("title", "template", "stands_at", "note", "version")}
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=initial)
    theirs = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            change_dossier(public_id, form.cover(), version=given["version"], by=by, at=now())
        except DossierChangedError as error:
            # What was typed stays in the form, which from now on is based on what the other wrote.
            theirs = found_or_404(queries.dossier_of(by, public_id))
            form = ChangeForm({**request.POST.dict(), "version": theirs.version})
            form.is_valid()
            form.add_error(None, say(error))
        except Error as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("The dossier is saved."))
            return redirect("dossiers:dossier", public_id)
    return show(request, "dossiers/change.html", {"dossier": found, **_written(by, theirs)}, form)


def _written(by: Standing, theirs: Dossier | None) -> dict[str, object]:
    """What somebody else wrote meanwhile, and who that was."""
    if theirs is None:
        return {}
    return {
        "theirs": theirs,
        "matter": _(queries.template_of(theirs).name),
        "stands_at": _(STAGES[Stage(theirs.stands_at)]),
        "who": names_of(by, [], also={theirs.changed_by}).get(theirs.changed_by, ""),
    }


@require_http_methods(["GET", "POST"])
@for_people
def file(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Put a record into a dossier; with ``?record=`` that one is offered, with ``?place=`` there."""
    refuse_unless(may_register_evidence(by))
    found = found_or_404(queries.dossier_of(by, public_id))
    wanted = request.GET.get("record", "")
    offered = [(str(each.public_id), each.title) for each in evidence.described(by, limit=_OFFERED)]
    if wanted and wanted not in dict(offered):
        receipt = found_or_404(evidence.find_receipt(by, wanted))
        said = evidence.description_of(by, wanted)
        offered.insert(0, (receipt.public_id, said.title if said else receipt.public_id))
    form = FileForm(
        request.POST if request.method == "POST" else None,
        initial={"record": wanted, "place": request.GET.get("place", "")},
        template=queries.template_of(found),
        records=offered,
    )

    def do() -> object:
        stage, ask = form.chosen()
        return file_evidence(public_id, form.cleaned_data["record"], stage=stage, ask=ask, by=by, at=now())

    if request.method == "POST" and attempt(form, do) is not None:
        messages.success(request, _("The record lies in the dossier."))
        return redirect("dossiers:dossier", public_id)
    return show(request, "dossiers/file.html", {"dossier": found, "has_records": bool(offered)}, form)


@require_POST
@for_people
def take(request: HttpRequest, by: Standing, public_id: str, item: str) -> HttpResponse:
    """Take a record out of a dossier."""
    found_or_404(queries.item_in(by, public_id, item))
    try:
        take_evidence(public_id, item, by=by, at=now())
        messages.success(request, _("The record is taken out of the dossier, and stays in your evidence."))
    except Error as error:
        messages.error(request, say(error))
    return redirect("dossiers:dossier", public_id)
