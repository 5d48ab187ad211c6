"""What pages ask for. Whether it is right is for the actions to say."""

from __future__ import annotations

from typing import Any

from django import forms

from zonary.common.page_words import later
from zonary.foundation.rules.actions import MAX_GROUNDS, MAX_NOTE
from zonary.foundation.rules.models import FairCompetitionReview
from zonary.foundation.rules.wording import conclusion_name


def _conclusions() -> list[tuple[str, Any]]:
    return [(each, conclusion_name(each)) for each in FairCompetitionReview.Conclusion.values]


class NoteForm(forms.Form):
    note = forms.CharField(
        label=later("What changes"),
        max_length=MAX_NOTE,
        help_text=later("For whoever reads the record: a few words."),
    )


class ProposeForm(NoteForm):
    file = forms.FileField(
        label=later("File of the rule pack"),
        help_text=later("JSON of the form zonary-rules/1, at most 4 MiB."),
    )
    field_order = ("file", "note")


class ReviewForm(forms.Form):
    conclusion = forms.ChoiceField(label=later("Conclusion"), choices=_conclusions, widget=forms.RadioSelect)
    grounds = forms.CharField(
        label=later("Grounds"),
        max_length=MAX_GROUNDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=later("Why it keeps competition fair; of an exception which one, and until when."),
    )
    document = forms.CharField(
        label=later("SHA-256 of the reviewer's paper"), max_length=64, required=False, strip=True
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=later("Reason"), max_length=MAX_NOTE)
