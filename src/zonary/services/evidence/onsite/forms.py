"""What people write before they begin."""

from __future__ import annotations

from typing import Any

from django import forms

from zonary.common.language import _
from zonary.common.page_words import later
from zonary.services.evidence.forms import subjects
from zonary.services.evidence.onsite.rules import MAX_PLACE, MAX_SHOWS, Plan
from zonary.services.evidence.rules import MAX_TITLE


def media() -> list[tuple[str, str]]:
    """In the reader's language."""
    return [
        ("photo", _("Photograph: the code stands in the picture")),
        ("video", _("Film: the code is said aloud")),
        ("audio", _("Sound recording: the code is said aloud")),
    ]


class PlanForm(forms.Form):
    medium = forms.ChoiceField(label=later("What is made"), choices=media, widget=forms.RadioSelect, initial="video")
    title = forms.CharField(
        label=later("What it is for"),
        help_text=later("The title of the evidence. Only those who act for you see this."),
        max_length=MAX_TITLE,
    )
    subject = forms.ChoiceField(label=later("What it is about"), choices=subjects, required=False)
    place = forms.CharField(
        label=later("Place, as you declare it"),
        help_text=later("For example the address, the stall or the machine. Nobody checks it."),
        max_length=MAX_PLACE,
        required=False,
    )
    shows = forms.CharField(
        label=later("What it will show, as you declare it"),
        max_length=MAX_SHOWS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_shows(self) -> str:
        return str(self.cleaned_data["shows"]).replace("\r\n", "\n")  # as browsers send what was typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.plan().is_plain():
            raise forms.ValidationError(later("Write text that can be read, with nothing hidden in it."))
        return cleaned

    def plan(self) -> Plan:
        return Plan(**self.cleaned_data)
