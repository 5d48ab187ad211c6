"""Further parts of the editor: words and parameters, test cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zonary.common.clock import now, rfc3339, zone_date
from zonary.common.language import _
from zonary.common.plain_text import day_of
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.packs.reading import Pack
from zonary.foundation.organizations.pages import attempt, for_people
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.editing import checks, queries, rules, trying
from zonary.services.incentives.editing.case_forms import CaseForm, in_english_too
from zonary.services.incentives.editing.forms import ParameterForm, TermForm
from zonary.services.incentives.editing.models import WorkingDraft
from zonary.services.incentives.editing.rules import Content
from zonary.services.incentives.editing.views import either, keep, kept, open_draft, page

_UNKNOWN = trying.SAID[Truth.UNKNOWN]


@either
@for_people
def words(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Terms and parameters of the draft beside those of the dictionary."""
    draft = open_draft(by, public_id)
    do = request.POST.get("do", "")
    if do in ("remove-terms", "remove-parameters"):
        name, key = do.removeprefix("remove-"), "id" if do == "remove-terms" else "name"
        row = request.POST.get("row", "")
        kept(request, draft, lambda each: rules.without_row(each, name, row, key=key), _("It is removed."), by=by)
        return redirect("editing:words", public_id)
    by_year = checks.terms_to_add(queries.content_of(draft), draft.edition.text)
    if do == "by-year":
        wanted = request.POST.get("row", "")
        told = _("The term is there. Sentences may name it now.")
        kept(request, draft, lambda each: checks.with_term_by_year(each, draft.edition.text, wanted), told, by=by)
        return redirect("editing:words", public_id)
    initial = {"version": draft.version}
    term = TermForm(request.POST if do == "term" else None, initial=initial, prefix="term")
    parameter = ParameterForm(request.POST if do == "parameter" else None, initial=initial, prefix="parameter")
    if do == "term" and attempt(term, lambda: _add_term(draft, term, by)) is not None:
        messages.success(request, _("The term is there. Sentences may name it now."))
        return redirect("editing:words", public_id)
    if do == "parameter" and attempt(parameter, lambda: _add_parameter(draft, parameter, by)) is not None:
        messages.success(request, _("The parameter is there. Sentences may name it now."))
        return redirect("editing:words", public_id)
    shown = term if do == "term" else parameter if do == "parameter" else None
    dictionary = [(id, each["name"]["zh"]) for id, each in checks.dictionary_shapes().items()]
    context = {
        "dictionary": dictionary, "term_form": term, "parameter_form": parameter, "open": do, "by_year": by_year
    }  # fmt: skip
    return page(request, draft, "words", context, shown)


def _add_term(draft: WorkingDraft, form: TermForm, by: Standing) -> WorkingDraft:
    rules.require_id(form.cleaned_data["id"])
    row = form.term()
    return keep(draft, lambda each: rules.with_row(each, "terms", row), form.cleaned_data["version"], by=by)


def _add_parameter(draft: WorkingDraft, form: ParameterForm, by: Standing) -> WorkingDraft:
    """A further value of one that is there already ends none of the earlier ones: their own last days do."""
    given = form.cleaned_data
    value: dict[str, Any] = {
        "first": given["first"].isoformat(),
        "amount": given["amount"],
        "recorded_at": rfc3339(now()),
        "citation": given["citation"],
    }
    value |= {"last": given["last"].isoformat()} if given["last"] else {}

    def change(each: Content) -> Content:
        found = next((one for one in each["parameters"] if one["name"] == given["name"]), None)
        row = {**(found or {"name": given["name"]}), "values": [*(found["values"] if found else ()), value]}
        row |= {"english": given["name_english"]} if given["name_english"] else {}
        return rules.with_row(each, "parameters", row, key="name")

    return keep(draft, change, given["version"], by=by)


# --- test cases -------------------------------------------------------------------------------------------------------


@either
@for_people
def cases(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Test cases with what the rules make of each, one to enter, and those made around every bound to take over."""
    draft = open_draft(by, public_id)
    content, do, today = queries.content_of(draft), request.POST.get("do", ""), zone_date(now())
    if do == "remove":
        row = request.POST.get("row", "")
        kept(request, draft, lambda each: rules.without_row(each, "cases", row, key="name"), _("It is removed."), by=by)
        return redirect("editing:cases", public_id)
    looked = checks.looked_at(content, today, draft.edition)
    if looked.pack is None:
        return page(request, draft, "cases", {"looked": looked})
    day = max(today, *(day_of(each["first"]) or today for each in content["items"]))
    there = [each["data"] for each in content["cases"]]
    made = trying.suggestions(looked.pack, day)
    suggested = [each for each in made.cases if each.row["data"] not in there]
    if do == "take":
        chosen = set(request.POST.getlist("case"))
        rows = [each.row for each in suggested if each.row["name"] in chosen]
        kept(request, draft, lambda each: rules.with_cases(each, rows), _("The test cases are taken over."), by=by)
        return redirect("editing:cases", public_id)
    titles = [(each["id"], in_english_too(each["title"]["zh"], each["title"]["en"])) for each in content["items"]]
    given = request.POST if do == "add" else None
    needed = trying.needed_on(looked.pack, day)
    form = CaseForm(
        given,
        initial={"version": draft.version},
        needed=needed,
        items=titles,
        tables=[each["name"]["zh"] for each in content["tables"]],
    )
    if given is not None and attempt(form, lambda: _add_case(draft, form, day, by)) is not None:
        messages.success(request, _("The test case is there."))
        return redirect("editing:cases", public_id)
    context = {
        "looked": looked,
        "day": day,
        "ordinary": _said_data(looked.pack, made.ordinary),
        "rows": _rows(content, looked.pack, made),
        "suggested": _by_clause(content, suggested, looked.pack, made),
        "count": len(suggested),
        "is_open": not content["cases"],
    }
    return page(request, draft, "cases", context, form)


def _add_case(draft: WorkingDraft, form: CaseForm, day: date, by: Standing) -> WorkingDraft:
    row = form.row(day.isoformat())
    trying.require_possible(queries.content_of(draft), row, day)
    return keep(draft, lambda each: rules.with_row(each, "cases", row, key="name"), form.cleaned_data["version"], by=by)


def _by_clause(
    content: Content, suggested: list[trying.Suggested], pack: Pack, made: trying.Suggestions
) -> list[dict[str, Any]]:
    """Each clause with the cases around its bounds."""
    found = []
    for clause in content["clauses"]:
        own = [_suggested(content, each.row, pack, made) for each in suggested if each.clause == clause["id"]]
        if own:
            found.append({"id": clause["id"], "sentence": clause["sentence"], "cases": own})
    return found


def _suggested(content: Content, row: Mapping[str, Any], pack: Pack, made: trying.Suggestions) -> dict[str, Any]:
    told = trying.told_beside(made.ordinary, row["data"])
    tables = row.get("tables", {})
    usual = {name: text for name, text in tables.items() if told.same and made.tables.get(name) == text}
    results = [f"{_item_said(content, id)}{said}" for id, said in row["expected"].items()]
    results += [f"{name} {text or _UNKNOWN}" for name, text in tables.items() if name not in usual]
    same = [*_said_data(pack, told.same), *(f"{name} {text or _UNKNOWN}" for name, text in usual.items())]
    return {"name": row["name"], "results": results, "differing": _said_data(pack, told.differing), "same": same}


def _item_said(content: Content, id: str) -> str:
    """Which item comes to it, where there are several."""
    titles = {each["id"]: each["title"]["zh"] for each in content["items"]}
    return f"{titles[id]} " if len(titles) > 1 else ""


def _said_data(pack: Pack, data: Mapping[str, str | bool | None]) -> list[str]:
    return [f"{trying.key_said(pack, key)} {_said(value)}" for key, value in data.items()]


def _rows(content: Content, pack: Pack, made: trying.Suggestions) -> list[dict[str, Any]]:
    """Each test case with what was agreed and what it comes to."""
    found = []
    for row, case in zip(content["cases"], pack.cases, strict=True):
        actual, told = trying.comes_to(pack, case), trying.told_beside(made.ordinary, row["data"])
        results = [
            (f"{_item_said(content, id)}{agreed}", f"{_item_said(content, id)}{actual.get(id, '')}")
            for id, agreed in row["expected"].items()
        ]
        given, same = trying.given_in(pack, case), _said_data(pack, told.same)
        for name, agreed in case.tables.items():
            came = trying.agreed_text(pack, name, given.get(name)) or _UNKNOWN
            said = row["tables"][name] or _UNKNOWN
            if told.same and given.get(name) == agreed and made.tables.get(name) == row["tables"][name]:
                same.append(f"{name} {said}")
            else:
                results.append((f"{name} {said}", f"{name} {said if given.get(name) == agreed else came}"))
        is_right = all(agreed == came for agreed, came in results)
        differing = _said_data(pack, told.differing)
        found.append(
            {"name": row["name"], "results": results, "is_right": is_right, "differing": differing, "same": same}
        )
    return found


def _said(value: object) -> str:
    if value is None:
        return _UNKNOWN
    if isinstance(value, bool):
        return "是" if value else "否"
    return {"never": "从未", "without-end": "长期有效"}.get(str(value), str(value))
