"""The forms of amounts, tables and scores; the rows of a table are no form but a grid (``grids``)."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from zonary.common.language import _
from zonary.common.page_words import later
from zonary.foundation.rules.wording import choosing_name, rounding_name
from zonary.services.incentives.editing.forms import VersionedForm
from zonary.services.incentives.editing.rules import GROUPS

KINDS: Final = {
    "fixed": "The same for everybody",
    "proportion": "A share of a figure",
    "rows": "A table of rows",
    "score": "A score: tables added up",
}
CHOOSE: Final = ("unique", "first", "any", "sum", "max", "min")
_ROUNDING: Final = ("down", "up", "half up")


def _typed(label: str, help_text: str = "", *, most: int = 210, required: bool = False) -> forms.CharField:
    """What is typed in one line. :param most: characters; usually enough for a parameter as 【name】."""
    return forms.CharField(label=label, help_text=help_text, max_length=most, required=required)


class TableForm(VersionedForm):
    """What every table says of itself. ``was``: the name it had when the page was made; empty: a new one."""

    was = forms.CharField(widget=forms.HiddenInput(), required=False, max_length=200)
    name = forms.CharField(label=later("Name of the table"), max_length=200)
    name_english = forms.CharField(label=later("Name in English"), max_length=200)
    article = forms.CharField(label=later("Article"), help_text=later("Such as 第三条第（二）项."), max_length=200)
    quote = forms.CharField(
        label=later("Words of the document"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def cited(self, kind: str) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "kind": kind,
            "name": {"zh": given["name"].strip(), "en": given["name_english"].strip()},
            "article": given["article"].strip(),
            "quote": given["quote"].replace("\r\n", "\n").strip(),
        }


class FixedForm(TableForm):
    gives = _typed(later("What it gives"), later("Such as 10万元, or a parameter as 【name】."), required=True)
    field_order = ("name", "name_english", "gives", "article", "quote")


class ProportionForm(TableForm):
    reads = _typed(later("What it reads"), later("As in a sentence, such as 上年度研发费用."), most=1000, required=True)
    rate = _typed(
        later("Rate"),
        later("Such as 10%, or a parameter as 【name】; of a score the points for all of it."),
        required=True,
    )
    base = _typed(later("Divided by"), later("A base such as 15万元/亩 or 【name】; usually empty."))
    floor = _typed(later("At least"))
    cap = _typed(later("At most"), later("Such as 50万元, or a parameter as 【name】."))
    unit = forms.CharField(label=later("Unit of what it gives"), initial="元", max_length=20)
    unit_english = _typed(later("English of a new unit"), most=60)
    rounding = forms.ChoiceField(
        label=later("Rounded"), choices=lambda: [(each, rounding_name(each)) for each in _ROUNDING]
    )
    step = forms.CharField(label=later("To a multiple of"), initial="0.01", max_length=30)
    field_order = ("name", "name_english", "reads", "rate", "cap", "floor", "article", "quote", "base", "unit",
                   "unit_english", "rounding", "step")  # fmt: skip


class RowsForm(TableForm):
    unit = _typed(
        later("Unit of what it gives"), later("万元, 元, 分 or another; empty: the rows give labels."), most=20
    )
    unit_english = _typed(
        later("English of a new unit"), later("Only for a unit that is none yet; 分 is known."), most=60
    )
    choose = forms.ChoiceField(
        label=later("Which row counts"), choices=lambda: [(each, choosing_name(each)) for each in CHOOSE]
    )
    otherwise = _typed(later("When no row matches"), later("Such as 0; empty: there has to be one."), most=200)
    field_order = ("name", "name_english", "unit", "unit_english", "choose", "otherwise", "article", "quote")


class ScoreForm(TableForm):
    unit = forms.CharField(label=later("Unit of what it gives"), initial="分", max_length=20)
    floor = _typed(later("At least"), most=60)
    cap = _typed(later("At most"), most=60)

    def __init__(self, *given: Any, tables: list[str], **more: Any) -> None:
        """:param tables: those it may add up."""
        super().__init__(*given, **more)
        roles = [("", _("not counted")), ("sum", _("added up"))]
        roles += [(group, _("the best of group {name}", name=group)) for group in GROUPS]
        self.tables = tables
        fields: dict[str, Any] = self.fields
        for number, name in enumerate(tables):
            fields[f"part-{number}"] = forms.ChoiceField(label=name, choices=roles, required=False)

    def roles(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"part-{number}"] for number, name in enumerate(self.tables)}


class SheetForm(VersionedForm):
    table = forms.CharField(widget=forms.HiddenInput())
    file = forms.FileField(label=later("Filled-in workbook (.xlsx)"))
