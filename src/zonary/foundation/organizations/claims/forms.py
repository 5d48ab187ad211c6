"""What an officer fills in to decide on a claim."""

from __future__ import annotations

from django import forms

from zonary.common.page_words import later
from zonary.foundation.organizations.rules import COMPARED, MAX_STATEMENT


class ClaimDecisionForm(forms.Form):
    compared = forms.ChoiceField(
        label=later("What you compared the claim with"),
        choices=[("", later("Nothing was shown")), *((key, later(label)) for key, label in COMPARED.items())],
        help_text=later("Needed to confirm. It becomes part of the record for good."),
        required=False,
    )
    answer = forms.CharField(
        label=later("Why it is refused"),
        help_text=later("Needed to refuse. Whoever made the claim reads it."),
        max_length=MAX_STATEMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
