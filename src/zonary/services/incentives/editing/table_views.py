"""Amounts, tables of rows and scores: their list, and the page on which one is made or changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from zonary.common.language import _, say
from zonary.engines.clauses.tables import sheets
from zonary.engines.clauses.tables.model import DecisionTable
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error
from zonary.services.incentives.editing import checks, grids, queries, rules, tables
from zonary.services.incentives.editing.models import WorkingDraft
from zonary.services.incentives.editing.rules import Content
from zonary.services.incentives.editing.table_forms import (
    CHOOSE,
    KINDS,
    FixedForm,
    ProportionForm,
    RowsForm,
    ScoreForm,
    SheetForm,
    TableForm,
)
from zonary.services.incentives.editing.views import either, keep, kept, open_draft, page

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CITED: Final = ("article", "quote")


@either
@for_people
def listed(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """All there are; a table of rows also goes out as a workbook and comes back as one."""
    draft = open_draft(by, public_id)
    content, do = queries.content_of(draft), request.POST.get("do", "")
    if do == "remove":
        row = request.POST.get("row", "")
        kept(request, draft, lambda each: tables.without_table(each, row), _("It is removed."), by=by)
        return redirect("editing:tables", public_id)
    sheet = SheetForm(request.POST if do == "sheet" else None, request.FILES if do == "sheet" else None)
    if do == "sheet" and attempt(sheet, lambda: _fill(draft, sheet, by)) is not None:
        messages.success(request, _("The rows of the workbook are taken over."))
        return redirect("editing:tables", public_id)
    wrong = sheet.data.get("table", "") if do == "sheet" else ""
    kinds = [(kind, _(name)) for kind, name in KINDS.items()]
    context = {"sheet_form": sheet, "wrong": wrong, "tables": [_shown(each) for each in content["tables"]],
               "kinds": kinds}  # fmt: skip
    return page(request, draft, "tables", context, sheet if do == "sheet" else None)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """With what people read in place of what a pack writes."""
    unit = row.get("unit", "")
    shown = {**row, "floor": tables.shown_in(row.get("floor"), unit), "cap": tables.shown_in(row.get("cap"), unit)}
    if row["kind"] == "proportion":
        shown |= {"said": tables.proportion_shown(row)}
    if row["kind"] == "score":
        shown |= {"added": " + ".join(map(_part_said, row["parts"]))}
    return shown


def _part_said(part: Any) -> str:
    return part if isinstance(part, str) else _("the best of {names}", names="、".join(part["best_of"]))


def _read_table(content: Content, name: str) -> DecisionTable:
    """:raises WrongDraftError: when it is no table of rows."""
    found = checks.table_called(content, name)
    if not isinstance(found, DecisionTable):
        raise rules.WrongDraftError("Only a table of rows goes out as a workbook.")
    return found


def _fill(draft: WorkingDraft, form: SheetForm, by: Standing) -> WorkingDraft:
    name, file = form.cleaned_data["table"], form.cleaned_data["file"]
    read = sheets.read(file.read(sheets.MAX_BYTES + 1), _read_table(queries.content_of(draft), name))
    return keep(draft, lambda each: checks.with_table(each, name, read), form.cleaned_data["version"], by=by)


@for_people
def workbook(request: HttpRequest, by: Standing, public_id: str, number: int) -> HttpResponse:
    """A table of rows as XLSX, to be filled in and sent back."""
    content = queries.content_of(open_draft(by, public_id))
    names = dict(enumerate(each["name"]["zh"] for each in content["tables"]))
    name = found_or_404(names.get(number))
    answer = HttpResponse(sheets.written(_read_table(content, name)), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="table-{number}.xlsx"'
    return answer


# --- one of them ------------------------------------------------------------------------------------------------------


@either
@for_people
def table(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """One that is made (``?kind=``) or changed (``?table=``). Rows and columns come and go without anything kept."""
    draft = open_draft(by, public_id)
    content = queries.content_of(draft)
    was = request.POST.get("was", request.GET.get("table", ""))
    row = tables.table_row(content, was) if was else None
    if was and row is None:
        raise Http404
    kind = row["kind"] if row else request.GET.get("kind", "rows")
    if kind not in KINDS:
        raise Http404
    if kind == "rows":
        return _rows(request, draft, content, row, by)
    form = _form(request, draft, content, kind, row)
    if request.method == "POST" and attempt(form, lambda: _save(draft, form, _MADE[kind], by)) is not None:
        return _saved(request, public_id)
    context = {"kind": kind, "kind_name": _(KINDS[kind]), "row": row, "readings": _readings(content)}
    return page(request, draft, "table", context, form)


def _saved(request: HttpRequest, public_id: str) -> HttpResponse:
    messages.success(request, _("The table is saved. An item may name it as its amount, a sentence as a score."))
    return redirect("editing:tables", public_id)


def _initial(draft: WorkingDraft, row: dict[str, Any] | None) -> dict[str, Any]:
    if row is None:
        return {"version": draft.version}
    names = {"was": row["name"]["zh"], "name": row["name"]["zh"], "name_english": row["name"]["en"]}
    return names | {name: row.get(name, "") for name in (*_CITED, "unit")} | {"version": draft.version}


def _form(
    request: HttpRequest, draft: WorkingDraft, content: Content, kind: str, row: dict[str, Any] | None
) -> TableForm:
    sent = request.POST if request.method == "POST" else None
    initial = _initial(draft, row)
    if kind == "fixed":
        return FixedForm(sent, initial=initial | ({"gives": tables.fixed_shown(row)} if row else {}))
    if kind == "proportion":
        return ProportionForm(sent, initial=initial | (tables.proportion_shown(row) if row else {}))
    others = [each["name"]["zh"] for each in content["tables"] if each.get("unit") and each != row]
    roles = tables.roles_in(row["parts"], rules.GROUPS) if row else {}
    if roles is None:
        raise Http404  # more groups than the page has: a program wrote it, and may change it
    parts = {f"part-{number}": roles.get(name, "") for number, name in enumerate(others)}
    ends = {name: tables.shown_in(row.get(name), row["unit"]) for name in ("floor", "cap")} if row else {}
    return ScoreForm(sent, tables=others, initial=initial | parts | ends)


Made = Callable[[Content, Any], Content]
"""A draft's content and a form that is filled in -> the content with the table."""


def _save(draft: WorkingDraft, form: TableForm, made: Made, by: Standing) -> WorkingDraft:
    return keep(draft, lambda each: made(each, form), form.cleaned_data["version"], by=by)


def _made_fixed(content: Content, form: FixedForm) -> Content:
    given = form.cleaned_data
    return tables.with_table(content, form.cited("fixed") | rules.fixed(given["gives"]), was=given["was"])


def _made_proportion(content: Content, form: ProportionForm) -> Content:
    given, words = form.cleaned_data, checks.words_of(content)
    before = tables.table_row(content, given["was"])
    is_same = before is not None and before["of"]["reads"] == given["reads"].strip()
    usual = grids.usual_unit(content, words, given["reads"]) or given["unit"]  # of what only the engine can refuse
    unit = before["of"].get("unit", "") if before and is_same else usual
    content = tables.with_points(content, words, given["unit"], given["unit_english"])
    made = tables.proportion(given, unit, checks.words_of(content))
    return tables.with_table(content, form.cited("proportion") | made, was=given["was"])


def _made_score(content: Content, form: ScoreForm) -> Content:
    given = form.cleaned_data
    words = checks.words_of(content)
    row = form.cited("score") | {"unit": given["unit"], "parts": tables.parts_of(form.roles(), rules.GROUPS)}
    for name in ("floor", "cap"):
        if given[name].strip():
            row[name] = tables.number_in(given[name], given["unit"], words)
    return tables.with_table(content, row, was=given["was"])


_MADE: Final[dict[str, Made]] = {"fixed": _made_fixed, "proportion": _made_proportion, "score": _made_score}


# --- rows -------------------------------------------------------------------------------------------------------------


def _rows(
    request: HttpRequest, draft: WorkingDraft, content: Content, row: dict[str, Any] | None, by: Standing
) -> HttpResponse:
    """Saved, or shown with a row or column more or less; with JavaScript the grid alone is brought anew."""
    do = request.POST.get("do", "")
    if request.method != "POST":
        form: RowsForm = RowsForm(initial=_initial_rows(draft, row))
        grid = grids.EMPTY if row is None else grids.grid_of(_read_table(content, row["name"]["zh"]), row)
        return _rows_page(request, draft, content, row, form, grid, is_new=row is None)
    grid = grids.with_usual_units(grids.grid_sent(request.POST), content, checks.words_of(content))
    if do == "save":
        form = RowsForm(request.POST)
        if attempt(form, lambda: _save_rows(draft, form, grid, by)) is not None:
            return _saved(request, str(draft.public_id))
        return _rows_page(request, draft, content, row, form, grid)
    form = RowsForm(initial={name: request.POST.get(name, "") for name in RowsForm.base_fields})
    refusal = ""
    try:
        grid = grids.changed(grid, do)
    except Error as error:
        refusal = say(error)
    context = _grid_context(content, form, grid, refusal=refusal, is_new=False, focus=do)
    if request.headers.get("HX-Request"):
        return render(request, "editing/_grid.html", {"draft": draft, **context})
    return page(request, draft, "table", {**_head(content, row), **context}, form)


def _head(content: Content, row: dict[str, Any] | None) -> dict[str, Any]:
    return {"kind": "rows", "kind_name": _(KINDS["rows"]), "row": row, "readings": _readings(content)}


def _rows_page(
    request: HttpRequest, draft: WorkingDraft, content: Content, row: dict[str, Any] | None, form: RowsForm,
    grid: grids.Grid, *, is_new: bool = False
) -> HttpResponse:  # fmt: skip
    context = _grid_context(content, form, grid, is_new=is_new)
    return page(request, draft, "table", {**_head(content, row), **context}, form)


def _initial_rows(draft: WorkingDraft, row: dict[str, Any] | None) -> dict[str, Any]:
    initial = _initial(draft, row)
    return initial | ({"choose": row["choose"], "otherwise": row.get("otherwise") or ""} if row else {"unit": "万元"})


def _given(form: forms.Form) -> grids.Given:
    name, unit, choose, otherwise = (str(form[each].value() or "").strip() for each in
                                     ("name", "unit", "choose", "otherwise"))  # fmt: skip
    return grids.Given(
        name=name or "…", unit=unit, choose=choose if choose in CHOOSE else "unique", otherwise=otherwise
    )


def _grid_context(
    content: Content, form: RowsForm, grid: grids.Grid, *, refusal: str = "", is_new: bool = False, focus: str = ""
) -> dict[str, Any]:
    words = checks.words_of(content)
    found = grids.checked(grid, _given(form), words, checks.parse_in(words))
    columns = [
        {"reads": reads, "unit": unit, "kind": found.kinds[at], "error": None if is_new else found.at_columns.get(at)}
        for at, (reads, unit) in enumerate(grid.columns)
    ]
    rows = [
        {"cells": list(zip(columns, line.cells, strict=True)), "gives": line.gives,
         "errors": [] if is_new or line.is_blank else found.at_rows.get(number, []),
         "focus": focus == "add-row" and number == len(grid.rows) - 1}
        for number, line in enumerate(grid.rows)
    ]  # fmt: skip
    return {"columns": columns, "rows": rows, "beside": [] if is_new else found.beside, "refusal": refusal,
            "is_whole": found.is_readable and not found.beside and not found.at_rows,
            "is_too_large": grid.is_too_large, "gives_unit": _given(form).unit,
            "focus_column": focus == "add-column"}  # fmt: skip


def _save_rows(draft: WorkingDraft, form: RowsForm, grid: grids.Grid, by: Standing) -> WorkingDraft:
    """:raises Error: names the row or column that cannot be read."""
    given = form.cleaned_data

    def change(content: Content) -> Content:
        words = checks.words_of(content)
        found = grids.checked(grid, _given(form), words, checks.parse_in(words))
        if found.first_refusal is not None:
            raise found.first_refusal
        content = tables.with_points(content, words, given["unit"].strip(), given["unit_english"])
        row = form.cited("rows") | grids.shape_of(grid) | {"choose": given["choose"]}
        row |= {"unit": given["unit"].strip()} if given["unit"].strip() else {}
        row |= {"otherwise": given["otherwise"].strip()} if given["otherwise"].strip() else {}
        return tables.with_table(content, row, was=given["was"])

    return keep(draft, change, given["version"], by=by)


@require_POST
@for_people
def look(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """What is right or wrong with the rows, while they are typed; nothing is kept."""
    content = queries.content_of(open_draft(by, public_id))
    grid = grids.with_usual_units(grids.grid_sent(request.POST), content, checks.words_of(content))
    form = RowsForm(initial={name: request.POST.get(name, "") for name in RowsForm.base_fields})
    return render(request, "editing/_grid_said.html", _grid_context(content, form, grid) | {"is_alone": True})


def _readings(content: Content) -> list[str]:
    """What a column may read, for whoever begins to type it."""
    try:
        words = checks.words_of(content)
    except Error:
        return []
    kinds = {"money", "count", "area", "number", "share"}
    figures = [f"{'上年度' if each.annual else ''}{each.chinese}" for each in words.terms if each.kind.value in kinds]
    codes = [each.chinese for each in words.terms if each.kind.value == "code"]
    flags = [f"{each.frame.affirmed}{each.chinese}" for each in words.terms if each.kind.value == "flag"]
    scores = [f"按《{each['name']['zh']}》计算的得分" for each in content["tables"] if each.get("unit")]
    return [*scores, *figures, *codes, *flags]
