"""What officers write into the pages of policy documents."""

from __future__ import annotations

from typing import Any

from django import forms

from zonary.common.language import say
from zonary.common.page_words import later
from zonary.proof.errors import Error
from zonary.services.incentives.library import queries, rules
from zonary.services.incentives.library.actions import (
    MAX_ISSUER,
    MAX_NUMBER,
    MAX_REASON,
    MAX_SOURCE,
    MAX_TITLE,
    Cover,
    Words,
)


def a_day(label: str, *, help_text: str = "", required: bool = True) -> forms.DateField:
    """With the browser's calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class EditionForm(forms.Form):
    """The words, pasted or in a file, and since when they are in force."""

    text = forms.CharField(
        label=later("Text of the document"),
        help_text=later(
            "Paste the whole text. Articles such as 第三条, 一、 or （二） at the beginning of a line are found."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    file = forms.FileField(
        label=later("Or a text file"), help_text=later("Plain text in UTF-8 (.txt)."), required=False
    )
    issued_on = a_day(later("Issued on"))
    first = a_day(later("In force from"), help_text=later("Left empty: from the day it was issued."), required=False)
    last = a_day(later("In force until"), help_text=later("Left empty: until further notice."), required=False)
    source = forms.CharField(
        label=later("Where the text was taken from"),
        help_text=later("The gazette, or the page's address."),
        max_length=MAX_SOURCE,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        try:
            file = cleaned.get("file")
            if file and cleaned.get("text", "").strip():
                raise rules.WrongDocumentError("Paste the text or choose a file, not both.")
            cleaned["text"] = rules.normalised(
                rules.decoded(file.read(rules.MAX_TEXT_BYTES + 1)) if file else cleaned.get("text", "")
            )
        except Error as error:
            self.add_error("file" if cleaned.get("file") else "text", say(error))
        return cleaned

    def words(self) -> Words:
        given = self.cleaned_data
        return Words(
            text=given["text"],
            issued_on=given["issued_on"],
            first=given["first"] or given["issued_on"],
            last=given["last"],
            source=given["source"],
        )


class DocumentForm(EditionForm):
    number = forms.CharField(
        label=later("Document number"), help_text=later("Such as 示范〔2026〕1号."), max_length=MAX_NUMBER
    )
    title = forms.CharField(label=later("Title"), max_length=MAX_TITLE)
    title_english = forms.CharField(label=later("Title in English"), max_length=MAX_TITLE, required=False)
    issuer = forms.CharField(label=later("Issued by"), max_length=MAX_ISSUER)
    field_order = ("number", "title", "title_english", "issuer", "text", "file", "issued_on", "first", "last", "source")

    def cover(self) -> Cover:
        given = self.cleaned_data
        return Cover(**{name: given[name] for name in ("number", "title", "title_english", "issuer")})


class RepealForm(forms.Form):
    by_document = forms.ChoiceField(
        label=later("By which document"),
        help_text=later("Left empty: it ended by itself, as by its own last day."),
        required=False,
    )
    articles = forms.CharField(
        label=later("Articles"),
        help_text=later("Such as 第三条、第五条第（二）项; left empty: the whole document."),
        max_length=200,
        required=False,
    )
    since = a_day(later("No longer in force from"))
    reason = forms.CharField(
        label=later("The words that say so"), help_text=later("Quoted, or in a few words."), max_length=MAX_REASON
    )

    def __init__(self, *given: Any, without: str = "", **more: Any) -> None:
        super().__init__(*given, **more)
        offered: dict[str, Any] = self.fields
        others = [each for each in queries.choices() if each[0] != without]
        offered["by_document"].choices = [("", "–"), *others]
