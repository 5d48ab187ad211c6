"""What people write into the pages."""

from __future__ import annotations

from typing import Any

from django import forms

from zonary.common.page_words import later
from zonary.services.evidence.exporting.forms import receivers
from zonary.services.evidence.sharing.rules import MAX_NAME


class ShareForm(forms.Form):
    uscc = forms.CharField(
        label=later("With the organisation of this unified social credit code"), max_length=40, required=False
    )
    person = forms.CharField(
        label=later("With the person of this public number"),
        help_text=later("They find it on the page of their account."),
        max_length=40,
        required=False,
    )
    name = forms.CharField(
        label=later("With somebody without an account"),
        help_text=later("What you call them. You get a link for them, which is shown once."),
        max_length=MAX_NAME,
        required=False,
    )
    receiver = forms.ChoiceField(
        label=later("Where they are"),
        help_text=later("For somebody abroad you read a notice first, and accept it."),
        choices=receivers,
    )
    until = forms.DateField(label=later("Last day"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and sum(bool(cleaned.get(each)) for each in ("uscc", "person", "name")) != 1:
            raise forms.ValidationError(later("Fill in exactly one of the first three: with whom it is shared."))
        return cleaned


class EraseForm(forms.Form):
    reason = forms.CharField(
        label=later("Reason"),
        max_length=200,
        help_text=later("It becomes part of the record: never put into it what is being erased."),
    )
