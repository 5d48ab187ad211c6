from __future__ import annotations

from django import forms

from zonary.common.page_words import later
from zonary.services.incentives.matching.rules import MAX_BASIS, MAX_FINDING, MAX_REASON


class PromiseForm(forms.Form):
    """``words`` is the digest of what was shown; the person only ticks that they mean it."""

    words = forms.CharField(widget=forms.HiddenInput, min_length=64, max_length=64)
    agreed = forms.BooleanField(label=later("We have read this and promise it"))


class NotForUsForm(forms.Form):
    reason = forms.CharField(
        label=later("Why is it not for you"),
        max_length=MAX_REASON,
        help_text=later("One sentence. The zone reads it to make its measures better."),
    )


class CheckForm(forms.Form):
    outcome = forms.ChoiceField(
        label=later("What the look showed"),
        choices=[("kept", later("Promise kept")), ("broken", later("Promise broken"))],
        widget=forms.RadioSelect,
    )
    finding = forms.CharField(
        label=later("Finding"),
        max_length=MAX_FINDING,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=later("What was looked at, when, and what it showed. The enterprise reads it."),
    )


class LiftForm(forms.Form):
    basis = forms.CharField(
        label=later("Number of the decision that repaired the credit"),
        max_length=MAX_BASIS,
        help_text=later("As it stands on the decision of the authority, or of credit China (信用中国)."),
    )
    repaired_on = forms.DateField(
        label=later("Day of that decision"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
