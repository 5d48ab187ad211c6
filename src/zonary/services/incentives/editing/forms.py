"""What officers write into the editor; each form is about one thing, and what can be known is there already."""

from __future__ import annotations

from typing import Any

from django import forms

from zonary.common.language import _
from zonary.common.page_words import later
from zonary.engines.clauses.language import MAX_LENGTH
from zonary.services.incentives.editing.rules import GROUPS, Asked, Content, Group
from zonary.services.incentives.library.forms import a_day

_KINDS = {
    "money": "Money",
    "count": "A count of people or things",
    "area": "Area",
    "number": "Another measure",
    "share": "A share in per cent",
    "date": "A day",
    "event": "The last time something happened",
    "flag": "Yes or no",
    "listing": "Being on a list of enterprises",
    "credential": "A certificate with a last day",
    "judgement": "What a person finds",
}
_JUDGING = {"machine": "From data", "human": "A person finds", "promise": "The enterprise promises"}
_UNKNOWN = {"ask": "Say what is missing", "promise": "May be promised", "fail": "Counts against it"}
_HOW = {"any": "at least one of them", "at-least": "at least so many of them", "none": "none of them"}


def _choices(words: dict[str, str]) -> Any:
    return lambda: [(key, _(name)) for key, name in words.items()]


class VersionedForm(forms.Form):
    """``version`` is that which the page was made from: who changed the draft meanwhile is not overwritten unseen."""

    version = forms.IntegerField(widget=forms.HiddenInput())


class BeginForm(forms.Form):
    pack = forms.CharField(
        label=later("Short name of the rules"),
        help_text=later("Small letters, digits and hyphens. The name of released rules makes their next release."),
        max_length=60,
    )
    title_english = forms.CharField(label=later("Title of the document in English"), max_length=200)
    item_title = forms.CharField(label=later("What an enterprise gets"), max_length=200)
    item_title_english = forms.CharField(label=later("Title in English"), max_length=200)
    first = a_day(later("In force from"))


class AgainForm(forms.Form):
    """``editions``: of documents the next edition may be written from, number of the edition and what it is called."""

    edition = forms.ChoiceField(label=later("Written from"))
    first = a_day(later("The new edition is in force from"))

    def __init__(self, *given: Any, editions: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        fields: dict[str, Any] = self.fields
        fields["edition"].choices = editions


class ClauseForm(VersionedForm):
    id = forms.CharField(widget=forms.HiddenInput(), required=False)
    sentence = forms.CharField(
        label=later("Sentence"),
        help_text=later("The rule as the controlled Chinese says it; it is checked while you type."),
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    article = forms.CharField(label=later("Article"), help_text=later("Such as 第三条第（二）项."), max_length=200)
    quote = forms.CharField(
        label=later("Words of the document"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    judging = forms.ChoiceField(label=later("How it is found"), choices=_choices(_JUDGING))
    when_unknown = forms.ChoiceField(label=later("When the data are not known"), choices=_choices(_UNKNOWN))

    def __init__(self, *given: Any, check: str, **more: Any) -> None:
        """:param check: where a sentence is looked at while it is typed."""
        super().__init__(*given, **more)
        told = {
            "hx-get": check,
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#check",
            "hx-include": "[name=quote], [name=article]",
            "hx-swap": "outerHTML",
        }
        self.fields["sentence"].widget.attrs.update(told)

    def clause(self) -> dict[str, str]:
        given = self.cleaned_data
        clause = {name: given[name].strip() for name in ("id", "sentence", "article", "quote")}
        usual = {"judging": "machine", "when_unknown": "ask"}
        clause["quote"] = clause["quote"].replace("\r\n", "\n")
        return clause | {name: given[name] for name, value in usual.items() if given[name] != value}


class ItemForm(VersionedForm):
    """An item, and of each clause whether all of it asks for it."""

    id = forms.CharField(widget=forms.HiddenInput(), required=False)
    title = forms.CharField(label=later("What an enterprise gets"), max_length=200)
    title_english = forms.CharField(label=later("Title in English"), max_length=200)
    first = a_day(later("In force from"))
    last = a_day(later("In force until"), required=False)
    amount = forms.ChoiceField(label=later("Table that gives the amount"), required=False)

    def __init__(self, *given: Any, content: Content, amounts: list[str], asked: Asked | None, **more: Any) -> None:
        super().__init__(*given, **more)
        self.content = content
        fields: dict[str, Any] = self.fields
        fields["amount"].choices = [("", "–"), *((each, each) for each in amounts)]
        if asked is None:
            return
        roles = [("", _("not asked for")), ("all", _("required")), *((g, _("group {name}", name=g)) for g in GROUPS)]
        for clause in content["clauses"]:
            name = f"clause-{clause['id']}"
            fields[name] = forms.ChoiceField(label=clause["sentence"], choices=roles, required=False)
            fields[name].initial = "all" if clause["id"] in asked.required else ""
        for group, name in zip([*asked.groups, *[None] * len(GROUPS)], GROUPS, strict=False):
            fields[f"how-{name}"] = forms.ChoiceField(
                label=_("Of group {name}", name=name), choices=_choices(_HOW), required=False,
                initial=group.how if group else "any",
            )  # fmt: skip
            fields[f"count-{name}"] = forms.IntegerField(
                label=_("How many of group {name}", name=name), required=False, min_value=1, max_value=200,
                initial=group.count if group else 1,
            )  # fmt: skip
            for clause_id in group.clauses if group else ():
                fields[f"clause-{clause_id}"].initial = name

    def asked(self) -> Asked:
        given = self.cleaned_data
        roles = {each["id"]: given.get(f"clause-{each['id']}", "") for each in self.content["clauses"]}
        groups = tuple(
            Group(
                how=given.get(f"how-{name}") or "any",
                count=given.get(f"count-{name}") or 1,
                clauses=tuple(id for id, role in roles.items() if role == name),
            )
            for name in GROUPS
        )
        return Asked(required=tuple(id for id, role in roles.items() if role == "all"), groups=groups)


class TermForm(VersionedForm):
    id = forms.CharField(
        label=later("Short name"),
        help_text=later(
            "Small letters, digits and hyphens. With that of a term of the dictionary its data are asked under another "
            "name, or by the year."
        ),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "dictionary", "autocomplete": "off"}),
    )
    name = forms.CharField(label=later("Name in sentences"), max_length=200)
    name_english = forms.CharField(label=later("Name in English"), max_length=200)
    kind = forms.ChoiceField(label=later("What kind of datum it is"), choices=_choices(_KINDS))
    annual = forms.BooleanField(label=later("One value for each year"), required=False)
    unit = forms.CharField(
        label=later("Measure word"),
        help_text=later("Of a count or another measure, such as 人."),
        max_length=20,
        required=False,
    )
    unit_english = forms.CharField(label=later("Measure word in English"), max_length=60, required=False)
    source = forms.CharField(label=later("Where the datum comes from"), max_length=200, required=False)

    def term(self) -> dict[str, Any]:
        given = self.cleaned_data
        term: dict[str, Any] = {
            "id": given["id"],
            "name": {"zh": given["name"], "en": given["name_english"]},
            "kind": given["kind"],
            "annual": given["annual"],
            "source": given["source"],
        }
        if given["unit"]:
            term["unit"] = {"zh": given["unit"], "en": given["unit_english"] or given["unit"]}
        return term


class ParameterForm(VersionedForm):
    name = forms.CharField(label=later("Name"), help_text=later("In sentences it stands as 【name】."), max_length=200)
    name_english = forms.CharField(label=later("Name in English"), max_length=200, required=False)
    amount = forms.CharField(
        label=later("Value with its unit"), help_text=later("Such as 100万元 or 3%."), max_length=60
    )
    first = a_day(later("In force from"))
    last = a_day(later("In force until"), required=False)
    citation = forms.CharField(label=later("Where it is set"), max_length=200)


class ProposeForm(VersionedForm):
    note = forms.CharField(label=later("What changes, in a few words"), max_length=200)
