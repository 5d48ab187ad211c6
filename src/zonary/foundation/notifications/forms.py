from __future__ import annotations

from django import forms

from zonary.common.page_words import later
from zonary.foundation.notifications.rules import MAX_URL
from zonary.foundation.notifications.schemas import MAX_KINDS
from zonary.foundation.organizations.happenings import HAPPENINGS


class WebhookForm(forms.Form):
    url = forms.CharField(
        label=later("Where to post"),
        help_text=later("An address of yours that begins with https:// and takes POST."),
        max_length=MAX_URL,
    )
    kinds = forms.CharField(
        label=later("Kinds of events"),
        help_text=later("As the receipts name them, separated by spaces, at most nine; leave it empty for all."),
        max_length=MAX_KINDS * 97,
        required=False,
    )

    def clean_kinds(self) -> list[str]:
        asked = sorted(set(self.cleaned_data["kinds"].split()))
        for kind in asked:
            if kind not in HAPPENINGS:
                raise forms.ValidationError(later("There is no kind of event “{kind}”.", kind=kind[:40]))
        if len(asked) > MAX_KINDS:
            raise forms.ValidationError(later("Choose at most {most} kinds, or none for all.", most=MAX_KINDS))
        return asked
