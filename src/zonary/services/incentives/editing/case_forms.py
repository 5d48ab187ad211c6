"""A test case as officers enter it: what can be said of a datum in few words is chosen, and only figures are typed."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from zonary.common.language import _, language
from zonary.common.page_words import later
from zonary.engines.clauses.vocabulary import YES_NO, Kind
from zonary.services.incentives.editing.forms import VersionedForm
from zonary.services.incentives.editing.trying import Needed
from zonary.services.incentives.library.forms import a_day

_ANSWERS: Final = {"是": True, "否": False}
_ON_A_DAY: Final = "day"


class CaseForm(VersionedForm):
    """What is known of an enterprise, and what each item comes to. What is left out is not known."""

    name = forms.CharField(label=later("Name of the test case"), max_length=200)

    def __init__(
        self, *given: Any, needed: list[Needed], items: list[tuple[str, str]], tables: list[str], **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.needed = needed
        fields: dict[str, Any] = self.fields
        for each in needed:
            fields |= _fields_of(each)
        results = [("符合", _("qualifies")), ("不符合", _("does not qualify")), ("待补", _("not known yet"))]
        for id, title in items:
            fields[f"item-{id}"] = forms.ChoiceField(label=title, choices=results)
        for name in tables:
            fields[f"table-{name}"] = forms.CharField(
                label=name, help_text=_("What it gives, such as 10万元; empty: not agreed on here."), required=False,
                max_length=60,
            )  # fmt: skip
        self.items_asked = [id for id, _title in items]
        self.tables_asked = tables

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for each in self.needed:
            name, day = f"datum-{each.key}", f"day-{each.key}"
            if day not in self.fields or self.errors.get(day):
                continue
            if given.get(name) == _ON_A_DAY and not given.get(day):
                self.add_error(day, _("Give the day."))
            elif given.get(name) not in ("", _ON_A_DAY, None) and given.get(day):
                self.add_error(day, _("Either there is a day, or what is chosen above. Leave one of them out."))
        return given

    def row(self, day: str) -> dict[str, Any]:
        given = self.cleaned_data
        data = {each.key: value for each in self.needed if (value := self._value(each.key)) != ""}
        expected = {id: given[f"item-{id}"] for id in self.items_asked}
        tables = {name: text for name in self.tables_asked if (text := given[f"table-{name}"].strip())}
        row = {"name": given["name"], "day": day, "data": data, "expected": expected}
        return row | ({"tables": tables} if tables else {})

    def _value(self, key: str) -> str | bool:
        """As a pack writes it; empty: not known."""
        day = self.cleaned_data.get(f"day-{key}")
        if day is not None:
            return str(day.isoformat())
        text = str(self.cleaned_data.get(f"datum-{key}", "")).strip()
        return _ANSWERS.get(text, text)


def in_english_too(chinese: str, english: str) -> str:
    """A name as the rules have it, which is what the document calls it; before it, in English, what it means."""
    return f"{english} · {chinese}" if english and language() == "en" else chinese


def _fields_of(needed: Needed) -> dict[str, forms.Field]:
    term, name = needed.term, f"datum-{needed.key}"
    label = in_english_too(f"{term.chinese}{f'（{needed.year}年）' if needed.year else ''}", term.english)
    unknown = ("", _("not known"))
    if term.kind in YES_NO:
        choices = [unknown, ("是", _("yes")), ("否", _("no"))]
        return {name: forms.ChoiceField(label=label, choices=choices, required=False)}
    if term.kind is Kind.DATE:
        return {f"day-{needed.key}": a_day(label, help_text=_("Empty: not known."), required=False)}
    if term.kind is Kind.EVENT:
        choices = [unknown, ("never", _("it never happened")), (_ON_A_DAY, _("on the day below"))]
        day = a_day(_("Last day of “{name}”", name=label), required=False)
        return {name: forms.ChoiceField(label=label, choices=choices, required=False), f"day-{needed.key}": day}
    if term.kind is Kind.CREDENTIAL:
        choices = [unknown, ("never", _("never held")), ("without-end", _("valid without a last day")),
                   (_ON_A_DAY, _("valid until the day below"))]  # fmt: skip
        day = a_day(_("“{name}” is valid until", name=label), required=False)
        return {name: forms.ChoiceField(label=label, choices=choices, required=False), f"day-{needed.key}": day}
    hint = _hint(needed)
    return {name: forms.CharField(label=label, help_text=hint, required=False, max_length=60)}


def _hint(needed: Needed) -> str:
    kind = needed.term.kind
    if kind is Kind.CODE:
        return _("A code; empty: not known.")
    sample = {Kind.MONEY: "100万元", Kind.AREA: "20亩", Kind.SHARE: "3%"}.get(kind, f"50{needed.term.unit}")
    return _("Such as {sample}; empty: not known.", sample=sample)
