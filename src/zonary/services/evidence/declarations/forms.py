"""What people write into the page."""

from __future__ import annotations

from typing import Any

from django import forms

from zonary.common.language import _
from zonary.common.page_words import later
from zonary.services.evidence.declarations.events import TOPICS
from zonary.services.evidence.declarations.rules import MAX_TEXT, MAX_WHO, Said


def topics() -> list[tuple[str, str]]:
    """In the reader's language."""
    return [(topic, _(name)) for topic, name in TOPICS.items()]


class DeclarationForm(forms.Form):
    topic = forms.ChoiceField(label=later("Topic"), choices=topics)
    text = forms.CharField(
        label=later("What is declared"),
        help_text=later(
            "For example where it comes from, who made it and how, where it was kept and who could change it, or who "
            "bears it out."
        ),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    who = forms.CharField(
        label=later("Who did it"),
        help_text=later("The person or organisation that made it, kept it or handed it on."),
        max_length=MAX_WHO,
        required=False,
    )
    happened_on = forms.DateField(
        label=later("Day it happened on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")  # as browsers send what was typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.said().is_plain():
            raise forms.ValidationError(later("Write text that can be read, with nothing hidden in it."))
        return cleaned

    def said(self) -> Said:
        return Said(**self.cleaned_data)
