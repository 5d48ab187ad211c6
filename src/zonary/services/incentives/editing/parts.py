"""Further parts of the editor: words and parameters, amounts and tables, test cases."""

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
from zonary.engines.clauses.tables import sheets
from zonary.engines.clauses.tables.model import DecisionTable
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.editing import checks, queries, rules, trying
from zonary.services.incentives.editing.forms import (
    AmountForm,
    CaseForm,
    ParameterForm,
    SheetForm,
    TermForm,
)
from zonary.services.incentives.editing.models import WorkingDraft
from zonary.services.incentives.editing.rules import Content
from zonary.services.incentives.editing.views import either, keep, kept, open_draft, page

_UNKNOWN = trying.SAID[Truth.UNKNOWN]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    context = {"term_form": term, "parameter_form": parameter, "open": do}
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
        return rules.with_row(each, "parameters", row, key="name")

    return keep(draft, change, given["version"], by=by)


# --- amounts and tables -----------------------------------------------------------------------------------------------


@either
@for_people
def tables(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Amounts: fixed, a share of a figure, or a table of rows that goes out as a workbook and comes back as one."""
    draft = open_draft(by, public_id)
    content, do = queries.content_of(draft), request.POST.get("do", "")
    initial = {"version": draft.version}
    if do == "remove":
        row = request.POST.get("row", "")
        kept(request, draft, lambda each: _without_table(each, row), _("It is removed."), by=by)
        return redirect("editing:tables", public_id)
    form = AmountForm(request.POST if do == "add" else None, initial=initial, prefix="amount")
    sheet = SheetForm(request.POST if do == "sheet" else None, request.FILES if do == "sheet" else None)
    if do == "add" and attempt(form, lambda: _add_table(draft, form, by)) is not None:
        messages.success(request, _("The table is there. An item may name it as its amount."))
        return redirect("editing:tables", public_id)
    if do == "sheet" and attempt(sheet, lambda: _fill(draft, sheet, by)) is not None:
        messages.success(request, _("The rows of the workbook are taken over."))
        return redirect("editing:tables", public_id)
    wrong = sheet.data.get("table", "") if do == "sheet" else ""
    context = {"amount_form": form, "sheet_form": sheet, "wrong": wrong, "tables": content["tables"]}
    return page(request, draft, "tables", context, form if do == "add" else sheet if do == "sheet" else None)


def _without_table(content: Content, name: str) -> Content:
    changed = {**content, "tables": [each for each in content["tables"] if each["name"]["zh"] != name]}
    changed["items"] = [
        {key: value for key, value in each.items() if key != "amount" or value != name} for each in content["items"]
    ]
    return changed


def _add_table(draft: WorkingDraft, form: AmountForm, by: Standing) -> WorkingDraft:
    given = form.cleaned_data
    row: dict[str, Any] = {
        "kind": given["kind"],
        "name": {"zh": given["name"], "en": given["name_english"]},
        "article": given["article"],
        "quote": given["quote"].replace("\r\n", "\n"),
    }
    reads = [each.strip() for each in given["reads"].splitlines() if each.strip()]
    content = queries.content_of(draft)
    if given["kind"] == "fixed":
        row |= rules.fixed(given["gives"])
    elif given["kind"] == "proportion":
        row |= _proportion(reads, given["gives"], given["most"])
    else:
        columns = [_column(content, each) for each in reads]
        row |= {"unit": given["gives"], "columns": columns, "choose": "unique",
                "rows": [{"when": [None] * len(columns), "gives": "0"}]}  # fmt: skip

    def change(each: Content) -> Content:
        return {**each, "tables": [*(one for one in each["tables"] if one["name"]["zh"] != given["name"]), row]}

    return keep(draft, change, given["version"], by=by)


def _proportion(reads: list[str], rate: str, most: str) -> dict[str, Any]:
    """10% of a figure of money, at most 50万元, rounded down to the fen."""
    number = rate.removesuffix("%")
    figures = number.replace(".", "", 1)
    if len(reads) != 1 or not rate.endswith("%") or not figures.isdecimal() or not figures.isascii():
        raise rules.WrongDraftError("A share is a per cent of one figure: write one figure, and a rate such as 10%.")
    found: dict[str, Any] = {
        "of": {"reads": reads[0], "unit": "元"},
        "unit": "元",
        "rate": rules.hundredth(number),
        "rounding": "down",
        "step": "0.01",
    }
    return found | ({"cap": rules.in_yuan(most)} if most.strip() else {})


def _column(content: Content, reads: str) -> dict[str, str]:
    """With the unit its figure is usually written in; none for a code, or a sentence that is so or is not."""
    words = checks.words_of(content)
    share = "的比例" in reads
    named = [each for each in words.terms if each.chinese in reads]
    term = max(named, key=lambda each: reads.rfind(each.chinese) + len(each.chinese), default=None)
    units = {"money": "万元", "area": "亩", "share": "%"}
    unit = "%" if share else units.get(term.dimension, term.unit) if term else ""
    return {"reads": reads, "unit": unit} if unit else {"reads": reads}


def _read_table(draft: WorkingDraft, name: str) -> DecisionTable:
    """:raises WrongDraftError: when it is no table of rows."""
    found = checks.table_called(queries.content_of(draft), name)
    if not isinstance(found, DecisionTable):
        raise rules.WrongDraftError("Only a table of rows goes out as a workbook.")
    return found


def _fill(draft: WorkingDraft, form: SheetForm, by: Standing) -> WorkingDraft:
    name, file = form.cleaned_data["table"], form.cleaned_data["file"]
    read = sheets.read(file.read(sheets.MAX_BYTES + 1), _read_table(draft, name))
    return keep(draft, lambda each: checks.with_table(each, name, read), form.cleaned_data["version"], by=by)


@for_people
def workbook(request: HttpRequest, by: Standing, public_id: str, number: int) -> HttpResponse:
    """A table of rows as XLSX, to be filled in and sent back."""
    draft = open_draft(by, public_id)
    names = dict(enumerate(each["name"]["zh"] for each in queries.content_of(draft)["tables"]))
    name = found_or_404(names.get(number))
    answer = HttpResponse(sheets.written(_read_table(draft, name)), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="table-{number}.xlsx"'
    return answer


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
    looked = checks.looked_at(content, today)
    if looked.pack is None:
        return page(request, draft, "cases", {"looked": looked})
    day = max(today, *(day_of(each["first"]) or today for each in content["items"]))
    there = [each["data"] for each in content["cases"]]
    suggested = [each for each in trying.suggested_cases(looked.pack, day) if each.row["data"] not in there]
    if do == "take":
        chosen = set(request.POST.getlist("case"))
        rows = [each.row for each in suggested if each.row["name"] in chosen]
        kept(request, draft, lambda each: rules.with_cases(each, rows), _("The test cases are taken over."), by=by)
        return redirect("editing:cases", public_id)
    titles = [(each["id"], each["title"]["zh"]) for each in content["items"]]
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
        "rows": _rows(content, looked.pack),
        "suggested": [_suggested(each.row, looked.pack) for each in suggested],
        "is_open": not content["cases"],
    }
    return page(request, draft, "cases", context, form)


def _add_case(draft: WorkingDraft, form: CaseForm, day: date, by: Standing) -> WorkingDraft:
    row = form.row(day.isoformat())
    trying.require_possible(queries.content_of(draft), row, day)
    return keep(draft, lambda each: rules.with_row(each, "cases", row, key="name"), form.cleaned_data["version"], by=by)


def _suggested(row: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    data = [f"{trying.key_said(pack, key)} {_said(value)}" for key, value in row["data"].items()]
    results = [
        *row["expected"].values(),
        *(f"{name} {text or _UNKNOWN}" for name, text in row.get("tables", {}).items()),
    ]
    return {"name": row["name"], "data": data, "results": results}


def _rows(content: Content, pack: Pack) -> list[dict[str, Any]]:
    """Each test case with what was agreed and what it comes to."""
    found = []
    for row, case in zip(content["cases"], pack.cases, strict=True):
        actual = trying.comes_to(pack, case)
        results = [(agreed, actual.get(id, "")) for id, agreed in row["expected"].items()]
        given = trying.given_in(pack, case)
        for name, agreed in case.tables.items():
            came = trying.agreed_text(pack, name, given.get(name)) or _UNKNOWN
            said = row["tables"][name] or _UNKNOWN
            results.append((f"{name} {said}", f"{name} {said if given.get(name) == agreed else came}"))
        data = [f"{trying.key_said(pack, key)} {_said(value)}" for key, value in row["data"].items()]
        is_right = all(agreed == came for agreed, came in results)
        found.append({"name": row["name"], "data": data, "results": results, "is_right": is_right})
    return found


def _said(value: object) -> str:
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)
